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

/** Hands a worker's table to the main thread; `table[0]` is the count of the id with the number `first`. */
function shareTable(array, first, table) {
  const channel = new BroadcastChannel(nameOf(array));
  channel.postMessage({ thread: threadId, first, table });
  channel.close();
}

const nameOf = (array) => `pathlight ${array}`;

class Threads {
  /** By thread, then by the number of the first id. */
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
  setOwn(first, table) {
    this.#add({ thread: threadId, first, table });
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

  #add({ thread, first, table }) {
    if (!this.#tables.has(thread)) this.#tables.set(thread, new Map());
    this.#tables.get(thread).set(first, table);
  }

  #onWorker = (worker) => {
    const thread = worker.threadId;
    worker.once("exit", () => {
      this.#receive();
      const tables = this.#tables.get(thread);
      if (tables) {
        this.#ended = sum(this.#ended, [tables]);
        this.#tables.delete(thread);
      }
    });
  };
}

function sum(base, threads) {
  const tables = threads.flatMap((thread) => [...thread]);
  const total = new Float64Array(Math.max(base.length, ...tables.map(([first, table]) => first + table.length)));
  total.set(base);
  for (const [first, table] of tables) {
    for (let index = 0; index < table.length; index++) total[first + index] += table[index];
  }
  return total;
}

module.exports = { Threads, isGathered, shareTable };
