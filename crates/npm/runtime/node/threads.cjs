// The counts of all threads of the process. A worker counts in a table that it shares with the main thread, which
// alone writes and sends: so nothing is lost when a worker ends, however it ends.

"use strict";

const {
  BroadcastChannel,
  getEnvironmentData,
  isMainThread,
  receiveMessageOnPort,
  setEnvironmentData,
  threadId,
} = require("node:worker_threads");

/** Whether the thread that started this one gathers what it counts; if not, it stands for itself. */
const isGathered = (array) => !isMainThread && getEnvironmentData(nameOf(array)) === true;

/** Hands a worker's table to the main thread; it takes the place of an earlier one. */
function shareTable(array, table) {
  const channel = new BroadcastChannel(nameOf(array));
  channel.postMessage({ thread: threadId, table });
  channel.close();
}

const nameOf = (array) => `pathlight ${array}`;

class Threads {
  /** By thread. */
  #tables = new Map();
  /** Counts of workers that have ended. */
  #ended = new Float64Array(0);
  #channel;

  constructor(array) {
    if (isMainThread) {
      setEnvironmentData(nameOf(array), true);
      this.#channel = new BroadcastChannel(nameOf(array));
      this.#channel.onmessage = ({ data }) => this.#add(data);
      this.#channel.unref();
      process.on("worker", this.#onWorker);
    }
  }

  /** The table of this thread itself. */
  setOwn(table) {
    this.#add({ thread: threadId, table });
  }

  /** All hits of the process until now, indexed by the number of the id. */
  total() {
    this.#receive();
    return sum(this.#ended, [...this.#tables.values()]);
  }

  close() {
    process.off("worker", this.#onWorker);
    this.#channel?.close();
  }

  /** What was sent and not yet given to the listener: at the end of the process that will not happen any more. */
  #receive() {
    if (!this.#channel) return;
    for (let received; (received = receiveMessageOnPort(this.#channel));) this.#add(received.message);
  }

  #add({ thread, table }) {
    this.#tables.set(thread, table);
  }

  #onWorker = (worker) => {
    const thread = worker.threadId;
    worker.once("exit", () => {
      this.#receive();
      const table = this.#tables.get(thread);
      if (table) {
        this.#ended = sum(this.#ended, [table]);
        this.#tables.delete(thread);
      }
    });
  };
}

/** Only as long as what was hit: a table has room for every id there could be. */
function sum(base, tables) {
  const total = new Float64Array(Math.max(base.length, ...tables.map(usedLength)));
  total.set(base);
  for (const table of tables) {
    const length = Math.min(table.length, total.length);
    for (let index = 0; index < length; index++) total[index] += table[index];
  }
  return total;
}

function usedLength(table) {
  let length = table.length;
  while (length > 0 && table[length - 1] === 0) length--;
  return length;
}

module.exports = { Threads, isGathered, shareTable };
