// The runtime for Node: however a process or a thread ends, every hit is in the folder once, and the program ends as
// it would without the runtime.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { before, test } from "node:test";
import { join } from "node:path";
import { prepare, readReports, REGISTER, run, sumOf, times } from "./support/acorn.js";

let folder;
let hits;

before(async (t) => {
  ({ folder, hits } = await prepare(t));
});

let runs = 0;

/** Runs with and without the runtime; the sum of what was written. */
async function runBoth(program, { args = ["--require", REGISTER], env, name } = {}) {
  const out = `out-${++runs}`;
  const without = await run(folder, program, { name });
  const withRuntime = await run(folder, program, { args, env: { PATHLIGHT_OUT: out, ...env }, name });
  assert.deepEqual(withRuntime, without);
  const reports = readReports(join(folder, out));
  return { reports, counts: sumOf(reports), ended: without };
}

const SIGNAL_EXIT = JSON.stringify(createRequire(import.meta.url).resolve("signal-exit"));
const WORK = `require("./work.cjs");`;
const STAY = `setInterval(() => {}, 1000);`;

const ends = {
  "the end": { program: WORK, code: 0 },
  "process.exit": { program: `${WORK} process.exit(3);`, code: 3 },
  "process.exit in an exit listener": { program: `process.on("exit", () => process.exit(4)); ${WORK}`, code: 4 },
  "work in an exit listener": { program: `process.on("exit", () => { ${WORK} });`, code: 0 },
  "process.exitCode": { program: `${WORK} process.exitCode = 5;`, code: 5 },
  "an uncaught error": { program: `${WORK} throw new Error("not caught");`, code: 1 },
  "an unhandled rejection": { program: `${WORK} Promise.reject(new Error("not handled"));`, code: 1 },
  "an await that never ends": {
    program: `import "./work.cjs"; await new Promise(() => {});`,
    name: "end.mjs",
    code: 13,
  },
  "SIGTERM, listened to": {
    program: `${STAY} process.on("SIGTERM", () => { ${WORK} process.exit(6); }); process.kill(process.pid, "SIGTERM");`,
    code: 6,
  },
  "SIGTERM, which another listener of the same kind handles": {
    program: `${WORK} ${STAY} require(${SIGNAL_EXIT}).onExit(() => {});
      process.kill(process.pid, "SIGTERM");`,
    signal: "SIGTERM",
  },
};
for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR2"]) {
  ends[signal] = { program: `${WORK} ${STAY} process.kill(process.pid, "${signal}");`, signal };
}

for (const [end, { program, name, code = null, signal = null }] of Object.entries(ends)) {
  test(`a process that ends by ${end}`, async () => {
    const { counts, ended } = await runBoth(program, { name });
    assert.deepEqual([ended.code, ended.signal], [code, signal]);
    assert.deepEqual(counts, hits);
  });
}

test("loaded with --import", async () => {
  const { counts } = await runBoth(WORK, { args: ["--import", REGISTER] });
  assert.deepEqual(counts, hits);
});

test("a report says what it belongs to", async () => {
  const { reports } = await runBoth(WORK, { env: { PATHLIGHT_BUILD: "b1" } });
  assert.equal(reports.length, 1);
  const [{ schema, build, session, seq, from, to }] = reports;
  assert.deepEqual({ schema, build, seq }, { schema: 1, build: "b1", seq: 1 });
  assert.match(session, /^[-\da-f]{36}$/);
  assert.ok(from <= to);
});

test("a process that is killed has written what it counted before the last interval", async () => {
  const out = join(folder, "killed");
  const sorted = (counts) => Object.entries(counts).sort();
  const ended = await run(folder, `${WORK} ${STAY}`, {
    args: ["--require", REGISTER],
    env: { PATHLIGHT_OUT: out, PATHLIGHT_INTERVAL: "20" },
    async during(child) {
      for (let left = 600; left > 0; left--) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        try {
          assert.deepEqual(sorted(sumOf(readReports(out))), sorted(hits));
          break;
        } catch {
          // Not yet.
        }
      }
      child.kill("SIGKILL");
    },
  });
  assert.equal(ended.signal, "SIGKILL");
  assert.deepEqual(sumOf(readReports(out)), hits);
});

const worker = (program) => `new Worker(${JSON.stringify(program)}, { eval: true })`;
const WORKERS = `const { Worker, parentPort } = require("node:worker_threads");`;

const threads = {
  ends: { program: `${WORKERS} ${worker(WORK)};`, times: 1 },
  "calls process.exit": { program: `${WORKERS} ${worker(`${WORK} process.exit(9);`)}; ${WORK}`, times: 2 },
  throws: { program: `${WORKERS} ${worker(`${WORK} throw 1;`)}.on("error", () => {});`, times: 1 },
  "is terminated": {
    program: `${WORKERS} const worker = ${worker(`${WORK} ${WORKERS} parentPort.postMessage(0); ${STAY}`)};
      worker.once("message", () => worker.terminate());`,
    times: 1,
  },
  "is terminated in the middle of a loop": {
    program: `${WORKERS} const worker = ${worker(`${WORK} ${WORKERS} parentPort.postMessage(0); for (;;);`)};
      worker.once("message", () => worker.terminate());`,
    times: 1,
  },
  "is running when the process exits": {
    program: `${WORKERS} ${worker(`${WORK} ${WORKERS} parentPort.postMessage(0); ${STAY}`)}.once("message", () => process.exit(8));`,
    times: 1,
  },
  "has a worker": {
    program: `${WORKERS} ${worker(`${WORKERS} ${WORK} ${worker(WORK)};`)}; ${WORK}`,
    times: 3,
  },
  "is one of several": { program: `${WORKERS} ${worker(WORK)}; ${worker(WORK)}; ${worker(WORK)};`, times: 3 },
};

for (const [what, { program, times: factor }] of Object.entries(threads)) {
  test(`a worker thread that ${what}`, async () => {
    const { counts, reports } = await runBoth(program);
    assert.deepEqual(counts, times(factor, hits));
    assert.equal(reports.length, 1);
  });
}

test("a worker thread with a runtime that the main thread does not have", async () => {
  const loads = `require(${JSON.stringify(REGISTER)});`;
  const { counts } = await runBoth(`${WORKERS} ${worker(`${loads} ${WORK}`)};`, { args: [] });
  assert.deepEqual(counts, hits);
});

const FORKED = "process.argv[2] === 'child'";

const processes = {
  forks: {
    program: `if (${FORKED}) { ${WORK} process.exit(2); } else { ${WORK} require("node:child_process").fork(__filename, ["child"]); }`,
    processes: 2,
  },
  "forks a process that forks": {
    program: `const { fork } = require("node:child_process");
      ${WORK}
      const depth = Number(process.argv[2] ?? 0);
      if (depth < 2) fork(__filename, [depth + 1]);`,
    processes: 3,
  },
  "is a cluster": {
    program: `const cluster = require("node:cluster");
      if (cluster.isPrimary) { cluster.fork(); cluster.fork(); } else { ${WORK} cluster.worker.disconnect(); }`,
    processes: 2,
  },
  "kills its cluster": {
    program: `const cluster = require("node:cluster");
      if (cluster.isPrimary) cluster.fork().once("message", function () { this.process.kill(); });
      else { ${WORK} process.send(0); }`,
    processes: 1,
  },
};

for (const [what, { program, processes: count }] of Object.entries(processes)) {
  test(`a process that ${what}`, async () => {
    const { counts, reports } = await runBoth(program);
    assert.deepEqual(counts, times(count, hits));
    assert.equal(reports.length, count);
  });
}

test("a process that spawns node, with the runtime in NODE_OPTIONS", async () => {
  const program = `${WORK} require("node:child_process").spawnSync(process.execPath, ["work.cjs"]);`;
  const { counts } = await runBoth(program, { args: [], env: { NODE_OPTIONS: `--require ${REGISTER}` } });
  assert.deepEqual(counts, times(2, hits));
});

test("a folder that cannot be written changes nothing for the program", async () => {
  const without = await run(folder, WORK);
  const env = { PATHLIGHT_OUT: "work.cjs/below-a-file", PATHLIGHT_INTERVAL: "1" };
  assert.deepEqual(await run(folder, WORK, { args: ["--require", REGISTER], env }), without);
});

test("no half-written file is left", () => {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.includes(".tmp"));
  assert.deepEqual(names, []);
});
