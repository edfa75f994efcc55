// Tree shaking: of a library's functions, classes and constants the same survive in the bundle of one import,
// instrumented and not, with the library's `sideEffects` flag and without it.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { declarationsOf } from "./declarations.mjs";
import { SHAKERS } from "./shakers.mjs";
import { countTopLevel } from "./probes.mjs";
import * as tally from "./tally.mjs";
import { editPackage, instrument, LIBRARIES, plant } from "./trees.mjs";

const [pathlight, isLong] = process.argv.slice(2);
const scripts = dirname(fileURLToPath(import.meta.url));
const REACT = ["react-bootstrap", "@restart/ui"];
const ENTRIES = {
  "lodash-es": 'export { debounce } from "lodash-es";',
  rxjs: 'export { map } from "rxjs";',
  "d3-array": 'export { max } from "d3-array";',
  "d3-scale": 'export { scaleLinear } from "d3-scale";',
  "date-fns": 'export { addDays } from "date-fns";',
  "react-bootstrap": 'export { Button } from "react-bootstrap";',
  patterns: 'export { Used } from "./patterns/index.js";',
  judged: 'export { plainChoice } from "./patterns/judged.js";',
};
// Left out where it must be quick: large, and like the others.
const ONLY_LONG = ["lodash-es", "rxjs", "d3-array"];
const NAMES = Object.keys(ENTRIES).filter((name) => isLong || !ONLY_LONG.includes(name));
const WITH_FLAG = "with sideEffects: false";
const WITHOUT_FLAG = "without the flag";
// How the libraries are instrumented.
const MODES = { plain: undefined, declared: [], undeclared: ["--no-declare"] };
const HEADER = /\bglobalThis\.ist_arr\s*\|\|/g;

const HEADERS = [
  `shaking: declarations of the array that are left, ${WITHOUT_FLAG}`,
  "it is an effect of each file; --no-declare leaves it out where the runtime makes the array",
];
const CALLED = [
  "shaking: declarations that Rollup keeps",
  "it reads the bodies of functions that modules call while they load, and a probe there is an effect",
];
const CHOSEN = [
  "shaking: unused constants of our own pattern that are kept",
  "a probe in a branch of module-level code is an effect; no library above has one that is kept",
];

plant("shaking/plain", scripts, ["patterns"], [...LIBRARIES, ...REACT]);
for (const [name, code] of Object.entries(ENTRIES)) writeFileSync(`shaking/plain/${name}.js`, code);
for (const [mode, flags] of Object.entries(MODES)) if (flags) instrument(pathlight, "shaking/plain", mode, ...flags);
for (const flag of [WITH_FLAG, WITHOUT_FLAG]) {
  if (flag === WITHOUT_FLAG) for (const mode of Object.keys(MODES)) removeFlags(`shaking/${mode}`);
  for (const entry of NAMES) for (const shaker of SHAKERS) await judge(entry, shaker, flag);
}
countProbes("shaking/undeclared/node_modules");
tally.print();

function removeFlags(tree) {
  for (const library of [...LIBRARIES, ...REACT]) editPackage(join(tree, "node_modules", library), (json) => delete json.sideEffects);
}

async function judge(entry, { name, shake }, flag) {
  try {
    const found = {};
    for (const mode of Object.keys(MODES)) {
      const code = await shake(resolve("shaking", mode, `${entry}.js`), resolve("shaking/out", mode, name, `${entry}.js`));
      found[mode] = { names: declarationsOf(code), headers: code.match(HEADER)?.length ?? 0 };
    }
    tally.add(`shaking: bundles ${flag}`);
    compare(entry, name, flag, found);
  } catch (error) {
    tally.fail(`${entry}, ${name}, ${flag}: ${error.message.slice(0, 1000)}`);
  }
}

function compare(entry, bundler, flag, { plain, declared, undeclared }) {
  const lost = missing(plain, declared);
  if (lost.length > 0) throw new Error(`lost: ${lost}`);
  const held = missing(declared, plain);
  if (held.join() !== missing(undeclared, plain).join()) throw new Error("the array's declaration holds code alive");
  if (undeclared.headers > 0) throw new Error("declared in spite of --no-declare");
  tally.add(`shaking: declarations that are left ${flag}, as without probes`, plain.names.size);
  if (held.length === 0) tally.add(`shaking: bundles with nothing else ${flag}`);
  else if (entry === "judged") tally.except(...CHOSEN, held.length);
  else if (bundler === "Rollup") tally.except(`${CALLED[0]} ${flag}`, CALLED[1], held.length);
  else throw new Error(`held alive: ${held}`);
  if (flag === WITHOUT_FLAG) tally.except(...HEADERS, declared.headers);
}

function countProbes(folder) {
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith(".js")) continue;
    const { probes, topLevel } = countTopLevel(readFileSync(join(folder, name), "utf8"));
    tally.add("shaking: probes in the libraries", probes);
    tally.add("shaking: of them in module-level code", topLevel);
  }
}

// Names of `more` that `less` has not.
function missing(more, less) {
  return [...more.names].filter((name) => !less.names.has(name));
}
