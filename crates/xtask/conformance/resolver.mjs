// Loaded before a program: import specifiers without an extension, which bundlers and TypeScript understand.

import { register } from "node:module";

register(`data:text/javascript,${encodeURIComponent(`
  export async function resolve(specifier, context, next) {
    const ends = specifier.startsWith(".") ? ["", ".js", "/index.js"] : [""];
    for (const [index, end] of ends.entries()) {
      try {
        return await next(specifier.replace(/\\/$/, "") + end, context);
      } catch (error) {
        if (index === ends.length - 1 || !/MODULE_NOT_FOUND|DIR_IMPORT|INVALID_MODULE_SPECIFIER/.test(error.code)) throw error;
      }
    }
  }
`)}`);
