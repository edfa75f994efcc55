// Loaded before a program: counts each probe's hits, those of loading the modules apart from what the program calls
// `startCounting` for, and writes both to the file that HITS names.

import { writeFileSync } from "node:fs";

// lodash takes other branches when a millisecond has passed: the clock stands.
const started = Date.now();
Date.now = () => started;

const load = Object.create(null);
const run = Object.create(null);
let hits = load;
globalThis.ist_arr = { push: (id) => (hits[id] = (hits[id] ?? 0) + 1) };
globalThis.startCounting = () => (hits = run);
process.on("exit", () => writeFileSync(process.env.HITS, JSON.stringify({ load, run })));
