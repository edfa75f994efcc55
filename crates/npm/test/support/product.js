// Instruments with the product, as its users do.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const WORKSPACE = fileURLToPath(new URL("../../../..", import.meta.url));

/** The path of the binary that was built last. */
export function findProduct() {
  if (process.env.PATHLIGHT_BINARY) return process.env.PATHLIGHT_BINARY;
  const target = resolve(WORKSPACE, process.env.CARGO_TARGET_DIR ?? "target");
  const built = ["release", "debug"].map((profile) => join(target, profile, "pathlight")).filter(existsSync);
  if (built.length === 0) throw new Error("no pathlight in target/: run `cargo build --package pathlight` first");
  return built.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/** A folder that is gone after the tests. `context` is node:test's. */
export function temporaryFolder(context) {
  const folder = mkdtempSync(join(tmpdir(), "pathlight-npm-"));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes the instrumented code of the file `input`. `ids`: `vlq` or `number`. */
export function instrumentFile(input, output, { array = "ist_arr", ids = "vlq", sourceType = "script" } = {}) {
  const flags = ["--array-name", array, "--ids", ids, "--source-type", sourceType, "--root", dirname(input), "--quiet"];
  execFileSync(findProduct(), ["instrument", input, ...flags, "--mapping", `${output}.mapping`, "-o", output]);
}

/** The instrumented code of these files of a folder, which are one build and may use the array themselves. */
export function instrumentFiles(folder, names) {
  const inputs = names.map((name) => join(folder, name));
  const outputs = ["--mapping", join(folder, "mapping"), "--out-dir", join(folder, "out")];
  const externs = join(WORKSPACE, "externs/ist_arr.js");
  execFileSync(findProduct(), ["instrument", ...inputs, ...outputs, "--externs", externs, "--root", folder, "--quiet"]);
  return names.map((name) => readFileSync(join(folder, "out", name), "utf8"));
}

/** The instrumented code of a program. */
export function instrument(context, source, options) {
  const folder = temporaryFolder(context);
  const input = join(folder, "program.js");
  const output = join(folder, "output.js");
  writeFileSync(input, source);
  instrumentFile(input, output, options);
  return readFileSync(output, "utf8");
}

/** Number of times that each item is in an array. */
export function tally(items) {
  const counts = {};
  for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  return counts;
}
