// The collector's pages in Chromium: what people see of a build, and that nothing of what clients sent runs or hides it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Collector } from "./support/collector.js";
import { leastContrast } from "./support/contrast.js";
import { findProduct } from "./support/product.js";
import { startBrowser } from "./support/site.js";

const HOSTILE = '<img src=x onerror="alert(1)">';
const SOURCE = `function ran(a) { return a ? 1 : 2; }\nfunction neverRan() { return "${HOSTILE.replaceAll('"', "'")}"; }\nran(1);\n`;
const PAGES = [
  ["./", "Builds"],
  ["build?id=new", "new"],
  ["never-run?id=new", "neverRan"],
  ["file?build=new&name=src%2Fapp.js", "app.js"],
  ["changes?before=old&after=new", "Changes"],
  ["ingest", "Ingest"],
];

let browser;
let collector;
let folder;

before(async () => {
  browser = await startBrowser();
  folder = mkdtempSync(join(tmpdir(), "pathlight-npm-"));
  collector = new Collector(folder, "http://site.test");
  await collector.start();
  mkdirSync(join(folder, "src"));
  // Ids: C the file with the strange name, E and G the arms of `ran`, then the functions I, K and M.
  for (const [build, source, counts] of [
    ["old", `${SOURCE}function stopped() {}\n`, { E: 1, G: 500, I: 501, M: 2 }],
    ["new", `${SOURCE}function added() {}\n`, { C: 5, E: 1, G: 1 }],
  ]) {
    writeFileSync(join(folder, "src/app.js"), source);
    writeFileSync(join(folder, `src/${HOSTILE.replaceAll("/", "")}.js`), "function strange() {}\n");
    const flags = ["--root", folder, "--build-id", build, "--embed-sources", "--quiet", "--mapping", join(folder, build)];
    execFileSync(findProduct(), ["instrument", join(folder, "src"), "--out-dir", join(folder, "out", build), ...flags]);
    collector.push(join(folder, build));
    for (const seq of [1, 2, 4]) await post({ build, session: "s", seq, counts });
  }
  await post({ build: "new", session: "t", seq: 1, counts: { E: 1, gB: 1 } });
  await post({ build: "new", session: "t", seq: 1, counts: { E: 1, gB: 1 } });
  await post({ build: HOSTILE, session: "s", seq: 1, counts: { C: 1 } });
});
after(async () => {
  await browser.close();
  await collector.kill();
  rmSync(folder, { recursive: true });
});

async function post(report) {
  const response = await fetch(`${collector.origin}/v1/reports`, {
    method: "POST",
    body: JSON.stringify({ schema: 1, ...report }),
  });
  assert.equal(response.status, 200, await response.text());
}

/** A browser that nobody has used; what it complains about fails the test. */
async function open(t, path, options) {
  const context = await browser.newContext(options);
  const complaints = [];
  context.on("console", (message) => {
    // Chromium notes that a page asks for a token, and that no user's name goes with it.
    if (!/401 \(Unauthorized\)|^\[DOM\] Password forms/.test(message.text())) complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("dialog", (dialog) => complaints.push(`dialog: ${dialog.message()}`));
  t.after(async () => {
    await context.close();
    assert.deepEqual(complaints, []);
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  await page.goto(`${collector.origin}/${path}`);
  return page;
}

async function logIn(page, token) {
  await page.getByLabel("Token").fill(token);
  await page.keyboard.press("Enter");
}

test("a wrong token is refused, and the right one leads where one wanted to go", async (t) => {
  const page = await open(t, "never-run?id=new");
  assert.equal(await page.evaluate(() => document.activeElement.id), "token");
  await logIn(page, "pathlight_wrong");
  await page.getByRole("alert").waitFor();
  await logIn(page, collector.token);
  await page.waitForURL(/never-run\?id=new$/);
  await page.getByText("neverRan").first().waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(/login$/);
  await page.goto(`${collector.origin}/ingest`);
  assert.equal(await page.getByLabel("Token").count(), 1);
});

test("from the list of builds to the source, by links, and by keys", async (t) => {
  const page = await open(t, "");
  await logIn(page, collector.token);
  await page.getByRole("link", { name: "new", exact: true }).click();
  await page.waitForURL(/build\?id=new/);
  await page.getByRole("link", { name: /app\.js/ }).first().click();
  await page.waitForURL(/file\?/);
  assert.match(await page.locator("main").textContent(), /function neverRan\(\)/);
  await page.keyboard.press("n");
  assert.equal(await page.locator(".here").count(), 1);
  await page.goto(`${collector.origin}/`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "main");
});

test("names that are markup are shown as they are", async (t) => {
  const page = await open(t, "");
  await logIn(page, collector.token);
  await page.getByRole("button", { name: "Log out" }).waitFor();
  assert.ok((await page.locator("main").textContent()).includes(HOSTILE));
  await page.goto(`${collector.origin}/build?id=new`);
  assert.equal(await page.locator("img[src=x]").count(), 0);
  assert.ok((await page.locator("main").textContent()).includes("<img src=x onerror="));
});

/** Texts of the cells of each row of a table's body. */
function rows(table) {
  return table.locator("tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
}

test("changes are those between the two builds", async (t) => {
  const page = await open(t, "changes?before=old&after=new");
  await logIn(page, collector.token);
  await page.getByRole("heading", { name: "What changed" }).waitFor();
  const main = (await page.locator("main").innerText()).replace(/\s+/g, " ");
  assert.match(main, /Earlier old 1 session on 1 day .*functions 50\.00 % 2\/4 .*branches 100\.00 % 2\/2/);
  assert.match(main, /Later new 2 sessions on 1 day .*functions 25\.00 % 1\/4 .*branches 100\.00 % 2\/2/);
  assert.match(main, /Files: 1 the same, 1 changed, 0 new, 0 removed\. Functions: 3 the same, 0 changed, 1 new, 1 removed\./);
  const kinds = await page.locator(".choices a").allInnerTexts();
  assert.deepEqual(kinds, ["No longer runs 1", "Runs now 1", "New, never run 1", "Removed 1"]);
  const strange = `src/${HOSTILE.replaceAll("/", "")}.js`;
  for (const [kind, expected] of [
    ["No longer runs", ["src/app.js:1", "function ran", "1,503", "1", "0", "2"]],
    ["Runs now", [strange, "the whole file", "0", "unobserved", "15", "1"]],
    ["New, never run", ["src/app.js:4", "function added", "–", "–", "0", "2"]],
    ["Removed", ["src/app.js:4", "function stopped", "6", "1", "–", "–"]],
  ]) {
    await page.getByRole("link", { name: kind }).click();
    await page.locator(".choices [aria-current]", { hasText: kind }).waitFor();
    assert.deepEqual(await rows(page.locator("table.list")), [expected], kind);
  }
});

test("ingest shows what came in", async (t) => {
  const page = await open(t, "ingest");
  await logIn(page, collector.token);
  await page.getByRole("heading", { name: "Ingest" }).waitFor();
  const total = async (name) => (await page.locator(".tally", { hasText: name }).locator("dd").innerText()).replace(/\s+/g, " ");
  assert.match(await total("reports received"), /^7 /);
  assert.match(await total("reports lost"), /^22\.22 % 2 never came/);
  assert.match(await total("kept apart"), /^7 bytes .* of the room/);
  assert.match(await total("store"), /^[\d.]+ [kM]B SQLite 3\..* older than 90 days goes$/);
  assert.match(await total("unknown ids"), /^1 /);
  assert.match(await total("waiting for a commit"), /^0 /);
  const reports = [
    ["added", "counted", "7"],
    ["apart", "kept until somebody pushes its build", "1"],
    ["duplicate", "sent again, counted before", "1"],
  ];
  assert.deepEqual(await rows(page.getByRole("table", { name: "Reports, by what became of them" })), reports);
  assert.deepEqual(await rows(page.getByRole("table", { name: "Commits" })), [["ok", "9"]]);
  const refused = page.getByRole("table", { name: "Requests with reports that were refused, by the cause" });
  assert.equal(await refused.count(), 0, "none was");
  for (const name of ["From a request with reports to its answer", "A commit to the store"]) {
    const bars = await rows(page.getByRole("table", { name, exact: true }));
    assert.equal(bars.length, 11, name);
    assert.equal(bars.reduce((sum, bar) => sum + Number(bar.at(-1)), 0), 9, name);
    assert.match(await page.locator("section", { hasText: name }).locator(".facts").innerText(), /^9 took .* on average/);
  }
});

test("ingest shows what was refused, and why", async (t) => {
  const send = (headers, body) => fetch(`${collector.origin}/v1/reports`, { method: "POST", headers, body });
  assert.equal((await send({}, "x".repeat(2 << 20))).status, 413);
  for (const [encoding, status] of [["br", 415], ["<b>", 415], ["gzip", 400]]) {
    assert.equal((await send({ "content-encoding": encoding }, "x")).status, status);
  }
  const page = await open(t, "ingest");
  await logIn(page, collector.token);
  await page.getByRole("heading", { name: "Ingest" }).waitFor();
  const refused = page.getByRole("table", { name: "Requests with reports that were refused, by the cause" });
  assert.deepEqual(await rows(refused), [
    ["bad_gzip", "its gzip is none", "1"],
    ["encoding", "packed in a way that is not known", "2"],
    ["too_large", "more bytes than a body may have", "1"],
  ]);
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 390]) {
    test(`every page fits and can be read, ${colorScheme}, ${width} px`, async (t) => {
      const page = await open(t, "", { colorScheme, viewport: { width, height: 800 } });
      await logIn(page, collector.token);
      await page.getByRole("button", { name: "Log out" }).waitFor();
      for (const [path, words] of PAGES) {
        await page.goto(`${collector.origin}/${path}`);
        assert.ok((await page.locator("body").textContent()).includes(words), path);
        const { scrollWidth, clientWidth } = await page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return { scrollWidth, clientWidth };
        });
        assert.ok(scrollWidth <= clientWidth, `${path}: ${scrollWidth} of ${clientWidth}`);
        const [contrast, where] = await page.evaluate(leastContrast);
        assert.ok(contrast >= 4.5, `${path}: ${contrast} at ${where}`);
      }
    });
  }
}
