// `npm run bench [-- ROUNDS]`: what the probes of real libraries cost with each runtime, as a ratio of CPU time to
// the same library without probes. Variants take turns; the ratio is the median over the rounds.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { instrumentFile } from "../test/support/product.js";
import { BUILT } from "../scripts/browser.js";
import { PROGRAMS } from "./programs.js";

const SAMPLE = fileURLToPath(new URL("sample.js", import.meta.url));
const ROUNDS = Number(process.argv[2] ?? 5);

const VARIANTS = [
  { name: "numbers, Node runtime", runtime: "node", ids: "number" },
  { name: "numbers, browser runtime", runtime: "browser", ids: "number" },
  { name: "VLQ, Node runtime", runtime: "node", ids: "vlq" },
  { name: "VLQ, browser runtime", runtime: "browser", ids: "vlq" },
  { name: "VLQ, bare array counted between iterations", runtime: "array", ids: "vlq" },
];

const folder = mkdtempSync(join(tmpdir(), "pathlight-bench-"));
try {
  bench();
} finally {
  rmSync(folder, { recursive: true });
}

function bench() {
  const codes = PROGRAMS.map(({ name, file }) => codeOf(name, file));
  const ratios = VARIANTS.map(() => PROGRAMS.map(() => []));
  for (let round = 0; round < ROUNDS; round++) {
    PROGRAMS.forEach((program, index) => {
      const plain = sample("plain", codes[index].plain, index);
      VARIANTS.forEach(({ runtime, ids }, variant) => {
        ratios[variant][index].push(sample(runtime, codes[index][ids], index) / plain);
      });
    });
  }
  const header = ["CPU time, ratio to plain", ...PROGRAMS.map(({ name }) => name), "mean"];
  const rows = VARIANTS.map(({ name }, variant) => {
    const medians = ratios[variant].map(median);
    return [name, ...[...medians, geometricMean(medians)].map((ratio) => ratio.toFixed(2))];
  });
  console.log([header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
  const text = readFileSync(BUILT);
  console.log(`\nbrowser.min.js: ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} with gzip`);
}

/** The files of a program: as it is, and with probes in both forms. */
function codeOf(name, file) {
  const code = {};
  for (const form of ["plain", "number", "vlq"]) {
    code[form] = join(folder, `${name}-${form}.cjs`);
    if (form === "plain") writeFileSync(code[form], readFileSync(file));
    else instrumentFile(file, code[form], { ids: form, sourceType: "commonjs" });
  }
  return code;
}

function sample(variant, code, index) {
  // One thread, so that the work of the compiler and of the garbage collector is in the time.
  const flags = ["--single-threaded", "--max-old-space-size=4096"];
  return Number(execFileSync(process.execPath, [...flags, SAMPLE, variant, code, index], { encoding: "utf8" }));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function geometricMean(values) {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
