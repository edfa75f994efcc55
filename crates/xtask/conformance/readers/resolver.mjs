// Loaded before an unbundled program: import specifiers without an extension, which bundlers understand.
import { register } from "node:module";

const hook = `export async function resolve(specifier, context, next) {
  const ends = specifier.startsWith(".") ? ["", ".js", "/index.js"] : [""];
  for (const end of ends) {
    try { return await next(specifier + end, context); } catch (error) { if (end === ends.at(-1)) throw error; }
  }
}`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
