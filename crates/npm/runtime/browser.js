// Counts in the page and sends the counts: the source of browser.min.js. Every byte is one that pages load, hence
// the short cuts; `browser.d.ts` says what the options mean.

/** Ids below this are counted in an array; others, as strings are, in a map that grows by one entry an id. */
const COUNTERS = 1e5;
/** At most 60 KB in a report: two of them pass the 64 KB that a page's keepalive requests share, by far as a rule. */
const IDS_A_REPORT = 2000;
/** While so many reports wait for a collector that does not answer, hits stay in the counters. */
const REPORTS_KEPT = 9;
/** In milliseconds. */
const LONGEST_DELAY = 3e5;

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
  const isSampled = Math.random() < sample;
  const numbers = new Float64Array(COUNTERS);
  const others = new Map();
  const waiting = [];
  // `randomUUID` is missing in pages that came by plain HTTP.
  const session = crypto.getRandomValues(new Uint32Array(4)).join();
  let seq = 0;
  let from = Date.now();
  let delay = interval;

  // No result of the count is returned: it would have to be allocated.
  const push = isSampled
    ? (id) => {
        if (typeof id == "number" && id < numbers.length) numbers[id]++;
        else (others.get(id) || others.set(id, { hits: 0 }).get(id)).hits++;
        return 0;
      }
    : () => 0;

  /** Turns all hits into reports. A report keeps its text, so that it can be sent again as the same one. */
  const collect = () => {
    const hit = [];
    numbers.forEach((hits, id) => {
      if (hits) {
        hit.push([id, hits]);
        numbers[id] = 0;
      }
    });
    others.forEach((entry, id) => hit.push([id, entry.hits]));
    others.clear();
    while (hit[0]) {
      const counts = {};
      for (const [id, hits] of hit.splice(0, IDS_A_REPORT)) counts[id] = hits;
      waiting.push(JSON.stringify({ schema: 1, build, session, seq: ++seq, from, to: Date.now(), context, counts }));
    }
    from = Date.now();
  };

  /** Sends `body` and then what waits, one after another, until one fails. */
  const deliver = async (body) => {
    try {
      for (; body; body = waiting.shift()) {
        await send(body);
        delay = interval;
      }
    } catch (_) {
      waiting.push(body);
      delay = Math.min(delay * 2, LONGEST_DELAY);
    }
  };

  const flush = () => {
    if (!waiting[REPORTS_KEPT]) collect();
    return Promise.all(waiting.splice(0, 2).map(deliver));
  };

  /** Workers have no idle callbacks. */
  const later = () =>
    setTimeout(self.requestIdleCallback || setTimeout, delay * (0.5 + Math.random()), () => flush().then(later), {
      timeout: 1000,
    });

  const earlier = self[array] || [];
  // What is no array is a runtime already: maybe this one, loaded by another bundle of the build.
  if (earlier.map) {
    self[array] = { push };
    earlier.map(push);
    // Code may hold the array under another name.
    earlier.push = push;
    if (isSampled) {
      // `hidden` is the last event that a page is sure to see; on coming back there may be a report to send again.
      addEventListener("visibilitychange", flush);
      addEventListener("pagehide", flush);
      later();
    }
  }
  return flush;
}
