// Counts in the page and sends the counts: the source of browser.min.js. Every byte is one that pages load, hence
// the short cuts; `browser.d.ts` says what the options mean.

/** Ids below this are counted in an array, others, as strings are, in objects. */
const COUNTERS = 1e5;
/** Objects at most: more probes no build has. What comes beyond is not counted. */
const OTHERS = 1e6;
/** About 10 KB as a rule, and at most 30 KB. */
const IDS_A_REPORT = 1000;
/** At once, when a page is left: what fills the 64 KB that its keepalive requests share, and what does not fit waits. */
const REPORTS_AT_ONCE = 6;
/** While so many reports wait for a collector that does not answer, hits stay in the counters. */
const REPORTS_KEPT = 9;
/** In milliseconds: one that is at least as long is not doubled any more. */
const LONG_DELAY = 2e5;

export function start({
  array = "ist_arr",
  build,
  url,
  context,
  sample = 1,
  interval = 1e4,
  send = async (body) => {
    // A browser that would cancel the request with the page gets the report in two ways; the collector takes one.
    if (navigator.sendBeacon && !("keepalive" in Request.prototype)) navigator.sendBeacon(url, body);
    if (!(await fetch(url, { method: "POST", body, keepalive: true })).ok) throw 0;
  },
}) {
  const numbers = new Float64Array(COUNTERS);
  // The proxy is asked for what is not there yet.
  const others = { __proto__: new Proxy({}, { get: (_, id) => (size++ < OTHERS ? (others[id] = { n: 0 }) : {}) }) };
  const waiting = [];
  let size = 0;
  let seq = 0;
  let from = Date.now();
  // Most of what a page will ever run it runs when it starts: soon sent, there is little left for the end.
  let delay = interval / 8;
  // A millisecond and 52 random bits: of a thousand million sessions a day, two are alike once in 2,000 years. Better
  // random numbers would cost 20 bytes more than there are.
  const session = from + "" + Math.random();

  /** Sends `body` and then what waits, one after another, until one fails. */
  const deliver = async (body) => {
    try {
      for (; body; body = waiting.shift()) {
        await send(body);
        delay = interval;
      }
    } catch (_) {
      waiting.push(body);
      if (delay < LONG_DELAY) delay *= 2;
    }
  };

  /** Turns all hits into reports, which keep their text so that they can be sent again as the same ones. */
  const flush = () => {
    if (!waiting[REPORTS_KEPT]) {
      // First: numbers that come into the objects now must find room, however many strings have come before.
      size = 0;
      numbers.forEach((hits, id) => hits && ((others[id].n += hits), (numbers[id] = 0)));
      const hit = Object.keys(others);
      while (hit[0]) {
        const counts = {};
        for (const id of hit.splice(0, IDS_A_REPORT)) {
          counts[id] = others[id].n;
          delete others[id];
        }
        waiting.push(
          JSON.stringify({ schema: 1, build, session, seq: ++seq, from, to: (from = Date.now()), context, counts }),
        );
      }
    }
    return Promise.all(waiting.splice(0, REPORTS_AT_ONCE).map(deliver));
  };

  /** Workers have no idle callbacks. */
  const later = () =>
    setTimeout(self.requestIdleCallback || setTimeout, delay * (0.5 + Math.random()), () => flush().then(later), {
      timeout: 1000,
    });

  // Functions of at most 27 bytes of bytecode V8 inlines wherever they are called; a longer one only until the caller
  // is full, which with a probe at each branch is soon. As parameters, the tables need no check that they are there.
  const countOther = (id) => ++others[id].n;
  const countNumber = ((numbers, countOther) => (id) => ++numbers[id] || countOther(id))(numbers, countOther);

  const probes = self[array] || (self[array] = []);
  // What is no array is a runtime already: maybe this one, loaded by another bundle of the build.
  if (probes.map) {
    const earlier = probes.splice(0);
    if (Math.random() < sample) {
      // The array stays: compiled code holds it and its only `push` as constants. Which one, the first id tells.
      probes.__proto__ = {
        push(id) {
          probes.push = id > 0 ? countNumber : countOther;
          probes.push(id);
        },
      };
      earlier.map((id) => probes.push(id));
      // `hidden` is the last event that a page is sure to see; on coming back there may be a report to send again.
      addEventListener("visibilitychange", flush);
      addEventListener("pagehide", flush);
      later();
    } else probes.__proto__ = { push() {} };
  }
  return flush;
}
