// The runtime for Node: see index.d.ts for what is public.

"use strict";

const { resolve } = require("node:path");
const { isMainThread } = require("node:worker_threads");
const { onExit } = require("signal-exit");
const { installCounters } = require("./counters.cjs");
const { FileOutput } = require("./file.cjs");
const { HttpOutput } = require("./http.cjs");
const { Reader } = require("./reader.cjs");
const { Threads, isGathered, shareTable } = require("./threads.cjs");

// Taken now: tests replace the global ones.
const { setInterval, clearInterval } = globalThis;

const DEFAULT_ARRAY = "ist_arr";
const DEFAULT_INTERVAL = 10_000;

/** By array name, and the same for all copies of this package in the thread. */
const RUNTIMES = (globalThis[Symbol.for("pathlight.runtimes")] ??= new Map());

function start(options = {}) {
  const array = options.array ?? DEFAULT_ARRAY;
  const started = RUNTIMES.get(array);
  if (started) return started;
  const runtime = new Runtime(array, options);
  RUNTIMES.set(array, runtime);
  return runtime;
}

class Runtime {
  #threads;
  #taker;
  #outputs = [];
  #onError;
  #timer;
  #forgetExit;

  constructor(array, { build, context, out, url, interval = DEFAULT_INTERVAL, onError = () => {} }) {
    this.#threads = new Threads(array);
    this.#onError = onError;
    if (isGathered(array)) {
      installCounters(array, (table) => {
        this.#threads.setOwn(table);
        shareTable(array, table);
      });
    } else {
      installCounters(array, (table) => this.#threads.setOwn(table));
      this.#open({ build, context, out, url, interval });
    }
    this.#taker = this.#reader({ build, context });
  }

  take() {
    return this.#taker.take();
  }

  snapshot() {
    return this.#taker.snapshot();
  }

  async flush() {
    for (const output of this.#outputs) await output.flush();
  }

  stop() {
    clearInterval(this.#timer);
    this.#forgetExit?.();
    this.#finish();
    this.#outputs = [];
    this.#threads.close();
  }

  handle = (request, response) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    const body = isRead ? JSON.stringify(this.snapshot()) : "";
    response.writeHead(isRead ? 200 : 405, {
      "content-type": "application/json",
      "cache-control": "no-store",
      "content-length": Buffer.byteLength(body),
      ...(isRead ? {} : { allow: "GET, HEAD" }),
    });
    response.end(request.method === "GET" ? body : undefined);
  };

  #reader(head) {
    return new Reader(() => this.#threads.total(), head);
  }

  #open({ build, context, out, url, interval }) {
    // Now, because the program may change its working folder.
    const folder = out === undefined ? undefined : resolve(out);
    const reader = this.#reader({ build, context });
    if (url !== undefined) {
      this.#outputs.push(new HttpOutput(String(url), reader, { folder, interval }));
    } else if (folder !== undefined) {
      this.#outputs.push(new FileOutput(folder, reader));
    } else {
      return;
    }
    this.#timer = setInterval(() => this.#tick(), interval).unref();
    this.#forgetExit = atExit(() => this.#finish());
  }

  #tick() {
    for (const output of this.#outputs) {
      // A file output has no pauses of its own.
      new Promise((done) => done(output.tick ? output.tick() : output.flush())).catch(this.#onError);
    }
  }

  #finish() {
    for (const output of this.#outputs) {
      try {
        output.finish();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

/** Calls back when nothing else will run: at the end, at `process.exit`, at an uncaught error, at a signal. */
function atExit(callback) {
  // A signal ends the process as it would without us; where the program has a listener of its own, it decides.
  if (isMainThread) return onExit(callback, { alwaysLast: true });
  process.on("exit", callback);
  return () => process.off("exit", callback);
}

module.exports = { start };
