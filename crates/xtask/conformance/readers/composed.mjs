// Input source maps: what TypeScript, esbuild and terser made is instrumented, and our maps lead to the TypeScript
// that people wrote. The second opinion is our own map to the compiled file, composed with the compiler's by
// @jridgewell/trace-mapping.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { AnyMap, decodedMappings, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import { COMPILERS } from "./compilers.mjs";
import { readAlike } from "./readers.mjs";
import { SHAPES } from "./shapes.mjs";
import * as tally from "./tally.mjs";
import { Text, tie } from "./texts.mjs";

const [pathlight] = process.argv.slice(2);
const FILES = [
  "rxjs/src/internal/Observable.ts",
  "rxjs/src/internal/Subscriber.ts",
  "rxjs/src/internal/operators/groupBy.ts",
  "rxjs/src/internal/scheduler/VirtualTimeScheduler.ts",
  "zod/src/v4/core/schemas.ts",
  "zod/src/v4/core/util.ts",
];

rmSync("composed", { recursive: true, force: true });
mkdirSync("composed");
process.chdir("composed");
for (const file of FILES) write(join("src", file), readFileSync(join("../node_modules", file), "utf8"));
for (const [name, compile] of COMPILERS) {
  for (const file of FILES) {
    const { code, map } = await compile(join("src", file));
    const path = join("mid", name, file.replace(/ts$/, "js"));
    write(path, `${code}\n//# sourceMappingURL=${path.split("/").at(-1)}.map\n`);
    write(`${path}.map`, JSON.stringify(map(dirname(path))));
  }
}
for (const [name, { code, map }] of Object.entries(SHAPES)) {
  write(join("mid/shapes", `${name}.js`), `${code}\n//# sourceMappingURL=${name}.js.map\n`);
  write(join("mid/shapes", `${name}.js.map`), JSON.stringify(map));
}
for (const [name] of COMPILERS) for (const file of FILES) await judge(name, join(name, file.replace(/ts$/, "js")));
for (const name of Object.keys(SHAPES)) await judge("shapes of input maps", join("shapes", `${name}.js`));
tally.print();

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

// By itself, so that ids and with them columns are the same in both runs if the probes are.
function instrument(path, out, ...flags) {
  const all = ["instrument", join("mid", path), "--out-file", join(out, path), "--source-maps", "file", "--quiet"];
  execFileSync(pathlight, [...all, "--mapping", `${out}.mapping`, ...flags], { stdio: "inherit" });
}

async function judge(group, path) {
  try {
    instrument(path, "followed");
    instrument(path, "direct", "--no-input-source-maps");
    await check(group, path);
  } catch (error) {
    tally.fail(`${path}: ${error.message}`);
  }
}

async function check(group, path) {
  const { trace, segments } = await readAlike(readFileSync(`followed/${path}.map`, "utf8"));
  const input = open(`mid/${path}.map`);
  const ours = open(`followed/${path}.map`);
  tally.add(`input maps: ${group}`);
  tally.add("input maps: segments that all readers read alike", segments.length);
  sameFrame(ours, input);
  sameAsComposed(path, ours, input);
  countTokens(readFileSync(`followed/${path}`, "utf8"), segments, trace);
}

// A map at its place; one of sections as the flat one that says the same.
function open(path) {
  return new AnyMap(JSON.parse(readFileSync(path, "utf8")), pathToFileURL(join(process.cwd(), path)).href);
}

// The same originals, wherever the map stands. A list of nothing is as good as no list.
function sameFrame(ours, input) {
  const urls = (map) => map.resolvedSources.map((url) => new URL(url).href);
  const contents = (map) => map.sources.map((_, at) => map.sourcesContent?.[at] ?? null);
  const ignored = (map) => map.ignoreList ?? [];
  for (const of of [urls, contents, ignored]) {
    const [found, expected] = [of(ours), of(input)].map((value) => JSON.stringify(value).slice(0, 300));
    if (found !== expected) throw new Error(`${of.name}: ${found}, the input's map has ${expected}`);
  }
}

// Where both runs planted the same probes, one map is the other followed through the compiler's.
function sameAsComposed(path, ours, input) {
  if (readFileSync(`followed/${path}`, "utf8") !== readFileSync(`direct/${path}`, "utf8")) {
    tally.add("input maps: files with code that no one wrote, which has no probe");
    return;
  }
  const direct = new TraceMap(JSON.parse(readFileSync(`direct/${path}.map`, "utf8")));
  const expected = decodedMappings(direct).map((line) => composeLine(line, input));
  const found = decodedMappings(ours).map((line) => line.map((segment) => named(segment, ours)));
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    const line = found.findIndex((line, at) => JSON.stringify(line) !== JSON.stringify(expected[at]));
    throw new Error(`line ${line + 1}: ${JSON.stringify(found[line])}, composed: ${JSON.stringify(expected[line])}`);
  }
  tally.add("input maps: files equal to the two maps composed");
}

function named([column, source, line, originalColumn, name], { names }) {
  return source === undefined ? [column] : [column, source, line, originalColumn, names[name] ?? null];
}

function composeLine(line, input) {
  const composed = [];
  let last = "[]";
  for (const [column, , originalLine, originalColumn] of line) {
    const found = originalPositionFor(input, { line: originalLine + 1, column: originalColumn });
    const to = found.line === null ? [] : [input.resolvedSources.indexOf(found.source), found.line - 1, found.column, found.name];
    // What repeats the segment before it says nothing, nor does a line that begins with nothing.
    if (JSON.stringify(to) !== last) composed.push([column, ...to]);
    last = JSON.stringify(to);
  }
  return composed;
}

function countTokens(code, segments, { sources, sourcesContent }) {
  const generated = new Text(code);
  const originals = new Map(sources.map((source, at) => [source, sourcesContent?.[at] && new Text(sourcesContent[at])]));
  for (const { line, column, source, originalLine, originalColumn, name } of segments) {
    const original = originals.get(source);
    if (!original) continue;
    const [at, from] = [generated.offset(line, column), original.offset(originalLine, originalColumn)];
    if (at === undefined || from === undefined) throw new Error(`beyond the text: ${line}:${column}`);
    if (name !== null && original.text.startsWith(name, from)) tally.add("input maps: segments whose name stands in the original");
    else if (tie(generated.text, at, original.text, from)) tally.add("input maps: segments that tie a token to itself");
    else tally.except("input maps: other segments", "the compiler wrote another token there");
  }
}
