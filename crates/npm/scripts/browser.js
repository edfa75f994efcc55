// Makes runtime/browser.min.js, a classic script, from runtime/browser.js.

import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { minify } from "terser";

const SOURCE = new URL("../runtime/browser.js", import.meta.url);
export const BUILT = new URL("../runtime/browser.min.js", import.meta.url);

/** The text of the built file. */
export async function built() {
  const source = await readFile(SOURCE, "utf8");
  const script = source.replace("export function start", "self.pathlight = function");
  // As a module, so that the constants are put in place: two copies of the file on a page must not meet.
  const { code } = await minify(script, { ecma: 2018, module: true, compress: { passes: 3, unsafe_arrows: true } });
  return `${code}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(BUILT, await built());
}
