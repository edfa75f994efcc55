import { generate } from "@babel/generator";
import { parse } from "@babel/parser";
import { JAVASCRIPT } from "./texts.js";

/** Parses a library and prints it again. */
export const work = () => generate(parse(JAVASCRIPT, { sourceType: "script" })).code;
