// The runtime for Node: see index.d.cts for what is public.

"use strict";

const { resolve } = require("node:path");
const { installCounters } = require("./counters.cjs");
const { atExit } = require("./exit.cjs");
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
  #output;
  #onError;
  #timer;
  #forgetExit;

  constructor(array, { build, context, out, url, interval = DEFAULT_INTERVAL, onError = () => {} }) {
    const gathered = isGathered(array);
    this.#onError = onError;
    this.#threads = new Threads(array);
    installCounters(array, (table) => {
      this.#threads.setOwn(table);
      if (gathered) shareTable(array, table);
    });
    const createReader = () => new Reader(() => this.#threads.total(), { build, context });
    this.#taker = createReader();
    if (gathered || (url === undefined && out === undefined)) return;
    // Now, because the program may change its working folder.
    const folder = out === undefined ? undefined : resolve(out);
    this.#output =
      url === undefined
        ? new FileOutput(folder, createReader())
        : new HttpOutput(String(url), createReader(), { folder, interval });
    this.#timer = setInterval(() => this.#attempt("tick").catch(this.#onError), interval).unref();
    this.#forgetExit = atExit(() => this.#finish());
  }

  take() {
    return this.#taker.take();
  }

  snapshot() {
    return this.#taker.snapshot();
  }

  flush() {
    return this.#attempt("flush");
  }

  stop() {
    clearInterval(this.#timer);
    this.#forgetExit?.();
    this.#finish();
    this.#output = undefined;
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
    response.end(request.method === "HEAD" ? undefined : body);
  };

  async #attempt(method) {
    await this.#output?.[method]();
  }

  #finish() {
    try {
      this.#output?.finish();
    } catch (error) {
      this.#onError(error);
    }
  }
}

module.exports = { start };
