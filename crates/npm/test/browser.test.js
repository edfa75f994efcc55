// The browser runtime in Chromium: whatever becomes of the page, the collector's counts are the page's.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { instrument, tally } from "./support/product.js";
import { REFUSE, startReceiver, TAKE, TAKE_IN_SILENCE } from "./support/receiver.js";
import { page, RUNTIME, startBrowser, startSite } from "./support/site.js";

/** In milliseconds. */
const SOON = 20;
const NEVER = 1e9;

const program = (name) => `function ${name}(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    if (i % 2) sum += i % 3 ? 1 : 2;
  }
  switch (n % 3) {
    case 0: sum++; break;
    case 1: sum--;
  }
  return (n && sum) || [1, 2].map((x) => x + n);
}`;

/** How a worker loads its scripts where the policy requires trusted types. */
const IMPORT = `const policy = trustedTypes.createPolicy("app", { createScriptURL: (url) => url });
  importScripts(...["/runtime.js", "/vlq.js", "/plain-vlq.js"].map((url) => policy.createScriptURL(url)));`;

let browser;
let receiver;
let site;
let files;
let context;

before(async (t) => {
  browser = await startBrowser();
  files = {
    "/runtime.js": RUNTIME,
    // Each build in the form that is counted, and with a bare array to compare with.
    "/vlq.js": instrument(t, program("workVlq"), { array: "vlq_arr" }),
    "/number.js": instrument(t, program("workNumber"), { array: "number_arr", ids: "number" }),
    "/plain-vlq.js": instrument(t, program("plainVlq"), { array: "plain_vlq" }),
    "/plain-number.js": instrument(t, program("plainNumber"), { array: "plain_number", ids: "number" }),
  };
});

after(() => browser.close());

beforeEach(async (t) => {
  receiver = await startReceiver();
  const start = (options) => `pathlight(${JSON.stringify({ url: receiver.url, ...options })});`;
  site = await startSite(
    {
      ...files,
      "/soon.js":
        start({ array: "vlq_arr", build: "vlq", interval: SOON }) +
        start({ array: "number_arr", build: "number", interval: SOON, context: { route: "/:id" } }),
      "/never.js":
        start({ array: "vlq_arr", build: "vlq", interval: NEVER }) +
        start({ array: "number_arr", build: "number", interval: NEVER }),
      "/none.js": start({ array: "vlq_arr", build: "vlq", interval: SOON, sample: 0 }),
      // The runtime comes after one build and before the other.
      "/soon": page("/vlq.js", "/plain-vlq.js", "/runtime.js", "/soon.js", "/number.js", "/plain-number.js"),
      "/never": page("/vlq.js", "/plain-vlq.js", "/runtime.js", "/never.js", "/number.js", "/plain-number.js"),
      "/none": page("/runtime.js", "/none.js", "/vlq.js"),
      "/other": page(),
      "/page": page("/runtime.js"),
      "/worker.js": `${IMPORT}
        const flush = ${start({ array: "vlq_arr", build: "vlq", interval: NEVER })}
        onmessage = async ({ data }) => {
          workVlq(data);
          plainVlq(data);
          await flush();
          postMessage(plain_vlq);
        };`,
      "/shared-worker.js": `${IMPORT}
        ${start({ array: "vlq_arr", build: "vlq", interval: SOON })}
        onconnect = ({ ports: [port] }) => {
          port.onmessage = ({ data }) => {
            workVlq(data);
            plainVlq(data);
            port.postMessage(plain_vlq);
          };
        };`,
      "/service-worker.js": `${IMPORT}
        ${start({ array: "vlq_arr", build: "vlq", interval: SOON })}
        addEventListener("activate", (event) => event.waitUntil(clients.claim()));
        onmessage = ({ data, source }) => {
          workVlq(data);
          plainVlq(data);
          source.postMessage(plain_vlq);
        };`,
    },
    `default-src 'none'; script-src 'self'; worker-src 'self'; img-src data:; connect-src ${receiver.origin};` +
      "require-trusted-types-for 'script'; trusted-types app",
  );
  context = await browser.newContext();
  t.after(async () => {
    await context.close();
    site.close();
    await receiver.close();
    assert.deepEqual(receiver.faults, []);
  });
});

/** Opens a page; anything that the browser complains about fails the test. */
async function open(path) {
  const opened = await context.newPage();
  opened.complaints = [];
  opened.on("pageerror", (error) => opened.complaints.push(String(error)));
  opened.on("console", (message) => opened.complaints.push(message.text()));
  await opened.goto(site.origin + path);
  return opened;
}

/** Runs both builds and returns what their bare arrays hold: `{ vlq, number }`. */
async function work(opened, n) {
  const { vlq, number } = await opened.evaluate((n) => {
    workVlq(n);
    plainVlq(n);
    workNumber(n);
    plainNumber(n);
    return { vlq: plain_vlq, number: plain_number };
  }, n);
  return { vlq: tally(vlq), number: tally(number) };
}

const sum = (counts) => Object.values(counts).reduce((all, hits) => all + hits, 0);

async function assertReceived(expected) {
  for (const [build, counts] of Object.entries(expected)) {
    await receiver.until(`the hits of ${build}`, () => sum(receiver.counts(build)) >= sum(counts));
    assert.deepEqual(receiver.counts(build), counts);
    assert.deepEqual(receiver.gaps(build), []);
  }
}

test("two builds on a page with a strict policy, while the page is used", async () => {
  const opened = await open("/soon");
  await work(opened, 7);
  await receiver.until("a first report", () => receiver.reports("number").length > 0);
  await assertReceived(await work(opened, 1000));
  assert.deepEqual(opened.complaints, []);
  const [first] = receiver.bodies.filter((body) => body.includes('"number"'));
  const shape =
    /^\{"schema":1,"build":"number","session":"\d+\.[\de-]+","seq":1,"from":\d+,"to":\d+,"context":\{"route":"\/:id"\},"counts":\{("\d+":\d+,?)+\}\}$/;
  assert.match(first, shape);
  assert.equal(new Set(receiver.reports("vlq").map(({ session }) => session)).size, 1);
});

test("a page that is left for another one", async () => {
  await context.addInitScript(() => {
    const { fetch } = self;
    // Any other request may be cancelled with the page.
    self.fetch = async (url, options) => (options.keepalive ? fetch(url, options) : new Promise(() => {}));
  });
  const opened = await open("/never");
  const expected = await work(opened, 100);
  assert.deepEqual(receiver.bodies, []);
  await opened.goto(site.origin + "/other");
  await assertReceived(expected);
});

test("a page that is closed", async () => {
  const opened = await open("/never");
  const expected = await work(opened, 100);
  await opened.close({ runBeforeUnload: true });
  await assertReceived(expected);
});

test("a page that is closed with 6,000 probes to report", async () => {
  const opened = await open("/never");
  const ids = Array.from({ length: 6000 }, (_, index) => index + 1);
  await opened.evaluate((ids) => ids.forEach((id) => number_arr.push(id)), ids);
  await opened.close({ runBeforeUnload: true });
  await assertReceived({ number: tally(ids) });
  assert.ok(receiver.bodies.reduce((bytes, body) => bytes + Buffer.byteLength(body), 0) < 64 * 1024);
});

test("a browser without keepalive requests sends beacons", async () => {
  await context.addInitScript(() => {
    delete Request.prototype.keepalive;
    // Such a browser cancels its requests with the page.
    self.fetch = () => new Promise(() => {});
  });
  const opened = await open("/never");
  const expected = await work(opened, 100);
  await opened.goto(site.origin + "/other");
  await assertReceived(expected);
});

test("a page that comes back from the back/forward cache", async () => {
  const opened = await open("/never");
  await opened.evaluate(() => addEventListener("pageshow", (event) => (window.wasKept = event.persisted)));
  await work(opened, 10);
  await opened.goto(site.origin + "/other");
  await receiver.until("the first reports", () => receiver.reports("number").length > 0);
  await opened.evaluate(() => history.back());
  await opened.waitForFunction(() => window.wasKept !== undefined);
  assert.equal(await opened.evaluate(() => window.wasKept), true);
  const expected = await work(opened, 20);
  await opened.goto(site.origin + "/other");
  await assertReceived(expected);
  assert.equal(new Set(receiver.reports("vlq").map(({ session }) => session)).size, 1);
});

test("a network that goes away and comes back", async () => {
  const opened = await open("/soon");
  await work(opened, 10);
  await receiver.until("a first report", () => receiver.reports("number").length > 0);
  let failed = 0;
  opened.on("requestfailed", () => (failed += 1));
  await context.setOffline(true);
  await work(opened, 20);
  await receiver.until("two failures", () => failed >= 2);
  const expected = await work(opened, 30);
  await context.setOffline(false);
  await assertReceived(expected);
});

test("a collector that refuses and then takes", async () => {
  receiver.behaviour = REFUSE;
  const opened = await open("/soon");
  await work(opened, 10);
  await receiver.until("refusals", () => receiver.refused >= 4);
  const expected = await work(opened, 30);
  receiver.behaviour = TAKE;
  await assertReceived(expected);
});

test("a report whose answer was lost comes again as the same one", async () => {
  receiver.behaviour = TAKE_IN_SILENCE;
  const opened = await open("/soon");
  await work(opened, 10);
  await receiver.until("a report sent again", () => receiver.resent >= 2);
  const expected = await work(opened, 30);
  receiver.behaviour = TAKE;
  await assertReceived(expected);
});

test("a worker that reports before it closes", async () => {
  const opened = await open("/other");
  const plain = await opened.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const policy = trustedTypes.createPolicy("app", { createScriptURL: (url) => url });
        const worker = new Worker(policy.createScriptURL("/worker.js"));
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => reject(new Error(event.message));
        worker.postMessage(50);
      }),
  );
  await assertReceived({ vlq: tally(plain) });
});

test("a worker that two pages share", async () => {
  const ask = (n) =>
    new Promise((resolve, reject) => {
      const policy = trustedTypes.createPolicy("app", { createScriptURL: (url) => url });
      const worker = new SharedWorker(policy.createScriptURL("/shared-worker.js"));
      worker.onerror = (event) => reject(new Error(event.message));
      worker.port.onmessage = ({ data }) => resolve(data);
      worker.port.postMessage(n);
    });
  const [first, second] = [await open("/other"), await open("/other")];
  await first.evaluate(ask, 50);
  await assertReceived({ vlq: tally(await second.evaluate(ask, 7)) });
  assert.equal(new Set(receiver.reports("vlq").map(({ session }) => session)).size, 1);
});

test("a service worker", async () => {
  const opened = await open("/other");
  const plain = await opened.evaluate(async () => {
    const policy = trustedTypes.createPolicy("app", { createScriptURL: (url) => url });
    await navigator.serviceWorker.register(policy.createScriptURL("/service-worker.js"));
    const { active } = await navigator.serviceWorker.ready;
    return new Promise((resolve) => {
      navigator.serviceWorker.onmessage = ({ data }) => resolve(data);
      active.postMessage(50);
    });
  });
  await assertReceived({ vlq: tally(plain) });
});

test("more hits than one request may carry", async () => {
  const opened = await open("/soon");
  await opened.evaluate(() => {
    for (let id = 1; id <= 120_000; id++) number_arr.push(id);
    for (let id = 1; id <= 12_000; id++) vlq_arr.push(`id${id}`);
  });
  await assertReceived({
    number: Object.fromEntries(Array.from({ length: 120_000 }, (_, index) => [index + 1, 1])),
    vlq: Object.fromEntries(Array.from({ length: 12_000 }, (_, index) => [`id${index + 1}`, 1])),
  });
  assert.ok(receiver.bodies.every((body) => Buffer.byteLength(body) < 64 * 1024));
});

test("a session outside of the sample", async () => {
  const opened = await open("/none");
  const requests = [];
  opened.on("request", (request) => requests.push(request.url()));
  const pushed = await opened.evaluate(() => {
    workVlq(100);
    return vlq_arr.push("C");
  });
  assert.equal(pushed, undefined);
  await opened.goto(site.origin + "/other");
  assert.deepEqual(requests, [`${site.origin}/other`]);
});

test("without a collector: reports go to a callback, again if it fails", async () => {
  const opened = await open("/page");
  const reports = await opened.evaluate(async () => {
    const given = [];
    globalThis.my_arr = ["C", "E", "C"];
    const earlier = my_arr;
    const flush = pathlight({
      array: "my_arr",
      interval: 1e9,
      send(report) {
        given.push(report);
        if (given.length === 1) throw new Error("not now");
      },
    });
    my_arr.push("G");
    // Code that took the array before the runtime came.
    earlier.push("C");
    await flush();
    await flush();
    my_arr.push("C");
    await flush();
    await flush();
    return given;
  });
  assert.equal(reports[0], reports[1]);
  const parsed = reports.slice(1).map((report) => JSON.parse(report));
  assert.deepEqual(
    parsed.map(({ seq }) => seq),
    [1, 2],
  );
  assert.deepEqual(
    parsed.map(({ counts }) => counts),
    [{ C: 3, E: 1, G: 1 }, { C: 1 }],
  );
});

test("numbers are reported though strings have taken all room", async () => {
  const opened = await open("/page");
  const hits = await opened.evaluate(async () => {
    let hits = 0;
    const send = (report) => void (hits += JSON.parse(report).counts[5] ?? 0);
    const flush = pathlight({ array: "my_arr", interval: 1e9, send });
    my_arr.push(5);
    for (let id = 0; id < 1e6; id++) my_arr.push(`id${id}`);
    await flush();
    return hits;
  });
  assert.equal(hits, 1);
});

test("a second runtime leaves the first one's counts alone", async () => {
  const opened = await open("/page");
  const given = await opened.evaluate(async () => {
    const given = [];
    const options = { array: "my_arr", interval: 1e9, send: (report) => void given.push(JSON.parse(report).counts) };
    const first = pathlight(options);
    my_arr.push(1);
    const second = pathlight(options);
    my_arr.push(1);
    await second();
    await first();
    return given;
  });
  assert.deepEqual(given, [{ 1: 2 }]);
});
