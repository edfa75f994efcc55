// Source trees to be bundled: our programs, and copies of the libraries that are instrumented with them.

import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const D3 = ["d3-array", "d3-color", "d3-format", "d3-interpolate", "d3-path", "d3-scale", "d3-shape", "d3-time", "d3-time-format", "internmap"];
export const LIBRARIES = ["lodash-es", "rxjs", "date-fns", ...D3];

// Other builds of the same code, and date-fns' ninety languages, would only cost time.
const LEFT_OUT = /\/(types|cjs|bundles|fp|test)$|\/rxjs\/(src|dist\/esm5)$|\/date-fns\/locale\/(?!en-US|_lib)|\.(c[jt]s|map|d\.ts|md)$|cdn(\.min)?\.js$/;

// Makes `out` with `programs` and `libraries`. rxjs has its modules behind a condition that Node does not ask for.
export function plant(out, scripts, programs, libraries) {
  rmSync(out, { recursive: true, force: true });
  for (const program of programs) cpSync(join(scripts, "programs", program), join(out, program), { recursive: true });
  for (const library of libraries) {
    cpSync(join("node_modules", library), join(out, "node_modules", library), {
      recursive: true,
      filter: (path) => !LEFT_OUT.test(path),
    });
  }
  if (libraries.includes("rxjs")) {
    editPackage(join(out, "node_modules/rxjs"), (json) => {
      const exports = { ".": "./dist/esm/index.js", "./operators": "./dist/esm/operators/index.js" };
      Object.assign(json, { type: "module", exports });
    });
  }
}

export function editPackage(folder, edit) {
  const path = join(folder, "package.json");
  const json = JSON.parse(readFileSync(path, "utf8"));
  edit(json);
  writeFileSync(path, JSON.stringify(json, null, 2));
}

// Instruments a whole tree to a folder beside it.
export function instrument(pathlight, tree, out, ...flags) {
  rmSync(join(tree, "..", out), { recursive: true, force: true });
  const inputs = readdirSync(tree).sort();
  const all = ["instrument", ...inputs, "--out-dir", join("..", out), "--mapping", join("..", `${out}.mapping`), "--copy-others", "--quiet"];
  execFileSync(pathlight, [...all, ...flags], { cwd: tree, stdio: "inherit" });
}
