import * as z from "zod";
import ask from "../shared/zod.mjs";
await ask(z);
