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
  let far = createTable(0);
  onTable(0, near);

  /** The counter in `near` of an id that is not in `numbers` yet; 0 if there is none for it, and it is counted here. */
  const place = (key) => {
    // Numbers become text as keys. No VLQ is digits only: each of them says that another one follows.
    const number = toNumber(/^\d+$/.test(String(key)) ? Number(key) : key);
    if (number < NEAR) return number && (numbers[key] = number);
    pushFar(number - NEAR);
    return 0;
  };
  /** Counters in `near` of ids as code spells them. The proxy is asked for what is not there. */
  const numbers = Object.create(new Proxy({}, { get: (_, key) => place(key) }));

  const pushFar = (index) => {
    if (index >= far.length) {
      const grown = createTable(2 ** Math.ceil(Math.log2(index + 1)));
      grown.set(far);
      far = grown;
      onTable(NEAR, far);
    }
    far[index]++;
  };

  const { pushNumber, pushOther } = createPushes(near, numbers);
  const counting = Object.create({
    push(id) {
      // The first id tells how the build spells them. An own property that is set once is a constant to compiled code.
      this.push = typeof id === "number" ? pushNumber : pushOther;
      return this.push(id);
    },
  });
  globalThis[array] = counting;
  earlier.forEach((id) => counting.push(id));
  // Code may hold the array under another name.
  earlier.push = (id) => counting.push(id);
}

/**
 * Functions of at most 27 bytes of bytecode V8 inlines wherever they are called; a longer one only until the caller is
 * full, which with a probe at each branch is soon. Parameters, unlike variables of `installCounters`, are read without
 * a check that they have a value yet, and those of the function around it in the shortest way.
 */
function createPushes(near, numbers) {
  // `near[0]` is of no id.
  const pushOther = (id) => ++near[numbers[id]];
  const createPushNumber = (near, pushOther) => (id) => ++near[id] || pushOther(id);
  return { pushNumber: createPushNumber(near, pushOther), pushOther };
}

module.exports = { installCounters };
