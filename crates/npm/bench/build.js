// Each program as one file, libraries and all; then with the probes or counters of each instrument in all of it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { createInstrumenter } from "istanbul-lib-instrument";
import { instrumentFile } from "../test/support/product.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const inPackage = (path) => here(`node_modules/${path}`);

export const PROGRAMS = readdirSync(here("programs"))
  .map((name) => basename(name, ".js"))
  .filter((name) => name !== "texts");

const DEFINITIONS = {
  "process.env.NODE_ENV": '"production"',
  JAVASCRIPT_FILE: JSON.stringify(inPackage("lodash/lodash.js")),
  MARKDOWN_FILES: JSON.stringify(
    ["markdown-it", "acorn", "postcss", "planck"].map((name) => inPackage(`${name}/README.md`)),
  ),
};

/** The paths of a program's texts in `folder`, by instrument. */
export function buildProgram(name, folder) {
  const path = (form) => join(folder, `${name}-${form}.cjs`);
  const files = { plain: path("plain"), number: path("number"), vlq: path("vlq"), istanbul: path("istanbul") };
  buildSync({
    entryPoints: [here(`programs/${name}.js`)],
    outfile: files.plain,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "es2020",
    define: DEFINITIONS,
    logLevel: "warning",
  });
  for (const ids of ["number", "vlq"]) instrumentFile(files.plain, files[ids], { ids, sourceType: "commonjs" });
  const istanbul = createInstrumenter({ esModules: false, produceSourceMap: false, compact: true });
  writeFileSync(files.istanbul, istanbul.instrumentSync(readFileSync(files.plain, "utf8"), files.plain));
  return files;
}
