// Reports to the collector.

"use strict";

const { spawnSync } = require("node:child_process");
const { join } = require("node:path");
const { fileName, writeWhole } = require("./file.cjs");
const { post } = require("./post.cjs");

/** What the end of the process may be held up by, in milliseconds. */
const LAST_DELIVERY = 3_000;

const LONGEST_DELAY = 300_000;

/** Sends what was added since the last report, and keeps a report until the collector has taken it. */
class HttpOutput {
  #url;
  #reader;
  #folder;
  #interval;
  #waiting = [];
  #failures = 0;
  #notBefore = 0;
  #sending;

  /** At the end, what could not be sent is written to `folder`, if there is one. */
  constructor(url, reader, { folder, interval }) {
    this.#url = url;
    this.#reader = reader;
    this.#folder = folder;
    this.#interval = interval;
  }

  /** Resolves when everything until now is delivered; rejects if it cannot be now. */
  flush() {
    this.#notBefore = 0;
    return this.tick();
  }

  /** As `flush`, but not while the collector is given time to recover. */
  async tick() {
    if (this.#sending) return this.#sending;
    if (Date.now() < this.#notBefore) return undefined;
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #send() {
    // While a report waits, hits stay in the counters: memory does not grow with the time that a collector is away.
    if (this.#waiting.length === 0) this.#waiting = this.#takeText();
    try {
      while (this.#waiting.length > 0) {
        await post(this.#url, this.#waiting[0]);
        this.#waiting.shift();
        this.#failures = 0;
      }
    } catch (error) {
      this.#failures += 1;
      const delay = Math.min(this.#interval * 2 ** this.#failures, LONGEST_DELAY) * (0.5 + Math.random() / 2);
      this.#notBefore = Date.now() + Math.max(delay, error.retryAfter ?? 0);
      throw error;
    }
  }

  /** At the end of the process nothing asynchronous runs any more: another process sends the rest. */
  finish() {
    this.#waiting.push(...this.#takeText());
    if (this.#waiting.length === 0) return;
    const { status } = spawnSync(process.execPath, [join(__dirname, "deliver.cjs"), this.#url], {
      input: this.#waiting.join("\n"),
      stdio: ["pipe", "ignore", "ignore"],
      timeout: LAST_DELIVERY,
      windowsHide: true,
      // It must not load what this process was told to load.
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    // Those that arrived all the same are known by their session and seq.
    if (status !== 0 && this.#folder) {
      writeWhole(this.#folder, fileName(this.#reader.session), `${this.#waiting.join("\n")}\n`);
    }
    this.#waiting = [];
  }

  #takeText() {
    return this.#reader.take().map((report) => JSON.stringify(report));
  }
}

module.exports = { HttpOutput };
