// One measurement, in a process of its own: `node sample.js COUNTER PROGRAM WARM_UP MEASURED` works for so many
// milliseconds, unmeasured and measured, and prints the CPU time of an iteration in milliseconds.

import { readFileSync } from "node:fs";
import { Session } from "node:inspector";
import { createRequire } from "node:module";

const [counter, program, warmUp, measured] = process.argv.slice(2);
const require = createRequire(import.meta.url);

/** What counts, reporting nothing; some return what is left to do between two iterations. */
const COUNTERS = {
  none: () => undefined,
  nothing: () => void (globalThis.ist_arr = { push() {} }),
  node: () => void require("../runtime/node/index.cjs").start(),
  browser() {
    Object.assign(globalThis, { self: globalThis, addEventListener: () => undefined });
    new Function(readFileSync(new URL("../runtime/browser.min.js", import.meta.url), "utf8"))();
    pathlight({ interval: 2 ** 30, send: () => undefined });
  },
  array() {
    const counts = new Map();
    globalThis.ist_arr = [];
    return () => {
      for (const id of ist_arr) counts.set(id, (counts.get(id) ?? 0) + 1);
      ist_arr.length = 0;
    };
  },
  v8() {
    const session = new Session();
    session.connect();
    session.post("Profiler.enable");
    session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  },
};

const drain = COUNTERS[counter]() ?? (() => undefined);
const { work } = require(program);

/** CPU time since the process began, in milliseconds. */
const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Works for so many milliseconds of CPU time; the time of an iteration. */
function iterate(time) {
  const start = cpu();
  let iterations = 0;
  do {
    work();
    drain();
    iterations += 1;
  } while (cpu() - start < time);
  return (cpu() - start) / iterations;
}

iterate(Number(warmUp));
console.log(iterate(Number(measured)));
process.exit();
