// One measurement, in a process of its own: `node sample.js VARIANT CODE INDEX`, prints the CPU time of an iteration
// in milliseconds.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { PROGRAMS, TEXT } from "./programs.js";

const WARM_UP = 1500;
const MEASURED = 1500;

const [variant, code, index] = process.argv.slice(2);
const require = createRequire(import.meta.url);

/** The runtimes, none of them reporting; what is left to do between two iterations. */
const RUNTIMES = {
  plain: () => undefined,
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
};

const drain = RUNTIMES[variant]() ?? (() => undefined);
const library = (await import(pathToFileURL(code))).default;
const work = new Function("library", "text", PROGRAMS[index].work);
const text = readFileSync(TEXT, "utf8");

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
    work(library, text);
    drain();
    iterations += 1;
  } while (cpu() - start < time);
  return (cpu() - start) / iterations;
}

iterate(WARM_UP);
console.log(iterate(MEASURED));
process.exit();
