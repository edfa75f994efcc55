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
  for (const [build, source] of [
    ["old", SOURCE],
    ["new", `${SOURCE}function added() {}\n`],
  ]) {
    writeFileSync(join(folder, "src/app.js"), source);
    writeFileSync(join(folder, `src/${HOSTILE.replaceAll("/", "")}.js`), "function strange() {}\n");
    const flags = ["--root", folder, "--build-id", build, "--embed-sources", "--quiet", "--mapping", join(folder, build)];
    execFileSync(findProduct(), ["instrument", join(folder, "src"), "--out-dir", join(folder, "out", build), ...flags]);
    collector.push(join(folder, build));
    for (let seq = 1; seq <= 3; seq++) await post({ build, session: "s", seq, counts: { E: 1, G: seq } });
  }
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
