// node judge.mjs PATHLIGHT: every program of test262-parser-tests, read by V8 and by pathlight: as JavaScript, and as
// TypeScript whose types are stripped. A row of `accepted.tsv` is a program on which they differ in effect, and why:
// `refused` by pathlight and valid to V8, `mended` where V8 refuses the program and takes the output.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";
import * as tally from "./tally.mjs";

const [pathlight] = process.argv.slice(2);
const tests = dirname(createRequire(import.meta.url).resolve("test262-parser-tests/package.json"));
const folders = ["pass", "pass-explicit", "early", "fail"];
const trees = "trees";
const isModule = (file) => file.endsWith(".module.js");

/** Whether V8 takes a text, without running it. */
function isValid(text, module) {
  try {
    if (module) new vm.SourceTextModule(text);
    else new vm.Script(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Instruments all programs of one kind; those that pathlight refuses, with its reasons. */
function instrument(kind, language) {
  const tree = join(trees, `${kind}-${language}`), input = join(tree, "in"), output = join(tree, "out");
  for (const folder of folders) {
    mkdirSync(join(input, folder), { recursive: true });
    for (const file of readdirSync(join(tests, folder))) {
      if (isModule(file) === (kind === "module")) {
        cpSync(join(tests, folder, file), join(input, folder, file.replace(/js$/, language)));
      }
    }
  }
  const args = ["instrument", input, "--out-dir", output, "--mapping", join(tree, "mapping"), "--verify"];
  const flags = ["--source-type", kind, "--keep-going", "--json", "--quiet"];
  if (language === "ts") flags.push("--strip-types");
  const summary = execFileSync(pathlight, [...args, ...flags], { encoding: "utf8", maxBuffer: 1 << 26 });
  const refused = new Map();
  for (const note of JSON.parse(summary).notes) {
    const [, file, reason] = /^copied without probes: .*?([\w-]+\/[\w.-]+\.[jt]s):?\d*:?\d*: (.*)/s.exec(note) ?? [];
    if (file) refused.set(file, reason);
  }
  return { input, output, refused };
}

const accepted = new Map();
for (const line of readFileSync(new URL("accepted.tsv", import.meta.url), "utf8").split("\n")) {
  const [kind, file, reason] = line.split("\t");
  if (file && !line.startsWith("#")) accepted.set(`${kind}\t${file}`, reason);
}

function differ(kind, file, what) {
  const reason = accepted.get(`${kind}\t${file}`);
  if (!reason) return tally.fail(`not in accepted.tsv: ${kind} ${file}: ${what}`);
  accepted.delete(`${kind}\t${file}`);
  tally.except(`${kind} programs, ${reason}`, "see accepted.tsv");
}

rmSync(trees, { recursive: true, force: true });
for (const kind of ["script", "module"]) for (const language of ["js", "ts"]) judge(kind, language);

function judge(kind, language) {
  const { input, output, refused } = instrument(kind, language);
  for (const folder of folders) {
    for (const file of readdirSync(join(input, folder))) {
      const name = `${folder}/${file}`, text = readFileSync(join(input, name), "utf8");
      const before = isValid(text, kind === "module");
      // What is refused is copied as it is.
      const stripped = refused.has(name) ? name : name.replace(/ts$/, "js");
      const after = isValid(readFileSync(join(output, stripped), "utf8"), kind === "module");
      tally.add("programs");
      if (before && refused.has(name)) differ("refused", name, `${refused.get(name)}: ${text}`);
      else if (before && !after) tally.fail(`${name}: V8 takes the program and not the output: ${text}`);
      else if (!before && after) differ("mended", name, text);
      else tally.add(before ? "valid to V8, so is the output" : refused.has(name) ? "no program to both" : "no program to V8, nor is the output");
    }
  }
}
for (const row of accepted.keys()) tally.fail(`accepted.tsv is stale: ${row}`);
tally.print();
