// When the browser runtime reports, and which sessions do, in Chromium.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startReceiver } from "./support/receiver.js";
import { page, RUNTIME, startBrowser, startSite } from "./support/site.js";

/** In milliseconds. */
const NEVER = 1e9;

let browser;
let site;
let opened;

before(async () => {
  browser = await startBrowser();
  site = await startSite({ "/": page("/runtime.js"), "/runtime.js": RUNTIME }, "script-src 'self'");
});

after(async () => {
  await browser.close();
  site.close();
});

beforeEach(async (t) => {
  const context = await browser.newContext();
  t.after(() => context.close());
  opened = await context.newPage();
  await opened.goto(site.origin);
});

test("a page that is hidden and not left", async (t) => {
  const receiver = await startReceiver();
  t.after(() => receiver.close());
  await opened.evaluate(
    (options) => {
      pathlight(options);
      ist_arr.push("C");
      // Chromium without a screen hides no page: the event comes as it does there, at the document.
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    },
    { build: "hidden", url: receiver.url, interval: NEVER },
  );
  await receiver.until("the report", () => receiver.bodies.length > 0);
  assert.deepEqual(receiver.counts("hidden"), { C: 1 });
});

/**
 * The delays that the runtime asks for while a report fails so many times and then succeeds, in milliseconds; every
 * random number is `random`.
 */
const delays = (interval, failures, random) =>
  opened.evaluate(
    async ([interval, failures, random]) => {
      const asked = [];
      let next;
      self.setTimeout = (_, delay, then) => {
        asked.push(delay);
        next = then;
      };
      Math.random = () => random;
      const send = async () => {
        if (failures-- > 0) throw new Error("not now");
      };
      const array = `my_arr_${random}`;
      pathlight({ array, interval, send });
      self[array].push("C");
      while (failures >= 0) {
        const before = asked.length;
        next();
        while (asked.length === before) await undefined;
      }
      return asked;
    },
    [interval, failures, random],
  );

test("the time to the next report doubles with each failure until it is some minutes, and is as before after", async () => {
  const waits = Array.from({ length: 17 }, (_, failure) => 12.5 * 2 ** Math.min(failure + 1, 14));
  assert.deepEqual(await delays(100, waits.length, 0.5), [12.5, ...waits, 100]);
});

test("times are half as long to half as long again, so that pages do not report all at once", async () => {
  assert.deepEqual(await delays(100, 1, 0), [6.25, 12.5, 50]);
  assert.deepEqual((await delays(100, 1, 1 - 2 ** -53)).map(Math.round), [19, 38, 150]);
});

test("a session counts if its random number is in the sample", async () => {
  const counts = await opened.evaluate(async () => {
    const given = [];
    for (const [index, random] of [0, 0.29, 0.3, 0.99].entries()) {
      Math.random = () => random;
      const array = `my_arr_${index}`;
      const flush = pathlight({ array, sample: 0.3, interval: 1e9, send: () => void given.push(random) });
      self[array].push("C");
      await flush();
    }
    return given;
  });
  assert.deepEqual(counts, [0, 0.29]);
});
