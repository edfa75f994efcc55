// The pages in Chromium, from disk and from a server with a strict policy. What is compared are facts of layout and
// style, not pictures: fonts differ from machine to machine, and a picture does not say what is wrong.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { pathToFileURL } from "node:url";
import { leastContrast } from "../../../npm/test/support/contrast.js";
import { startBrowser } from "../../../npm/test/support/site.js";

const PAGES = process.env.PAGES;
const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'";
const SERVER = "https://pages.test";
const TYPES = {
  ".html": { "content-type": "text/html" },
  ".css": { "content-type": "text/css" },
  ".js": { "content-type": "text/javascript" },
};
const url = (path) => new URL(path, `${pathToFileURL(PAGES).href}/`).href;
const pageOf = (report, name) => {
  const pages = readdirSync(join(PAGES, report, "html/f"));
  return `${report}/html/f/${pages.find((page) => page.startsWith(name))}`;
};

let browser;
let page;
let requests;
let complaints;

/** With a `policy` the page comes from a server that sends it, else from disk. */
async function open(path, { policy, ...options } = {}) {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...options });
  requests = [];
  complaints = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  await page.exposeFunction("fired", () => complaints.push("a script of the data ran"));
  await page.route(`${SERVER}/**`, (route) => {
    const file = new URL(route.request().url()).pathname;
    return route.fulfill({
      path: join(PAGES, file),
      headers: { ...TYPES[extname(file)], "content-security-policy": policy },
    });
  });
  await page.goto(policy ? `${SERVER}/${path}` : url(path));
}

const names = () => page.locator("tr.row .name bdi").allTextContents();
const focused = () => page.evaluate(() => document.activeElement.querySelector(".name bdi, bdi")?.textContent);

before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());
beforeEach(() => {
  page = undefined;
});
afterEach(async () => {
  assert.deepEqual(complaints, []);
  await page.close();
});

test("from disk: nothing is loaded but files of the report", async () => {
  for (const path of ["small/index.html", "small/html/all.html", pageOf("small", "a-one-js")]) {
    await open(path);
    assert.ok(requests.length > 1);
    for (const request of requests) assert.ok(request.startsWith(url("small/")), request);
    assert.deepEqual(complaints, []);
    await page.close();
  }
  await open("small/index.html");
});

test("from a server with a strict policy", async () => {
  await open("small/index.html", { policy: POLICY });
  assert.ok((await names()).includes("top.js"));
  assert.equal(await page.locator("#rows").evaluate((table) => getComputedStyle(table).tableLayout), "fixed");
  await page.locator("a", { hasText: "top.js" }).click();
  await page.waitForURL(/top-js/);
  await page.keyboard.press("n");
  assert.equal(await page.locator(".here").count(), 1);
});

test("the tree: folders first, sums, what never ran", async () => {
  await open("small/index.html");
  assert.deepEqual(await names(), ["a", "missing.js", "one.js", "two.js", "b", "four.js", "three.js", "top.js"]);
  const row = page.locator("tr.row", { hasText: "four.js" });
  assert.match(await row.textContent(), /never ran/);
  assert.match(await page.locator("tr.row").first().textContent(), /100\.00 %\s+3\/3/);
  assert.equal(await page.locator("tr.row").first().getAttribute("aria-expanded"), "true");
});

test("keys: down, up, close, open, help, views", async () => {
  await open("small/index.html");
  for (const key of ["j", "j", "k"]) await page.keyboard.press(key);
  assert.equal(await focused(), "a");
  await page.keyboard.press("ArrowLeft");
  assert.deepEqual(await names(), ["a", "b", "four.js", "three.js", "top.js"]);
  await page.keyboard.press("Enter");
  assert.equal((await names()).length, 8);
  await page.keyboard.press("?");
  assert.equal(await page.locator("#help").isVisible(), true);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#help").isVisible(), false);
  await page.keyboard.press("2");
  assert.match(await page.locator("tr.row").first().textContent(), /four\.js:1.*the whole file/);
  await page.keyboard.press("3");
  assert.equal(await page.locator("[role=tab][aria-selected=true]").textContent(), "Hot");
  await page.keyboard.press("1");
  await page.keyboard.press("j");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForURL(/missing/);
});

test("the filter: as you type, in the address, cleared by Escape", async () => {
  await open("small/index.html");
  await page.keyboard.press("/");
  await page.keyboard.type("B/ THR");
  assert.deepEqual(await names(), ["b", "three.js"]);
  assert.match(page.url(), /q=B%2F\+THR/);
  await page.reload();
  assert.deepEqual(await names(), ["b", "three.js"]);
  await page.keyboard.press("Escape");
  assert.equal((await names()).length, 8);
  await page.selectOption("#state", "dead");
  assert.deepEqual(await names(), ["b", "four.js"]);
});

test("columns sort, up and down", async () => {
  await open("small/index.html#flat=1");
  await page.click("[data-sort=hits]");
  assert.equal(await page.locator("th[aria-sort=descending]").textContent(), "Hits");
  const hits = async () => (await page.locator("tr.row td:last-child").allTextContents()).map(Number);
  const down = await hits();
  assert.deepEqual(
    down,
    [...down].sort((a, b) => b - a),
  );
  await page.click("[data-sort=hits]");
  assert.deepEqual(await hits(), down.reverse());
});

test("ten thousand files: only rows in sight, and every one can be reached", async () => {
  await open("many/index.html#flat=1");
  assert.match(await page.locator("#status").textContent(), /10,000 of 10,000 files/);
  assert.ok((await page.locator("tr.row").count()) < 100);
  await page.keyboard.press("j");
  await page.keyboard.press("End");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-rowindex")), "10001");
  const { top, bottom } = await page.evaluate(() => document.activeElement.getBoundingClientRect().toJSON());
  assert.ok(top >= 0 && bottom <= 800);
  for (let i = 0; i < 40; i++) await page.keyboard.press("k");
  const isBelowHead = () =>
    document.activeElement.getBoundingClientRect().top >= document.querySelector("th").getBoundingClientRect().bottom;
  assert.ok(await page.evaluate(isBelowHead));
  await page.keyboard.press("/");
  await page.keyboard.type("module9876.");
  assert.deepEqual(await names(), ["packages/p9/src/f6/module9876.js"]);
});

test("names have room at every width", async () => {
  await open("changed/index.html#flat=1");
  for (const width of [390, 600, 780, 961, 1121, 1280, 1601]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [view, cell] of [["files", ".col-name"], ["never", ".col-place"]]) {
      await page.click(`[data-view=${view}]`);
      const { width: room } = await page.locator(`td${cell}`).first().boundingBox();
      assert.ok(room >= 100, `${view} at ${width}: ${room}`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${view} at ${width}: ${overflow} too wide`);
    }
  }
});

test("paper has every row, and no room for rows that are not there", async () => {
  await open("many/index.html#q=module98");
  const onPaper = (is) => page.evaluate((name) => dispatchEvent(new Event(name)), is ? "beforeprint" : "afterprint");
  await page.emulateMedia({ media: "print" });
  await onPaper(true);
  assert.ok((await page.locator("tr.row").count()) > 111);
  assert.equal(await page.locator(".spacer:visible").count(), 0);
  await onPaper(false);
  await page.emulateMedia({ media: null });
  assert.ok((await page.locator("tr.row").count()) < 60);
});

test("the theme: the system's, then what the reader chooses, on every page", async () => {
  await open("small/index.html", { colorScheme: "dark" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.keyboard.press("t");
  const light = await background();
  assert.notEqual(light, dark);
  await page.goto(url(pageOf("small", "top-js")));
  assert.equal(await background(), light);
  await page.click("#theme");
  assert.equal(await background(), dark);
});

for (const colorScheme of ["light", "dark"]) {
  test(`texts can be read, ${colorScheme}`, async () => {
    const pages = [
      "small/index.html",
      "small/index.html#view=never",
      "small/html/all.html",
      "changed/index.html",
      "changed/html/all.html",
      pageOf("changed", "b-four"),
      pageOf("small", "b-four"),
      pageOf("small", "top"),
      pageOf("small", "a-missing"),
    ];
    for (const path of pages) {
      await open(path, { colorScheme });
      const [contrast, where] = await page.evaluate(leastContrast);
      assert.ok(contrast >= 4.5, `${path}: ${contrast} at ${where}`);
      if (path !== pages.at(-1)) await page.close();
    }
  });
}

test("a file: never-run code within a line, the else that nobody wrote, n and p", async () => {
  await open(pageOf("small", "a-one-js"));
  assert.deepEqual(await page.locator("mark").allTextContents(), ["2"]);
  const mark = await page.locator("mark").evaluate((mark) => {
    const { backgroundColor, textDecorationLine } = getComputedStyle(mark);
    return { backgroundColor, textDecorationLine, before: getComputedStyle(mark.parentElement).backgroundColor };
  });
  assert.notEqual(mark.backgroundColor, mark.before);
  assert.equal(mark.textDecorationLine, "underline");
  const made = await page.locator("#L4 .made").evaluate((made) => getComputedStyle(made, "::before").content);
  assert.equal(made, '"else never"');
  assert.equal(await page.locator("#L5").evaluate((line) => line.classList.contains("partly")), true);
  for (const [key, text] of [
    ["n", "1 of 2"],
    ["n", "2 of 2"],
    ["n", "1 of 2"],
    ["p", "2 of 2"],
  ]) {
    await page.keyboard.press(key);
    assert.match(await page.locator("#stop").textContent(), new RegExp(text));
  }
  assert.equal(await page.locator(".here").textContent(), "2");
  await page.keyboard.press("u");
  await page.waitForURL(/index\.html$/);
});

test("copied source is the source", async () => {
  await open(pageOf("small", "a-one-js"));
  await page.keyboard.press("c");
  const text = await page.locator(".l code").allTextContents();
  assert.equal(text.join("\n"), 'function ran(a) {\n  if (a) {\n    return 1;\n  }\n  return a ? "<b>" : 2;\n}\n');
});

test("a source that is not at hand is said, and points have places", async () => {
  await open(pageOf("small", "a-missing"));
  assert.match(await page.locator(".warning").textContent(), /not at hand/);
  assert.deepEqual((await page.locator(".points td:first-child").allTextContents()).slice(0, 2), ["1:0", "2:9"]);
});

test("what the bundler dropped is neither run nor never run", async () => {
  await open("shipped/index.html");
  const tags = await page.locator("tr.row").allTextContents();
  assert.match(tags[0], /^dropped\.jsremoved/);
  assert.match(tags[1], /^kept\.jsnever ran/);
  await page.selectOption("#state", "removed");
  assert.deepEqual(await names(), ["dropped.js"]);
  await page.goto(url(pageOf("shipped", "dropped-js")));
  assert.equal(await page.locator("mark").count(), 0);
  assert.match((await page.locator("s").allTextContents()).join(""), /^function ran\(a\) \{/);
  assert.equal(await page.locator("#L1").evaluate((line) => line.classList.contains("removed")), true);
});

test("bytes of bundle: of all, of each file", async () => {
  await open("shipped/index.html");
  assert.match(await page.locator(".tally", { hasText: "never-run bundle" }).textContent(), /20 bytes of 40 bytes/);
  const cells = await page.locator("tr.row td.col-bundle").allTextContents();
  assert.deepEqual(cells, ["–", "20 bytes"]);
  await page.goto(url(pageOf("shipped", "kept-js")));
  assert.match(await page.locator(".tally", { hasText: "never-run bundle" }).textContent(), /20 bytes of 40 bytes/);
});

test("a change: what of it never ran, in the totals, the tree and the ranking", async () => {
  await open("changed/index.html");
  assert.match(await page.locator(".tally", { hasText: "changed lines" }).textContent(), /42\.85 %.*3 of 7 ran, 4 never/);
  await page.keyboard.press("d");
  assert.deepEqual(await names(), ["b", "four.js"]);
  assert.match(await page.locator("tr.row", { hasText: "four.js" }).textContent(), /4 of 4 never/);
  assert.match(page.url(), /show=changed-never/);
  await page.keyboard.press("2");
  assert.equal(await page.locator("tr.row").count(), 1);
  await page.keyboard.press("d");
  assert.ok((await page.locator("tr.row").count()) > 1);
  await page.keyboard.press("1");
  await page.click(".changed-never");
  assert.deepEqual(await names(), ["b", "four.js"]);
  await page.selectOption("#state", "changed");
  assert.deepEqual(await names(), ["a", "one.js", "b", "four.js"]);
  assert.match(await page.locator("tr.row", { hasText: "one.js" }).textContent(), /all ran/);
  await page.goto(url("small/index.html"));
  await page.keyboard.press("d");
  assert.equal((await names()).length, 8);
});

test("a change in a file: its lines are marked, and n goes to them alone", async () => {
  await open(pageOf("changed", "b-four"));
  assert.equal(await page.locator(".l.changed").count(), 6);
  const mark = (line) => page.locator(`#L${line} .n`).evaluate((n) => getComputedStyle(n, "::before").content);
  assert.match(await mark(1), /\+/);
  assert.equal(await mark(7), "none");
  await page.keyboard.press("d");
  assert.match(await page.locator("#stop").textContent(), /1 changed and never run/);
  await page.keyboard.press("n");
  assert.equal(await page.locator(".here").getAttribute("id"), "L1");
  await page.keyboard.press("d");
  assert.match(await page.locator("#stop").textContent(), /^\d+ never run/);
  await page.click(".changed-never");
  assert.match(page.url(), /#L1$/);
});

test("a link to a line", async () => {
  await open(`${pageOf("small", "a-one-js")}`);
  await page.click("#L5 .n");
  assert.match(page.url(), /#L5$/);
  assert.notEqual(await page.locator("#L5").evaluate((line) => getComputedStyle(line).outlineStyle), "none");
});

test("without JavaScript the source, the ranking and all files can be read", async () => {
  await open(pageOf("small", "a-one-js"), { javaScriptEnabled: false });
  assert.equal(await page.locator("mark").count(), 1);
  assert.equal(await page.locator("#next").isVisible(), false);
  await page.goto(url("small/index.html"));
  await page.click("noscript a");
  assert.equal(await page.locator("#files + table tbody tr").count(), 6);
});

test("hostile names and functions are text", async () => {
  for (const path of ["index.html", "index.html#view=never", "index.html#view=hot", "html/all.html"]) {
    await open(`hostile/${path}`);
    assert.equal(await page.locator("img, script:not([src]):not([type])").count(), 0);
    assert.match(await page.locator("body").textContent(), /<img src=x onerror=fired\(\)>/);
    await page.keyboard.press("f");
    for (const element of await page.locator("tr.row").all()) await element.hover();
    assert.deepEqual(complaints, []);
    await page.close();
  }
  for (const name of readdirSync(join(PAGES, "hostile/html/f"))) {
    await open(`hostile/html/f/${name}`);
    assert.equal(await page.locator("img, script:not([src])").count(), 0);
    await page.click("#up");
    await page.waitForURL(/hostile\/index\.html/);
    assert.deepEqual(complaints, []);
    await page.close();
  }
  await open("hostile/index.html#flat=1");
  assert.equal(await page.locator("tr.row").count(), 9);
  assert.ok((await names()).some((name) => name.includes("\\u{202e}")));
  for (const href of await page.locator("tr.row a").evaluateAll((links) => links.map((link) => link.href))) {
    assert.match(href, /^file:.*\/hostile\/html\/f\/[a-z0-9-]+\.html/);
  }
});
