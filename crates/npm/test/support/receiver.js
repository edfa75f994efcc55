// A collector for tests: adds up reports, and tells when a sender does what it must not.

import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const DEADLINE = 60_000;

/** What the receiver does with a request. */
export const TAKE = "take";
export const REFUSE = "refuse";
/** Takes the report, but the answer is lost. */
export const TAKE_IN_SILENCE = "take in silence";

export async function startReceiver() {
  const receiver = new Receiver();
  await receiver.listen();
  return receiver;
}

class Receiver {
  behaviour = TAKE;
  /** Texts of all reports that came in, resends included, in order. */
  bodies = [];
  refused = 0;
  resent = 0;
  /** What senders did wrong. */
  faults = [];
  #reports = new Map();
  #changed = [];
  #server = createServer((request, response) => this.#answer(request, response));

  async listen() {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    this.origin = `http://127.0.0.1:${this.#server.address().port}`;
    this.url = `${this.origin}/v1/reports`;
  }

  async close() {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  /** Sums of the hits of a build by id, each report once. */
  counts(build) {
    const counts = {};
    for (const report of this.reports(build)) {
      for (const [id, hits] of Object.entries(report.counts)) counts[id] = (counts[id] ?? 0) + hits;
    }
    return counts;
  }

  reports(build) {
    return [...this.#reports.values()].map((body) => JSON.parse(body)).filter((report) => report.build === build);
  }

  /** Sessions of a build that sent no report 1, or left one out. */
  gaps(build) {
    const sessions = new Map();
    for (const report of this.reports(build))
      sessions.set(report.session, [...(sessions.get(report.session) ?? []), report]);
    return [...sessions].filter(([, reports]) => {
      const seqs = reports.map(({ seq }) => seq).sort((a, b) => a - b);
      return seqs.some((seq, index) => seq !== index + 1);
    });
  }

  /** Waits until `isDone()`; `what` says in the error what was waited for. */
  async until(what, isDone) {
    const timeout = AbortSignal.timeout(DEADLINE);
    while (!isDone()) {
      if (timeout.aborted) throw new Error(`waited in vain for ${what}; came: ${this.bodies.join("\n")}`);
      await Promise.race([new Promise((resolve) => this.#changed.push(resolve)), pause(100)]);
    }
  }

  async #answer(request, response) {
    response.setHeader("access-control-allow-origin", "*");
    const body = await text(request).catch(() => undefined);
    // The sender went away in the middle.
    if (body === undefined) return;
    if (request.method !== "POST" || request.url !== "/v1/reports") {
      this.faults.push(`${request.method} ${request.url}`);
    }
    if (this.behaviour === REFUSE) {
      this.refused += 1;
      response.writeHead(503).end();
    } else {
      for (const line of body.split("\n")) this.#take(line);
      if (this.behaviour === TAKE_IN_SILENCE) response.destroy();
      else response.writeHead(204).end();
    }
    for (const resolve of this.#changed.splice(0)) resolve();
  }

  #take(body) {
    this.bodies.push(body);
    const { schema, build, session, seq, from, to, counts } = JSON.parse(body);
    if (schema !== 1 || !(from <= to) || Object.keys(counts).length === 0) this.faults.push(`bad report: ${body}`);
    const key = JSON.stringify([build, session, seq]);
    const known = this.#reports.get(key);
    if (known !== undefined) this.resent += 1;
    if (known !== undefined && known !== body) this.faults.push(`sent again as another: ${known} and ${body}`);
    this.#reports.set(key, body);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
