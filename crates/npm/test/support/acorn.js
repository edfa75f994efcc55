// A real program, instrumented: acorn parses itself.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { instrumentFile, tally, temporaryFolder } from "./product.js";

const require = createRequire(import.meta.url);
export const REGISTER = fileURLToPath(new URL("../../runtime/node/register.cjs", import.meta.url));

/** Makes a folder with `work.cjs`, which does the work when it is loaded, and the build's `acorn.cjs.mapping`. */
export async function prepare(context, ids = "vlq") {
  const folder = temporaryFolder(context);
  const acorn = require.resolve("acorn");
  copyFileSync(acorn, join(folder, "acorn.js"));
  instrumentFile(join(folder, "acorn.js"), join(folder, "acorn.cjs"), { ids, sourceType: "commonjs" });
  writeFileSync(
    join(folder, "work.cjs"),
    `const source = require("node:fs").readFileSync(${JSON.stringify(acorn)}, "utf8");
    require("./acorn.cjs").parse(source, { ecmaVersion: "latest" });`,
  );
  const plain = await run(folder, `require("./work.cjs"); console.log(JSON.stringify(ist_arr));`);
  return { folder, hits: tally(JSON.parse(plain.stdout)) };
}

/** Runs a program in the folder; how it ended, as seen from outside. */
export async function run(folder, program, { args = [], env = {}, name = "program.cjs", during } = {}) {
  writeFileSync(join(folder, name), program);
  const child = spawn(process.execPath, [...args, name], { cwd: folder, env: { ...process.env, ...env } });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
    during?.(child),
  ]);
  return { code, signal, stdout, stderr };
}

/** The reports of all files in a folder. */
export function readReports(folder) {
  const names = readdirSync(folder);
  return names.flatMap((name) =>
    readFileSync(join(folder, name), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
}

export function sumOf(reports) {
  const counts = {};
  for (const report of reports) {
    for (const [id, hits] of Object.entries(report.counts)) counts[id] = (counts[id] ?? 0) + hits;
  }
  return counts;
}

export const times = (factor, hits) => Object.fromEntries(Object.entries(hits).map(([id, n]) => [id, n * factor]));
