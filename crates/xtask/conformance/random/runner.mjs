// Runs generated programs before and after instrumentation, and counts with V8 what the probes count.
//
// Standard input: one JSON array of programs a line, [{kind, before, after, recount}], kind "script", "module" or
// "commonjs"; recount is {text, ids, continuations}: the program that calls recount(at) where the probe ids[at] should
// count, and where the continuation begins whose place in continuations is so many behind those of ids: {plus, minus},
// ids of probes.
// Standard output: one JSON array of verdicts a line, in their order:
//   invalid     what the engine says of a program that it does not take, before or after
//   difference  the first thing that both runs do not share: [before, after]
//   requoted    lines that differ in the source text that the engine quotes in its message, and in nothing else
//   recount     the first thing that the program that counts for itself does not share with the original
//   unequal     {id, hits, count, before, around} where the hits of the probe are not V8's count; before: its count in
//               front of the probe; around: {name, start, end, count, before} of each function of V8's that the probe
//               is in, by that function's ranges alone, inner ones first
//   miscounted  [id, hits of the probe, the program's own count] where these differ
//   continuations     [count by the probes, the program's own] of each continuation
//   printed, hit, hits, threw: lines, probes that were hit, their hits, whether an error ended the program

import { readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { createInterface } from "node:readline";
import vm from "node:vm";

const realmScript = new vm.Script(readFileSync(new URL("realm.js", import.meta.url), "utf8"), { filename: "realm.js" });
// After so many turns of the event loop a program has done all it will.
const TURNS = 6;
const PROBE = /ist_arr\.push\((?:"([^"]*)"|(\d+))\)/g;

const session = new Session();
session.connect();
const post = (method, parameters) => {
  let answer;
  session.post(method, parameters, (error, result) => {
    if (error) throw new Error(`${method}: ${error.message}`);
    answer = result;
  });
  return answer;
};
post("Profiler.enable");
post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

let current;
process.on("unhandledRejection", (error) => current?.printed.push(`unhandled: ${current.show(error)}`));

const turn = () => new Promise((resolve) => setImmediate(resolve));

function realm(run) {
  const context = vm.createContext(Object.create(null));
  run.show = realmScript.runInContext(context)((line) => run.printed.push(line));
  return context;
}

const LIBRARY = { one: 1, two: 2, default: "main" };

async function library(context) {
  const module = new vm.SyntheticModule(Object.keys(LIBRARY), () => {
    for (const [name, value] of Object.entries(LIBRARY)) module.setExport(name, value);
  }, { context, identifier: "lib" });
  await module.link(() => {});
  await module.evaluate();
  return module;
}

// What evaluates the program later: an engine that does not take it says so here.
async function compile(code, kind, filename, context) {
  if (kind === "script") {
    const script = new vm.Script(code, { filename });
    return () => script.runInContext(context);
  }
  if (kind === "commonjs") {
    const module = { exports: vm.runInContext("({})", context) };
    const body = vm.compileFunction(code, ["exports", "require", "module"], { filename, parsingContext: context });
    return () => {
      body.call(module.exports, module.exports, undefined, module);
      return module.exports;
    };
  }
  const module = new vm.SourceTextModule(code, {
    context,
    identifier: filename,
    initializeImportMeta: (meta) => (meta.url = "file:///program.js"),
    importModuleDynamically: () => library(context),
  });
  await module.link(() => library(context));
  return async () => {
    await module.evaluate();
    return module.namespace;
  };
}

async function observe(code, kind, filename, prepare) {
  const run = { printed: [], value: null, error: null, invalid: null };
  current = run;
  const context = realm(run);
  prepare?.(context);
  let evaluate;
  try {
    evaluate = await compile(code, kind, filename, context);
  } catch (error) {
    run.invalid = String(error);
    return run;
  }
  // From a turn of its own, so that as many calls stand around every run. A module may wait at its top level for what
  // never comes.
  const start = () => {
    (async () => evaluate())().then(
      (value) => (run.value = run.show(value)),
      (error) => (run.error = run.show(error)),
    );
  };
  setImmediate(start);
  for (let turns = 0; turns < TURNS; turns++) await turn();
  current = undefined;
  return run;
}

// An error of a call names the callee by its source text, in which a probe may stand; others do so with a function
// that is the key, the holder or the receiver.
const unquoted = (line) =>
  line
    .replace(/TypeError: .*(?= is not | is undefined| is null| as it is )/gs, "TypeError: …")
    .replace(" is not iterable (cannot read property Symbol(Symbol.iterator))", " is not iterable")
    .replace(/(?<=\((?:reading|setting) ').*(?='\))/gs, "…")
    .replace(/(?<=TypeError: Cannot set property ).*(?= which has only a getter)/gs, "…")
    .replace(/(?<=TypeError: Cannot assign to read only property ).* of (?:function|object) '.*'/gs, "…")
    .replace(/(?<=TypeError: Cannot (?:delete|redefine|define) property).*/gs, "…")
    .replace(/(?<= called on incompatible receiver ).*/gs, "…");

// `catch ([a])` of what cannot be iterated, for which it has no source to name, V8 words in another way once the
// function is optimized; that is a matter of time, with probes and without.
const untimed = (line) =>
  line?.replace("object is not iterable (cannot read property Symbol(Symbol.iterator))", "undefined is not a function");

function compare(before, after) {
  const verdict = { invalid: before.invalid ?? after.invalid, difference: null, requoted: 0 };
  const lines = (run) => [...run.printed, `value: ${run.value}`, `error: ${run.error}`];
  const [left, right] = [lines(before), lines(after)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    if (untimed(left[at]) === untimed(right[at])) continue;
    if (left[at] !== undefined && right[at] !== undefined && unquoted(left[at]) === unquoted(right[at])) {
      verdict.requoted += 1;
      continue;
    }
    verdict.difference = [left[at] ?? null, right[at] ?? null];
    break;
  }
  return verdict;
}

// Of two ranges over the same text the later one is the inner one.
function innermost(ranges, at) {
  let found;
  for (const range of ranges) {
    if (range.startOffset > at || range.endOffset <= at) continue;
    const size = range.endOffset - range.startOffset;
    if (found === undefined || size <= found.endOffset - found.startOffset) found = range;
  }
  return found?.count ?? 0;
}

// The end of the token in front of a probe and of its parenthesis.
function tokenBefore(code, at) {
  do at--;
  while (at > 0 && /[\s(]/.test(code[at]));
  return at;
}

// The count of the innermost range around each probe.
function uncounted(code, functions, hits) {
  const ranges = functions.flatMap((found) => found.ranges);
  const unequal = [];
  for (const probe of code.matchAll(PROBE)) {
    const id = probe[1] ?? Number(probe[2]);
    const [hit, count] = [hits.get(id) ?? 0, innermost(ranges, probe.index)];
    if (hit === count) continue;
    const before = tokenBefore(code, probe.index);
    // What runs static blocks begins, to V8, at a later member than some of its own ranges.
    const around = functions
      .filter(({ ranges }) => ranges.some((range) => range.startOffset <= probe.index && probe.index < range.endOffset))
      .map(({ functionName, ranges }) => ({
        name: functionName,
        start: ranges[0].startOffset,
        end: ranges[0].endOffset,
        count: innermost(ranges, probe.index),
        before: innermost(ranges, before),
      }))
      .sort((left, right) => left.end - left.start - (right.end - right.start));
    unequal.push({ id: String(id), hits: hit, count, before: innermost(ranges, before), around });
  }
  return unequal;
}

// What the program counts itself against the probes of the same places. A recount that does anything else than the
// program does counts nothing; the value of a script alone may be another.
async function countAgain({ kind, recount }, original, filename, hits) {
  const own = [...recount.ids, ...recount.continuations].map(() => 0);
  const run = await observe(recount.text, kind, filename, (context) => {
    Object.defineProperty(context, "recount", { value: (at) => void (own[at] += 1), enumerable: false });
  });
  const { invalid, difference } = compare({ ...original, value: null }, { ...run, value: null });
  const hitsOf = (id) => hits.get(id) ?? hits.get(Number(id)) ?? 0;
  const sum = (ids) => ids.reduce((sum, id) => sum + hitsOf(id), 0);
  const counts = recount.ids.map((id, at) => [id, hitsOf(id), own[at]]);
  const known = new Set(recount.ids);
  const unknown = [...hits].filter(([id]) => !known.has(String(id))).map(([id, counted]) => [String(id), counted, 0]);
  return {
    recount: invalid === null ? difference : [invalid, recount.text],
    continuations: recount.continuations.map(({ plus, minus }, at) => {
      return [sum(plus) - sum(minus), own[recount.ids.length + at]];
    }),
    miscounted: [...unknown, ...counts.filter(([, counted, expected]) => counted !== expected)],
  };
}

async function judge(programs, round) {
  const verdicts = [];
  const counted = new Map();
  for (const [at, program] of programs.entries()) {
    const { kind, before, after } = program;
    const filename = `after-${round}-${at}.js`;
    const hits = new Map();
    const original = await observe(before, kind, `before-${round}-${at}.js`);
    const probed = await observe(after, kind, filename, (context) => {
      const push = (id) => hits.set(id, (hits.get(id) ?? 0) + 1);
      Object.defineProperty(context, "ist_arr", { value: { push }, enumerable: false });
    });
    counted.set(filename, hits);
    const compared = compare(original, probed);
    const isInvalid = compared.invalid !== null;
    const again = isInvalid ? {} : await countAgain(program, original, `recount-${round}-${at}.js`, hits);
    verdicts.push({
      ...compared,
      unequal: [],
      recount: null,
      miscounted: [],
      continuations: [],
      ...again,
      printed: original.printed.length,
      hit: hits.size,
      hits: [...hits.values()].reduce((sum, count) => sum + count, 0),
      threw: original.error !== null,
    });
  }
  // Counts start at 0 again with every take.
  const { result } = post("Profiler.takePreciseCoverage");
  const seen = new Map(result.map((script) => [script.url, script.functions]));
  for (const [at, { after }] of programs.entries()) {
    const filename = `after-${round}-${at}.js`;
    verdicts[at].unequal = uncounted(after, seen.get(filename) ?? [], counted.get(filename));
  }
  return verdicts;
}

let round = 0;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const verdicts = await judge(JSON.parse(line), round++);
  process.stdout.write(`${JSON.stringify(verdicts)}\n`);
}
