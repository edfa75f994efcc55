import * as z from "../sources/zod/index.js";
import ask from "../shared/zod.mjs";
await ask(z);
