// The runtime for Node: what it sends, what it gives out in memory, and what it leaves alone.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { before, beforeEach, test } from "node:test";
import { join } from "node:path";
import { start } from "../runtime/node/index.js";
import { prepare, readReports, REGISTER, run, sumOf, times } from "./support/acorn.js";
import { REFUSE, startReceiver, TAKE, TAKE_IN_SILENCE } from "./support/receiver.js";

const WORK = `require("./work.cjs");`;
const STAY = `setInterval(() => {}, 1000);`;
const NEVER = "1000000000";

let folder;
let hits;
let receiver;

before(async (t) => {
  ({ folder, hits } = await prepare(t));
});

beforeEach(async (t) => {
  receiver = await startReceiver();
  t.after(async () => {
    await receiver.close();
    assert.deepEqual(receiver.faults, []);
  });
});

function runSending(program, { env, during } = {}) {
  return run(folder, program, {
    args: ["--require", REGISTER],
    env: { PATHLIGHT_URL: receiver.url, PATHLIGHT_BUILD: "b", PATHLIGHT_INTERVAL: NEVER, ...env },
    during,
  });
}

const sum = (counts) => Object.values(counts).reduce((all, hits) => all + hits, 0);

function assertReceived(expected) {
  assert.deepEqual(receiver.counts("b"), expected);
  assert.deepEqual(receiver.gaps("b"), []);
}

for (const [end, tail, code, signal] of [
  ["the end", "", 0, null],
  ["process.exit", "process.exit(3);", 3, null],
  ["an uncaught error", "throw 1;", 1, null],
  ["SIGTERM", `${STAY} process.kill(process.pid, "SIGTERM");`, null, "SIGTERM"],
]) {
  test(`what is left at ${end} is sent`, async () => {
    const ended = await runSending(`${WORK} ${tail}`);
    assert.deepEqual([ended.code, ended.signal, ended.stdout], [code, signal, ""]);
    assertReceived(hits);
  });
}

const WORK_OFTEN = `require("./work.cjs");
  const repeat = (left) => {
    for (const name of ["./work.cjs", "./acorn.cjs"]) delete require.cache[require.resolve(name)];
    require("./work.cjs");
    if (left > 1) setTimeout(repeat, 10, left - 1);
  };
  repeat(9);`;

test("while it runs, it sends what was added", async () => {
  await runSending(WORK_OFTEN, { env: { PATHLIGHT_INTERVAL: "5" } });
  assertReceived(times(10, hits));
  assert.ok(receiver.reports("b").length > 1);
});

test("a collector that refuses and then takes", async () => {
  receiver.behaviour = REFUSE;
  await runSending(`${WORK_OFTEN} ${STAY}`, {
    env: { PATHLIGHT_INTERVAL: "5" },
    async during(child) {
      await receiver.until("refusals", () => receiver.refused >= 3);
      receiver.behaviour = TAKE;
      await receiver.until("all hits", () => sum(receiver.counts("b")) === 10 * sum(hits));
      child.kill();
    },
  });
  assertReceived(times(10, hits));
});

test("a report whose answer was lost comes again as the same one", async () => {
  receiver.behaviour = TAKE_IN_SILENCE;
  await runSending(`${WORK_OFTEN} ${STAY}`, {
    env: { PATHLIGHT_INTERVAL: "5" },
    async during(child) {
      await receiver.until("a report sent again", () => receiver.resent >= 2);
      receiver.behaviour = TAKE;
      await receiver.until("all hits", () => sum(receiver.counts("b")) === 10 * sum(hits));
      child.kill();
    },
  });
  assertReceived(times(10, hits));
});

test("what a collector does not take at the end goes into the folder", async () => {
  receiver.behaviour = REFUSE;
  const ended = await runSending(`${WORK} process.exit(3);`, { env: { PATHLIGHT_OUT: "left" } });
  assert.equal(ended.code, 3);
  const reports = readReports(join(folder, "left"));
  assert.deepEqual(
    reports.map(({ build, seq }) => [build, seq]),
    [["b", 1]],
  );
  assert.deepEqual(sumOf(reports), hits);
});

test("a collector that is not there changes nothing for the program", async () => {
  const url = receiver.url;
  await receiver.close();
  const ended = await runSending(`${WORK} process.exitCode = 5;`, {
    env: { PATHLIGHT_URL: url, PATHLIGHT_INTERVAL: "1" },
  });
  assert.deepEqual(ended, { code: 5, signal: null, stdout: "", stderr: "" });
  receiver = await startReceiver();
});

test("a collector that never answers holds up no program for long", async () => {
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const url = `http://127.0.0.1:${silent.address().port}/`;
  const ended = await runSending(`${WORK} setTimeout(() => {}, 50);`, {
    env: { PATHLIGHT_URL: url, PATHLIGHT_INTERVAL: "1" },
  });
  assert.deepEqual(ended, { code: 0, signal: null, stdout: "", stderr: "" });
  silent.closeAllConnections();
  silent.close();
});

let arrays = 0;

/** A runtime of its own in this process, stopped after the test. */
function startHere(t, options) {
  const array = `test_arr_${++arrays}`;
  const runtime = start({ array, ...options });
  t.after(() => runtime.stop());
  return { runtime, array };
}

test("take gives what was added since the last take, snapshot all", (t) => {
  const { runtime, array } = startHere(t, { build: "b", context: { pod: 1 } });
  const probes = globalThis[array];
  assert.deepEqual(runtime.take(), []);
  probes.push("C");
  probes.push("C");
  probes.push(16);
  const [first] = runtime.take();
  assert.deepEqual(first.counts, { C: 2, gB: 1 });
  assert.deepEqual([first.schema, first.build, first.context, first.seq], [1, "b", { pod: 1 }, 1]);
  probes.push("C");
  const [second] = runtime.take();
  assert.deepEqual([second.counts, second.seq, second.session], [{ C: 1 }, 2, first.session]);
  assert.ok(first.to <= second.from + 1 && second.from <= second.to);
  assert.deepEqual(runtime.take(), []);
  const snapshot = runtime.snapshot();
  assert.deepEqual([snapshot.counts, snapshot.session, snapshot.seq], [{ C: 3, gB: 1 }, undefined, undefined]);
});

test("take gives of a real program what a bare array holds", async () => {
  const program = `const runtime = require(${JSON.stringify(createRequire(import.meta.url).resolve("../runtime/node/index.cjs"))}).start();
    ${WORK}
    console.log(JSON.stringify(runtime.take()));`;
  const { stdout } = await run(folder, program);
  assert.deepEqual(sumOf(JSON.parse(stdout)), hits);
});

test("ids as numbers count as the same ids as VLQ", async (t) => {
  const numbered = await prepare(t, "number");
  const ended = await run(numbered.folder, WORK, { args: ["--require", REGISTER], env: { PATHLIGHT_OUT: "out" } });
  assert.equal(ended.code, 0);
  assert.deepEqual(sumOf(readReports(join(numbered.folder, "out"))), hits);
});

test("the runtime may come after the code, which may hold the array", (t) => {
  const array = `test_arr_${++arrays}`;
  const earlier = (globalThis[array] = ["C", "E", "C"]);
  const runtime = start({ array });
  t.after(() => runtime.stop());
  earlier.push("C");
  globalThis[array].push("E");
  assert.deepEqual(runtime.snapshot().counts, { C: 3, E: 2 });
});

for (const first of ["C", 1]) {
  test(`a push of what is no id counts nothing and breaks nothing, ids being ${typeof first}s`, (t) => {
    const { runtime, array } = startHere(t);
    const strange = ["", "D", "g", "C!", "__proto__", "length", -1, 0, 0.5, NaN, 2 ** 40, null, undefined, {}];
    for (const id of [first, ...strange, ...strange, first]) globalThis[array].push(id);
    assert.deepEqual(runtime.snapshot().counts, { C: 2 });
  });
}

test("a build that spells its ids in both ways", (t) => {
  for (const ids of [
    ["C", 1, "gB", 16, "0xC", 1306],
    [1, "C", 16, "gB", "0xC", 1306],
  ]) {
    const { runtime, array } = startHere(t);
    for (const id of [...ids, ...ids]) globalThis[array].push(id);
    assert.deepEqual(runtime.snapshot().counts, { C: 4, gB: 4, "0xC": 4 });
  }
});

test("ids beyond the usual", (t) => {
  for (const ids of [
    [131_071, "+//H", 131_072, "gggI", 4_000_000, "gggI"],
    ["+//H", 131_071, "gggI", 131_072, 4_000_000, "gggI"],
  ]) {
    const { runtime, array } = startHere(t);
    for (const id of ids) globalThis[array].push(id);
    assert.deepEqual(runtime.snapshot().counts, { "+//H": 2, gggI: 3, gwk0H: 1 });
  }
});

test("one runtime an array; what else counts there is left alone", (t) => {
  const { runtime, array } = startHere(t);
  assert.equal(start({ array }), runtime);
  const other = `test_arr_${++arrays}`;
  const own = (globalThis[other] = { push: () => 0 });
  assert.throws(() => start({ array: other }), TypeError);
  assert.equal(globalThis[other], own);
});

test("the snapshot by HTTP", async (t) => {
  const { runtime, array } = startHere(t, { build: "b" });
  globalThis[array].push("C");
  const server = createServer(runtime.handle).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}/`;
  const answer = await fetch(url);
  assert.equal(answer.headers.get("content-type"), "application/json");
  assert.deepEqual((await answer.json()).counts, { C: 1 });
  const head = await fetch(url, { method: "HEAD" });
  assert.equal(await head.text(), "");
  assert.equal((await fetch(url, { method: "POST" })).status, 405);
  server.closeAllConnections();
});

test("flush sends now, and tells when it cannot", async (t) => {
  const { runtime, array } = startHere(t, { build: "b", url: receiver.url, interval: 1e9 });
  globalThis[array].push("C");
  await runtime.flush();
  assert.deepEqual(receiver.counts("b"), { C: 1 });
  receiver.behaviour = REFUSE;
  globalThis[array].push("C");
  await assert.rejects(runtime.flush(), /503/);
  receiver.behaviour = TAKE;
  await runtime.flush();
  assertReceived({ C: 2 });
});

test("without a build id reports go to the folder, and a warning says so once", async () => {
  const twice = `const { Worker, isMainThread } = require("worker_threads"); if (isMainThread) new Worker(__filename);`;
  const ended = await runSending(`${WORK} ${twice}`, { env: { PATHLIGHT_BUILD: "", PATHLIGHT_OUT: join(folder, "nameless") } });
  assert.equal(ended.stderr.match(/PATHLIGHT_URL needs the build id in PATHLIGHT_BUILD/g).length, 1);
  assert.deepEqual(receiver.bodies, []);
  assert.deepEqual(sumOf(readReports(join(folder, "nameless"))), times(2, hits));
});
