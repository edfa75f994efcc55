// The object that stands in for the array: its `push` counts at once.

"use strict";

const { toNumber } = require("./ids.cjs");

/**
 * Ids below this are counted in a table of fixed size, which compiled code addresses directly: 1 MB, of which the
 * system provides what is touched. Few builds have more probes.
 */
const NEAR = 1 << 17;

// Shared, so that the main thread can read what a worker counted even after `worker.terminate()`. Doubles count to
// 2^53; 32 bits would be full after a few seconds of one busy loop.
const createTable = (size) => new Float64Array(new SharedArrayBuffer(size * Float64Array.BYTES_PER_ELEMENT));

/**
 * Makes `globalThis[array]` count, with what an earlier plain array holds. `onTable(first, table)` is given each
 * table of counts when it is made: `table[0]` is that of the id with the number `first`. A later table with the same
 * `first` takes the place of the earlier one.
 */
function installCounters(array, onTable) {
  const earlier = globalThis[array] ?? [];
  if (!Array.isArray(earlier)) {
    throw new TypeError(`globalThis.${array} is not a plain array: something else counts there already`);
  }
  const near = createTable(NEAR);
  const numbers = new Map();
  let far = createTable(0);
  onTable(0, near);

  // No result of the count is returned: it would have to be allocated.
  const push = (id) => {
    if (typeof id === "number" && id < NEAR) {
      near[id]++;
    } else {
      const number = numbers.get(id);
      if (number === undefined) pushRare(id);
      else near[number]++;
    }
    return 0;
  };

  const pushRare = (id) => {
    const number = toNumber(id);
    if (number >= NEAR) {
      pushFar(number - NEAR);
    } else if (number > 0) {
      numbers.set(id, number);
      near[number]++;
    }
  };

  const pushFar = (index) => {
    if (index >= far.length) {
      const grown = createTable(2 ** Math.ceil(Math.log2(index + 1)));
      grown.set(far);
      far = grown;
      onTable(NEAR, far);
    }
    far[index]++;
  };

  globalThis[array] = { push };
  earlier.forEach((id) => push(id));
  // Code may hold the array under another name.
  earlier.push = push;
}

module.exports = { installCounters };
