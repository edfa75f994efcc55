import { parse } from "acorn";
import { JAVASCRIPT } from "./texts.js";

/** Parses a library. */
export const work = () => parse(JAVASCRIPT, { ecmaVersion: "latest" });
