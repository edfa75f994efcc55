// Our source maps of real texts: all readers agree, every segment ties a token to itself, and swc's own map of the
// same text says nothing that ours does not.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { eachMapping, TraceMap } from "@jridgewell/trace-mapping";
import { readAlike } from "./readers.mjs";
import * as tally from "./tally.mjs";
import { SWC_ENDS, Text, tie } from "./texts.mjs";

const [pathlight] = process.argv.slice(2);
const PROBE = /\bist_arr\.push\("[^"\n]*"\)/g;
const DECLARATION = "globalThis.ist_arr || (globalThis.ist_arr = []);";
const REPLACED = ["source maps: parentheses that only swc's map has", "a probe's own, `(probe, value)`, replace them"];
const REMOVED = ["source maps: segments of sourceMappingURL comments", "they point to the map of another text and are removed"];

process.chdir("maps");
for (const [folder, where] of [["ours", "file"], ["inline", "inline"]]) {
  rmSync(folder, { recursive: true, force: true });
  const flags = ["source", "--out-dir", folder, "--source-maps", where, "--mapping", `${folder}.mapping`, "--quiet"];
  execFileSync(pathlight, ["instrument", ...flags], { stdio: "inherit" });
}
const names = readdirSync("source", { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice("source/".length))
  .sort();
for (const name of names) {
  try {
    await check(name);
  } catch (error) {
    tally.fail(`${name}: ${error.message}`);
  }
}
tally.print();

async function check(name) {
  if (!existsSync(`ours/${name}.map`)) {
    if (readFileSync(`ours/${name}`, "utf8") !== readFileSync(`source/${name}`, "utf8")) throw new Error("no map");
    tally.add("source maps: texts without a probe, left as they are");
    return;
  }
  const json = readFileSync(`ours/${name}.map`, "utf8");
  const code = new Text(readFileSync(`ours/${name}`, "utf8"));
  const source = new Text(readFileSync(`source/${name}`, "utf8"));
  const { trace, segments } = await readAlike(json);
  tally.add("source maps: texts");
  tally.add("source maps: segments that all readers read alike", segments.length);

  checkFrame(name, trace, source, code);
  const ties = new Set();
  let last = [-1, -1];
  for (const segment of segments) {
    const at = code.offset(segment.line, segment.column);
    const from = source.offset(segment.originalLine, segment.originalColumn);
    if (at === undefined || from === undefined) throw new Error(`beyond the text: ${JSON.stringify(segment)}`);
    if (segment.line < last[0] || (segment.line === last[0] && segment.column < last[1])) {
      throw new Error(`not sorted: ${JSON.stringify(segment)}`);
    }
    last = [segment.line, segment.column];
    const kind = tie(code.text, at, source.text, from);
    if (!kind) throw new Error(`not the same token: ${excerpt(code.text, at, source.text, from)}`);
    ties.add(`${kind} ${from}`);
    tally.add(`source maps: segments at a token's ${kind}`);
  }
  checkProbes(name, code, segments);
  compareWithSwc(name, source, ties);
}

// `file`, `sources` and `sourcesContent`, and the inline form of the same map.
function checkFrame(name, trace, source, code) {
  const base = name.split("/").at(-1);
  const up = "../".repeat(name.split("/").length);
  if (trace.file !== base) throw new Error(`file: ${trace.file}`);
  if (trace.sources.length !== 1 || trace.sources[0] !== `${up}source/${name}`) {
    throw new Error(`sources: ${trace.sources}`);
  }
  if (trace.sourcesContent?.[0] !== source.text) throw new Error("sourcesContent is not the source");
  const inline = readFileSync(`inline/${name}`, "utf8");
  const [head, data] = inline.split("//# sourceMappingURL=data:application/json;charset=utf-8;base64,");
  const map = JSON.parse(Buffer.from(data, "base64").toString());
  const expected = JSON.parse(readFileSync(`ours/${name}.map`, "utf8"));
  if (map.mappings !== expected.mappings || map.sources[0] !== expected.sources[0]) throw new Error("inline differs");
  if (`${head}//# sourceMappingURL=${base}.map\n` !== code.text) throw new Error("inline: the code differs");
  tally.add("source maps: inline ones equal to their files");
}

// Both texts around a segment.
function excerpt(generated, at, original, from) {
  const around = (text, offset) => `${JSON.stringify(text.slice(offset - 12, offset))}^${JSON.stringify(text.slice(offset, offset + 12))}`;
  return `${around(generated, at)} from ${around(original, from)}`;
}

// Nothing was written where a probe stands: no segment begins in one.
function checkProbes(name, code, segments) {
  const starts = new Set(segments.map(({ line, column }) => code.offset(line, column)));
  for (const { index, 0: probe } of code.text.matchAll(PROBE)) {
    for (let at = index; at < index + probe.length; at++) {
      if (starts.has(at)) throw new Error(`a segment in the probe at ${at}: ${code.text.slice(at - 20, at + 20)}`);
    }
    tally.add("source maps: probes without a segment of their own");
  }
  if (starts.has(code.text.indexOf(DECLARATION))) throw new Error("a segment at the array's declaration");
}

// A repeated original is written once: `(v)=>` for `v =>` has it at the parenthesis. Where a value with a probe ends,
// its parenthesis comes before the next token. swc's segment of `#x` stands behind the `#`.
function counterparts(kind) {
  const around = { start: ["start, printed around", "end"], end: ["end, printed around"] };
  return kind ? [kind, ...(around[kind] ?? [])] : ["start"];
}

function isParenthesis(kind, source, from) {
  return kind === "end" ? source[from - 1] === ")" : source[from] === "(" || source[from] === ")";
}

// Each segment of swc's map for the same text has a counterpart: the same place in the source, tied the same way.
function compareWithSwc(name, source, ties) {
  const trace = new TraceMap(JSON.parse(readFileSync(`stock/${name}.map`, "utf8")));
  const code = new Text(readFileSync(`stock/${name}`, "utf8"), SWC_ENDS);
  const lines = new Text(source.text, SWC_ENDS);
  const reference = (source.text.lastIndexOf("//# sourceMappingURL=") + 1 || Infinity) - 1;
  const byPlace = new Map();
  eachMapping(trace, (segment) => {
    const at = code.offset(segment.generatedLine - 1, segment.generatedColumn);
    const from = lines.offset(segment.originalLine - 1, segment.originalColumn);
    byPlace.set(at, { at, from });
  });
  for (const { at, from } of byPlace.values()) {
    if (at === undefined || from === undefined) {
      tally.add("source maps: swc segments beyond its text");
      continue;
    }
    const kind = tie(code.text, at, source.text, from);
    if (counterparts(kind).some((ours) => ties.has(`${ours} ${from}`))) tally.add("source maps: swc's segments that ours have");
    else if (isParenthesis(kind, source.text, from)) tally.except(...REPLACED);
    else if (from >= reference) tally.except(...REMOVED);
    else tally.fail(`${name}: only swc has ${kind} ${excerpt(code.text, at, source.text, from)}`);
  }
}
