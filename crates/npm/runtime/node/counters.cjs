// The object that stands in for the array: its `push` counts at once.

"use strict";

const { MOST_IDS, toNumber } = require("./ids.cjs");

/**
 * Ids below this are counted in a table that compiled code addresses directly: 1 MB, of which the system provides what
 * is touched. Few builds have more probes; for those that do, one for all ids takes its place.
 */
const USUAL_IDS = 1 << 17;

// Shared, so that the main thread can read what a worker counted even after `worker.terminate()`. Doubles count to
// 2^53; 32 bits would be full after a few seconds of one busy loop.
const createTable = (size) => new Float64Array(new SharedArrayBuffer(size * Float64Array.BYTES_PER_ELEMENT));

/**
 * Makes `globalThis[array]` count, with what an earlier plain array holds. `onTable(table)` is given each table of
 * counts, indexed by the number of the id, when it is made: a later one takes the place of the earlier.
 */
function installCounters(array, onTable) {
  const earlier = globalThis[array] ?? [];
  if (!Array.isArray(earlier)) {
    throw new TypeError(`globalThis.${array} is not a plain array: something else counts there already`);
  }
  let table = createTable(USUAL_IDS);
  onTable(table);
  const widen = () => {
    const usual = table;
    table = createTable(MOST_IDS);
    table.set(usual);
    onTable(table);
    counting.push = createPush();
  };

  /** The place in `table` of an id that is not in `places` yet; 0, which is of no id, if there is nothing to count. */
  const place = (key) => {
    // Numbers become text as keys. No VLQ is digits only: each of them says that another one follows.
    const number = toNumber(/^\d+$/.test(String(key)) ? Number(key) : key);
    if (number > 0) places[key] = number;
    if (number < table.length) return number;
    // Whoever asks has the old table in hand.
    widen();
    table[number]++;
    return 0;
  };
  /** Places of ids as code spells them. The proxy is asked for what is not there. */
  const places = Object.create(new Proxy({}, { get: (_, key) => place(key) }));
  const others = new Proxy({}, { has: (_, key) => ++table[places[key]] > 0 });

  let isNumber;
  const createPush = () =>
    isNumber ? createPushNumber(withoutNames(table), withoutNames(table), others) : createPushOther(table, places);
  const decided = {
    __proto__: {
      push(id) {
        isNumber = typeof id === "number";
        decided.push = createPush();
        decided.push(id);
      },
    },
  };
  // What compiled code calls is a property that is set once, hence a constant to it: below, when the first id tells how
  // the build spells them; on the object itself, when one tells that the build has very many.
  const counting = { __proto__: decided };
  globalThis[array] = counting;
  earlier.forEach((id) => counting.push(id));
  // Code may hold the array under another name.
  earlier.push = (id) => counting.push(id);
}

/**
 * Functions of at most 27 bytes of bytecode V8 inlines wherever they are called; a longer one, or one that calls others,
 * only until the caller is full, which with a probe at each branch is soon. Parameters, unlike variables of
 * `installCounters`, are read without a check that they have a value yet, and those of the function around it in the
 * shortest way.
 *
 * In compiled code the id is a constant: whether `room` has it is known, and what is left is one addition in memory. A
 * test of the counter itself, such as whether it was there at all, would stay. `room` is the same memory again: a string
 * leaves a property on `table`, and compared with a size "0xC" would be a number. What `room` has not is told to
 * `others` as to a proxy that is asked for a property; that takes fewer bytes than a call.
 */
const createPushNumber = (table, room, others) => (id) => (table[id]++, id in room || id in others);

/** The same memory, in which nothing is found or set by a name such as `length`, should one be pushed. */
const withoutNames = (table) => Object.setPrototypeOf(new Float64Array(table.buffer), null);

/** `table[0]` is of no id. */
const createPushOther = (table, places) => (id) => ++table[places[id]];

module.exports = { installCounters };
