// Bundlers and minifiers take our output: the program prints what it printed before, every probe that is left is
// known to the mapping, and each is hit as often as in the instrumented program without a bundler.

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { BUNDLERS } from "./bundlers.mjs";
import { MINIFIERS } from "./minifiers.mjs";
import { probesOf } from "./probes.mjs";
import * as tally from "./tally.mjs";
import { instrument, LIBRARIES, plant } from "./trees.mjs";

const [pathlight, isLong] = process.argv.slice(2);
const scripts = dirname(fileURLToPath(import.meta.url));
// Milliseconds; a program that hangs fails.
const TIMEOUT = 60_000;
const FORMS = ["vlq", "number"];
let judged = 0;
const PROGRAMS = [
  { name: "app", typed: "app/main.tsx", stripped: "app/main.js" },
  { name: "library", typed: "library/main.js", stripped: "library/main.js" },
];

rmSync("bundled", { recursive: true, force: true });
plant("bundled/plain", scripts, ["app", "library"], LIBRARIES);
await stripPlainly();
for (const form of FORMS) {
  instrument(pathlight, "bundled/plain", form, "--ids", form);
  instrument(pathlight, "bundled/plain", `${form}-stripped`, "--ids", form, "--strip-types");
}
for (const program of PROGRAMS) {
  const expected = execute(`bundled/plain-stripped/${program.stripped}`);
  if (expected.status !== 0 || !expected.output) throw new Error(`${program.name}: ${expected.errors}`);
  const alone = Object.fromEntries(FORMS.map((form) => [form, unbundled(program, form, expected)]));
  for (const bundler of BUNDLERS) await judge(program, bundler, expected, alone);
  if (program.name === "library") for (const minifier of MINIFIERS) await judge(program, minifier, expected, alone);
}
tally.print();

// The plain tree as JavaScript, by esbuild.
async function stripPlainly() {
  plant("bundled/plain-stripped", scripts, ["library"], LIBRARIES);
  mkdirSync("bundled/plain-stripped/app", { recursive: true });
  for (const file of readdirSync("bundled/plain/app")) {
    const text = readFileSync(`bundled/plain/app/${file}`, "utf8");
    const { code } = await esbuild.transform(text, { loader: file.split(".")[1], jsx: "automatic" });
    const name = file.replace(/tsx?$/, "js");
    writeFileSync(`bundled/plain-stripped/app/${name}`, code.replace(/(\.\/\w+)\.tsx?"/g, '$1.js"'));
  }
}

// Runs a program; with hits if it is instrumented.
function execute(path) {
  const hits = resolve("bundled/hits.json");
  writeFileSync(hits, "{}");
  const args = ["--import", join(scripts, "counter.mjs"), "--import", join(scripts, "resolver.mjs"), path];
  const env = { ...process.env, NODE_ENV: "production", NO_COLOR: "1", TZ: "UTC", HITS: hits };
  const { status, stdout, stderr } = spawnSync("node", args, { env, encoding: "utf8", timeout: TIMEOUT });
  return { status, output: stdout, errors: stderr, hits: JSON.parse(readFileSync(hits, "utf8")) };
}

function unbundled(program, form, expected) {
  const run = execute(`bundled/${form}-stripped/${program.stripped}`);
  if (run.output !== expected.output) tally.fail(`${program.name}, ${form}, no bundler: ${run.output}${run.errors}`);
  tally.add("bundles: programs that run without a bundler as before");
  return run.hits;
}

async function judge(program, bundler, expected, alone) {
  const forms = isLong ? FORMS : [FORMS[judged++ % FORMS.length]];
  let plain;
  for (const form of ["plain", ...forms]) {
    try {
      const tree = bundler.typed ? form : `${form}-stripped`;
      const out = resolve("bundled/out", form, bundler.name.replaceAll(" ", "-"), program.name);
      await bundler.run(resolve("bundled", tree, bundler.typed ? program.typed : program.stripped), out, false);
      const run = execute(join(out, "main.mjs"));
      if (run.output !== expected.output) throw new Error(`it prints ${run.output}${run.errors.slice(-500)}`);
      const files = emitted(out);
      // As many chunks and workers, and what is only for development gone from the same bundles.
      const shape = [files.length, files.some(({ code }) => code.includes("only in development"))].join();
      plain ??= shape;
      if (shape !== plain) throw new Error(`files, development code: ${shape}; of the plain program: ${plain}`);
      if (form === "plain") continue;
      tally.add("bundles: instrumented programs that run as before");
      checkProbes(form, files, run.hits, alone[form]);
    } catch (error) {
      tally.fail(`${program.name}, ${bundler.name}, ${form}: ${error.message.slice(0, 1000)}`);
    }
  }
}

function emitted(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => /js$/.test(name));
  return names.map((name) => ({ name, code: readFileSync(join(folder, name), "utf8") }));
}

function checkProbes(form, files, hits, alone) {
  const known = mappedIds(form);
  const times = new Map();
  for (const id of files.flatMap(({ code }) => probesOf(code))) times.set(id, (times.get(id) ?? 0) + 1);
  if (times.size === 0) throw new Error("no probe is left");
  for (const [id, count] of times) {
    if (!known.has(id)) throw new Error(`probe ${id} is not in the mapping`);
    tally.add("bundles: probes that are left, all in the mapping");
    if (count > 1) tally.except("bundles: probes that are there more than once", "a minifier copied a function to where it is called");
    if (hits.run[id] !== alone.run[id]) throw new Error(`probe ${id}: ${hits.run[id]} hits, ${alone.run[id]} without a bundler`);
    tally.add("bundles: probes with the same hits as without a bundler");
    tally.add("bundles: their hits", hits.run[id] ?? 0);
    if (hits.load[id] !== alone.load[id]) tally.except("bundles: probes hit less while modules load", "unused modules, whose top-level code calls them, are left out");
  }
  const lost = Object.keys(alone.run).filter((id) => !times.has(id));
  if (lost.length > 0) throw new Error(`probes ${lost} are hit without a bundler, and not in the bundle`);
}

// The ids of the mapping as this form spells them.
function mappedIds(form) {
  const mapping = readFileSync(`bundled/${form}.mapping`, "utf8");
  const ids = mapping.split("\n").filter((line) => line && !line.startsWith(" ")).map((line) => line.split(":")[0]);
  return new Set(form === "vlq" ? ids : ids.map((_, at) => String(at + 1)));
}
