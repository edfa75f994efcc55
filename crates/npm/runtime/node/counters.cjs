// The object that stands in for the array: its `push` counts at once.

"use strict";

const { toNumber } = require("./ids.cjs");

const FIRST_SIZE = 4096;

// Shared, so that the main thread can read what a worker counted even after `worker.terminate()`. Doubles count to
// 2^53; 32 bits would be full after a few seconds of one busy loop.
const createTable = (size) => new Float64Array(new SharedArrayBuffer(size * Float64Array.BYTES_PER_ELEMENT));

/**
 * Makes `globalThis[array]` count, with what an earlier plain array holds. `onTable` is given the table of counts,
 * indexed by the number of the id, now and whenever a larger one takes its place.
 */
function installCounters(array, onTable) {
  const earlier = globalThis[array] ?? [];
  if (!Array.isArray(earlier)) {
    throw new TypeError(`globalThis.${array} is not a plain array: something else counts there already`);
  }
  let table = createTable(FIRST_SIZE);
  const numbers = new Map();

  const push = (id) => {
    if (typeof id === "number" && id < table.length) return ++table[id];
    const number = numbers.get(id);
    return number === undefined ? pushFirst(id) : ++table[number];
  };

  const pushFirst = (id) => {
    // What is no id gets number 0, which is no id either and is not reported.
    const number = toNumber(id);
    if (number >= table.length) {
      const grown = createTable(2 ** Math.ceil(Math.log2(number + 1)));
      grown.set(table);
      table = grown;
      onTable(table);
    }
    if (typeof id === "string") numbers.set(id, number);
    return ++table[number];
  };

  onTable(table);
  globalThis[array] = { push };
  earlier.forEach((id) => push(id));
  // Code may hold the array under another name.
  earlier.push = push;
}

module.exports = { installCounters };
