// From counts to reports.

"use strict";

const { randomUUID } = require("node:crypto");
const { toVlq } = require("./ids.cjs");

const SCHEMA = 1;

/** About 300 KB of text. */
const IDS_A_REPORT = 20_000;

/** Reads what was added since it read last. Each reader is a session of its own, so that none takes from another. */
class Reader {
  #total;
  #head;
  #seen = new Float64Array(0);
  #seq = 0;
  #from = Date.now();
  session = randomUUID();

  /** `total` gives all hits until now; `head` has `build` and `context`. */
  constructor(total, head) {
    this.#total = total;
    this.#head = head;
  }

  /** The reports of all hits since the last call; none if there were none. */
  take() {
    const total = this.#total();
    const hits = hitsSince(total, this.#seen);
    this.#seen = total;
    const from = this.#from;
    const to = (this.#from = Date.now());
    const reports = [];
    while (hits.length > 0) {
      const counts = Object.fromEntries(hits.splice(0, IDS_A_REPORT));
      reports.push(this.#report({ session: this.session, seq: ++this.#seq, from, to, counts }));
    }
    return reports;
  }

  /**
   * One report of all hits since the start, for a file that each later one replaces: always the session's first
   * report, so that it is counted once however often it is read. Undefined if nothing was hit since the last call.
   */
  takeAll() {
    const total = this.#total();
    if (hitsSince(total, this.#seen).length === 0) return undefined;
    this.#seen = total;
    const counts = Object.fromEntries(hitsSince(total, []));
    return this.#report({ session: this.session, seq: 1, from: this.#from, to: Date.now(), counts });
  }

  /** All hits since the start. No part of a series, so it has neither session nor seq. */
  snapshot() {
    return this.#report({ from: this.#from, to: Date.now(), counts: Object.fromEntries(hitsSince(this.#total(), [])) });
  }

  #report({ session, seq, from, to, counts }) {
    const { build, context } = this.#head;
    return { schema: SCHEMA, build, session, seq, from, to, context, counts };
  }
}

/** `[id, hits]` of every id that was hit more often than `seen` says. */
function hitsSince(total, seen) {
  const hits = [];
  for (let number = 1; number < total.length; number++) {
    const added = total[number] - (seen[number] ?? 0);
    if (added > 0) hits.push([toVlq(number), added]);
  }
  return hits;
}

module.exports = { Reader };
