// Bytes of bundles, by module: `pathlight report --bundle` has the same figures as a computation of its own, which
// paints each file's characters and follows the maps with @jridgewell/trace-mapping.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AnyMap, decodedMappings, originalPositionFor } from "@jridgewell/trace-mapping";
import { BUNDLERS } from "./bundlers.mjs";
import { probeRanges, probesOf } from "./probes.mjs";
import * as tally from "./tally.mjs";
import { Text } from "./texts.mjs";
import { instrument, LIBRARIES, plant } from "./trees.mjs";

const [pathlight] = process.argv.slice(2);
const scripts = dirname(fileURLToPath(import.meta.url));
const ENTRY = "library/main.js";
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
// Start and end, the site's three.
const EXTENT_NUMBERS = 7;

rmSync("weighed", { recursive: true, force: true });
plant("weighed/plain", scripts, ["library"], LIBRARIES);
instrument(pathlight, "weighed/plain", "mapped", "--source-maps", "file");
const spans = readSpans(readFileSync("weighed/mapped.mapping", "utf8"));
for (const bundler of BUNDLERS.filter(({ name }) => name !== "Vite app")) await judge(bundler);
tally.print();

async function judge({ name, run }) {
  try {
    const out = resolve("weighed/out", name.replaceAll(" ", "-"));
    await run(resolve("weighed/mapped", ENTRY), out, true);
    const bundles = readdirSync(out).filter((file) => /js$/.test(file)).map((file) => join(out, file));
    const hits = execute(join(out, "main.mjs"));
    compare(expected(bundles, hits), reported(bundles, hits));
    tally.add("bytes: bundlers");
  } catch (error) {
    tally.fail(`${name}: ${error.stack.slice(0, 1000)}`);
  }
}

// Hits of all ids, in loading and afterwards.
function execute(path) {
  const file = resolve("weighed/hits.json");
  const args = ["--import", join(scripts, "counter.mjs"), path];
  const { status, stderr } = spawnSync("node", args, { env: { ...process.env, HITS: file }, encoding: "utf8", timeout: 60_000 });
  if (status !== 0) throw new Error(stderr);
  const { load, run } = JSON.parse(readFileSync(file, "utf8"));
  for (const [id, count] of Object.entries(run)) load[id] = (load[id] ?? 0) + count;
  return load;
}

function reported(bundles, hits) {
  writeFileSync("weighed/report.json", JSON.stringify(hits));
  const args = ["report", "--quiet", "--mapping", "weighed/mapped.mapping", "--sources", "weighed/plain", "--reports", "weighed/report.json"];
  const output = execFileSync(pathlight, [...args, "--format", "json-summary", "--bundle", ...bundles], { maxBuffer: 1 << 28 });
  const { total, ...files } = JSON.parse(output);
  const rows = Object.entries(files).map(([name, { bundle }]) => [name, [bundle.total - bundle.covered, bundle.total]]);
  return { total: [total.bundle.total - total.bundle.covered, total.bundle.total], files: new Map(rows) };
}

function compare(expected, { total, files }) {
  const sum = [0, 0];
  for (const [name, [never, all]] of files) {
    const [expectedNever, expectedAll] = expected.get(name) ?? [0, 0];
    if (never !== expectedNever || all !== expectedAll) {
      throw new Error(`${name}: ${never} of ${all} bytes never ran, expected ${expectedNever} of ${expectedAll}`);
    }
    sum[0] += never;
    sum[1] += all;
    if (all > 0) tally.add("bytes: modules with the same figures");
  }
  if (sum.join() !== total.join()) throw new Error(`the total is ${total}, of the modules ${sum}`);
  tally.add("bytes: of modules", sum[1]);
  tally.add("bytes: of them, never run", sum[0]);
}

// Never-run and all bytes of each file.
function expected(bundles, hits) {
  const codes = bundles.map((path) => readFileSync(path, "utf8"));
  const shipped = new Set(codes.flatMap(probesOf));
  const painted = new Map();
  const paintedOf = (name) => {
    if (!painted.has(name)) painted.set(name, paint(name, (id) => (shipped.has(id) ? (hits[id] ?? 0) : undefined)));
    return painted.get(name);
  };
  const sums = new Map();
  bundles.forEach((path, at) => weigh(path, codes[at], paintedOf, sums));
  return sums;
}

function weigh(path, code, paintedOf, sums) {
  const map = open(`${path}.map`);
  const isProbe = new Uint8Array(code.length);
  for (const [start, end] of probeRanges(code)) isProbe.fill(1, start, end);
  const origin = originOf(map);
  const lines = code.split(/\r\n|[\n\r\u2028\u2029]/);
  const text = new Text(code);
  decodedMappings(map).forEach((segments, line) => {
    segments.forEach(([column, source, originalLine, originalColumn], at) => {
      const found = source === undefined ? undefined : origin(source, originalLine, originalColumn);
      if (!found || !spans.has(found.name)) return;
      const [from, to] = [text.offset(line, column), text.offset(line, segments[at + 1]?.[0] ?? lines[line].length)];
      let bytes = 0;
      for (let i = from; i < to; i++) {
        // A surrogate is half of four bytes.
        const unit = code.charCodeAt(i);
        if (!isProbe[i]) bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit & 0xf800) === 0xd800 ? 2 : 3;
      }
      if (bytes === 0) return;
      const sum = sums.get(found.name) ?? [0, 0];
      const { isNever, original } = paintedOf(found.name);
      sums.set(found.name, [sum[0] + (isNever[original.offset(found.line, found.column)] ? bytes : 0), sum[1] + bytes]);
    });
  });
}

function open(path) {
  return new AnyMap(JSON.parse(readFileSync(path, "utf8")), pathToFileURL(resolve(path)).href);
}

// A function from a place in a source of `map` to the one in the tree that was instrumented, through the instrumented
// file's own map where the bundler did not follow that.
function originOf(map) {
  const sources = map.resolvedSources.map((url) => {
    const [, tree, name] = /weighed\/(plain|mapped)\/([^?]*)/.exec(decodeURIComponent(url ?? "")) ?? [];
    if (tree !== "mapped") return { name };
    const inner = `weighed/mapped/${name}.map`;
    return existsSync(inner) ? { name, inner: open(inner) } : {};
  });
  return (source, line, column) => {
    const { name, inner } = sources[source];
    if (!name) return undefined;
    if (!inner) return { name, line, column };
    const found = originalPositionFor(inner, { line: line + 1, column });
    return found.line === null ? undefined : { name, line: found.line - 1, column: found.column };
  };
}

// `hitsOf` has no number for what was not shipped.
function paint(name, hitsOf) {
  const text = readFileSync(`weighed/plain/${name}`, "utf8");
  const original = new Text(text);
  const isNever = new Uint8Array(text.length + 1);
  const colours = spans.get(name).map(({ plus, minus, isFunction, start, end }) => {
    const counts = plus.map(hitsOf);
    const isKnown = counts.every((count) => count !== undefined);
    const hits = sum(counts) - sum(minus.map((id) => hitsOf(id) ?? 0));
    // A function that was called is there though the code around it never ran.
    const colour = !isKnown ? undefined : hits <= 0 ? 1 : isFunction ? 0 : undefined;
    return { colour, start: original.offset(...start), end: original.offset(...end) };
  });
  // What is inside paints over what is around.
  colours.sort((a, b) => a.start - b.start || b.end - a.end);
  for (const { colour, start, end } of colours) if (colour !== undefined) isNever.fill(colour, start, end);
  return { isNever, original };
}

function sum(counts) {
  return counts.reduce((sum, count) => sum + count, 0);
}

// The spans and continuations of each file of a mapping, lines from 0; the hits of each are those of `plus` less
// `minus`.
function readSpans(mapping) {
  const files = new Map();
  const headers = {};
  for (const line of mapping.trimEnd().split("\n")) {
    const [, header, list] = /^ (\w+):(.*)/.exec(line) ?? [];
    if (header) {
      headers[header] = JSON.parse(list);
      continue;
    }
    const [id, digits] = line.split(":");
    const [file, , kind, , , ...rest] = numbers(digits);
    const take = () => {
      const [startLine, startColumn, endLine, endColumn] = rest.splice(0, 4);
      return { start: [startLine - 1, startColumn], end: [endLine - 1, endColumn] };
    };
    const ids = () => rest.splice(0, rest.shift()).map(idOf);
    const name = headers.FileNames[file];
    if (!files.has(name)) files.set(name, []);
    const isFunction = headers.Types[kind] === "FUNCTION";
    files.get(name).push({ plus: [id], minus: [], isFunction, ...take() });
    rest.splice(0, EXTENT_NUMBERS - 4);
    while (rest.length > 0) {
      const extent = take();
      files.get(name).push({ plus: [id, ...ids()], minus: ids(), isFunction: false, ...extent });
    }
  }
  return files;
}

function idOf(number) {
  let id = "";
  for (let rest = number * 2; id === "" || rest > 0; rest = Math.floor(rest / 32)) id += ALPHABET[(rest % 32) + (rest >= 32 ? 32 : 0)];
  return id;
}

function numbers(digits) {
  const found = [];
  let [value, shift] = [0, 0];
  for (const digit of digits) {
    const bits = ALPHABET.indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    found.push(value >> 1);
    [value, shift] = [0, 0];
  }
  return found;
}
