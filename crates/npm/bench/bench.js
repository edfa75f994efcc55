// `npm run bench [-- ROUNDS [PROGRAM...]]`: what counting costs real programs, as a ratio of CPU time to the same
// program without it, for both runtimes and what else there is. All take turns; a ratio is that of medians.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { BUILT } from "../scripts/browser.js";
import { buildProgram, PROGRAMS } from "./build.js";

const SAMPLE = fileURLToPath(new URL("sample.js", import.meta.url));

/** In milliseconds of CPU time. */
const WARM_UP = 800;
const MEASURED = 800;

/** `code` is a text that `buildProgram` makes, `counter` one of sample.js. */
const VARIANTS = [
  { name: "plain", code: "plain", counter: "none" },
  // No runtime can cost less.
  { name: "numbers, a push that does nothing", code: "number", counter: "nothing" },
  { name: "numbers, browser runtime", code: "number", counter: "browser" },
  { name: "numbers, Node runtime", code: "number", counter: "node" },
  { name: "VLQ, browser runtime", code: "vlq", counter: "browser" },
  { name: "VLQ, Node runtime", code: "vlq", counter: "node" },
  { name: "VLQ, bare array counted between iterations", code: "vlq", counter: "array" },
  { name: "Istanbul", code: "istanbul", counter: "none" },
  { name: "V8 block coverage", code: "plain", counter: "v8" },
];

const [rounds = "5", ...chosen] = process.argv.slice(2);
const unknown = chosen.filter((name) => !PROGRAMS.includes(name));
if (unknown.length > 0) throw new Error(`no program ${unknown}: there are ${PROGRAMS.join(", ")}`);

const folder = mkdtempSync(join(tmpdir(), "pathlight-bench-"));
try {
  bench(chosen.length > 0 ? chosen : PROGRAMS, Number(rounds));
} finally {
  rmSync(folder, { recursive: true });
}

function bench(programs, rounds) {
  const texts = programs.map((name) => buildProgram(name, folder));
  const times = VARIANTS.map(() => programs.map(() => []));
  for (let round = 0; round < rounds; round++) {
    texts.forEach((text, program) => {
      VARIANTS.forEach(({ code, counter }, variant) => times[variant][program].push(sample(counter, text[code])));
    });
  }
  const [plain, ...counted] = times.map((ofPrograms) => ofPrograms.map(median));
  const header = ["CPU time, ratio to plain", ...programs, "mean"];
  const rows = counted.map((medians, index) => {
    const ratios = medians.map((time, program) => time / plain[program]);
    return [VARIANTS[index + 1].name, ...[...ratios, geometricMean(ratios)].map((ratio) => ratio.toFixed(2))];
  });
  console.log([header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
  const text = readFileSync(BUILT);
  console.log(`\nbrowser.min.js: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} with gzip`);
}

function sample(counter, program) {
  // One thread, so that the work of the compiler and of the garbage collector is in the time.
  const flags = ["--single-threaded", "--max-old-space-size=4096"];
  const values = [SAMPLE, counter, program, WARM_UP, MEASURED];
  return Number(execFileSync(process.execPath, [...flags, ...values], { encoding: "utf8" }));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
