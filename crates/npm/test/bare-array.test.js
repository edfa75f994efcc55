// A bare array with the collector of Closure's wiki, as it stands in externs/.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { instrumentFiles, temporaryFolder } from "./support/product.js";

const COLLECTOR = new URL("../../../externs/InstrumentCode.js", import.meta.url);
const FIB = `function fib(n) {
  if (n <= 1) return 1;
  return fib(n - 1) + fib(n - 2);
}`;
const LOOP = `function loop(n) {
  for (let i = 0; i < n; i++) {}
}`;

/** How often `fib(n)` comes to its end and how often it calls itself, as `[leaves, calls]`. */
function hitsOfFib(n) {
  if (n <= 1) return [1, 1];
  const [leaves, calls] = addUp(hitsOfFib(n - 1), hitsOfFib(n - 2));
  return [leaves, calls + 1];
}

const addUp = (a, b) => [a[0] + b[0], a[1] + b[1]];

test("the wiki's collector ends, loses nothing and counts nothing twice, with two bundles on the page", (t) => {
  const folder = temporaryFolder(t);
  const inputs = { "fib.js": FIB, "loop.js": LOOP, "InstrumentCode.js": readFileSync(COLLECTOR, "utf8") };
  for (const [name, text] of Object.entries(inputs)) writeFileSync(join(folder, name), text);
  const [first, second, collector] = instrumentFiles(folder, Object.keys(inputs));

  const reports = [];
  const page = { console: { log: (report) => reports.push(JSON.parse(report)) } };
  page.window = {
    setInterval: (callback) => (page.tick = callback),
    addEventListener: (event, callback) => (page[event] = callback),
  };
  createContext(page);
  // A collector that does not end fails the test.
  const run = (code) => runInContext(code, page, { timeout: 60_000 });
  run(first);
  run("fib(20)");
  run(collector);
  run("tick()");
  run(second);
  run("fib(20); loop(100); tick(); fib(3); pagehide();");

  const total = {};
  for (const report of reports) {
    for (const [id, { frequency }] of Object.entries(report)) total[id] = (total[id] ?? 0) + frequency;
  }
  const [leaves, calls] = [20, 20, 3].map(hitsOfFib).reduce(addUp);
  assert.equal(reports.length, 3);
  // fib: then, else, function; loop: body, function.
  assert.deepEqual([total.C, total.E, total.G, total.I, total.K], [leaves, calls - leaves, calls, 100, 1]);
  assert.equal(page.ist_arr.length, 0);
});
