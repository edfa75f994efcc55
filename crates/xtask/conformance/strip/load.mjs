// node load.mjs TREE: loads every module of a tree and describes what it exports; then runs the programs.

import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { programs } from "./programs.mjs";

const [tree] = process.argv.slice(2);
const root = resolve(tree);
const load = (file) => import(pathToFileURL(join(root, file)).href);
/** Nothing in it depends on where the tree stands. */
const plain = (text) => text.replaceAll(pathToFileURL(root).href, "").replaceAll(root, "");

/** Names that a module makes up are the same in both trees. */
let seed = 1;
Math.random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;

/** What bundlers define for MobX. */
globalThis.__DEV__ = true;

const DEPTH = 4;

/** Whatever a program could see of a value, but its source text. */
function describe(value, depth, seen) {
  if (typeof value === "symbol" || typeof value === "bigint") return String(value);
  if (typeof value !== "function" && (typeof value !== "object" || value === null)) return Object.is(value, -0) ? "-0" : value;
  if (seen.has(value)) return "(seen)";
  if (depth === 0) return typeof value;
  seen.add(value);
  const shape = { is: Object.prototype.toString.call(value) };
  if (typeof value === "function") shape.is = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  const parent = Object.getPrototypeOf(value);
  if (parent && !seen.has(parent)) shape.parent = describe(parent.constructor?.name ?? null, depth, seen);
  for (const key of Reflect.ownKeys(value)) {
    const { get, set, ...property } = Object.getOwnPropertyDescriptor(value, key);
    const flags = (property.writable ? "w" : "") + (property.enumerable ? "e" : "") + (property.configurable ? "c" : "");
    const what = get || set ? [get && "get", set && "set"] : describe(property.value, depth - 1, seen);
    (shape.keys ??= []).push([String(key), flags, what]);
  }
  if (value instanceof Map || value instanceof Set) shape.size = value.size;
  return shape;
}

const modules = {};
const files = readdirSync(root, { recursive: true }).filter((file) => /\.m?js$/.test(file)).sort();
for (const file of files) {
  try {
    const exported = await load(file);
    const exports = Object.keys(exported).map((name) => [name, describe(exported[name], DEPTH, new Set())]);
    modules[file] = { exports: Object.fromEntries(exports) };
  } catch (error) {
    modules[file] = { error: plain(`${error.name}: ${error.message}`) };
  }
}

const printed = {};
for (const [name, program] of Object.entries(programs)) {
  const lines = [];
  const print = (...values) => lines.push(values.map((value) => (typeof value === "string" ? value : inspect(value, { depth: 6 }))).join(" "));
  try {
    await program(load, print);
  } catch (error) {
    print(`Error: ${error.stack}`);
  }
  printed[name] = plain(lines.join("\n"));
}
process.stdout.write(JSON.stringify({ modules, programs: printed }), () => process.exit());
