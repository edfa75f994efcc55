// From source to store: an app is instrumented, built with Vite, and used in Chromium; the collector's counts are
// those of the pages.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { toVlq } from "../runtime/node/ids.cjs";
import { Collector } from "./support/collector.js";
import { findProduct, tally, temporaryFolder } from "./support/product.js";
import { startBrowser, startSite } from "./support/site.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const APP = fileURLToPath(new URL("app", import.meta.url));

let browser;
before(async () => (browser = await startBrowser()));
after(() => browser.close());

/** The app as a folder of its own, with the package installed and `src` instrumented. Returns the build id. */
function prepare(folder, ids) {
  cpSync(APP, folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(PACKAGE, join(folder, "node_modules/pathlight"));
  const flags = ["--out-dir", join(folder, "src"), "--copy-others", "--ids", ids, "--quiet"];
  const mapping = join(folder, "mapping");
  execFileSync(findProduct(), ["instrument", join(APP, "src"), ...flags, "--root", APP, "--mapping", mapping]);
  return JSON.parse(readFileSync(`${mapping}.build.json`, "utf8")).build;
}

/** Builds for production; the files of the site, path to text. */
async function bundle(folder, define) {
  await build({ root: folder, configFile: false, logLevel: "error", define });
  const dist = join(folder, "dist");
  const names = readdirSync(dist, { recursive: true }).filter((name) => /\.\w+$/.test(name));
  const files = Object.fromEntries(names.map((name) => [`/${name}`, readFileSync(join(dist, name), "utf8")]));
  return { ...files, "/": files["/index.html"] };
}

const PROBE = /\bist_arr\.push\((["'`]?[\w+/]+["'`]?)\)/g;

/** Lets each probe add its id to a bare array too, which is what the counts are compared with. */
const witnessed = (text) => text.replace(PROBE, "((self.witness||=[]).push($1),$&)");

const witnesses = async (page) => {
  const worlds = [page, ...page.workers()];
  return (await Promise.all(worlds.map((world) => world.evaluate(() => self.witness)))).flat();
};

for (const ids of ["vlq", "number"]) {
  test(`an app whose ids are ${ids}`, async (t) => {
    const folder = temporaryFolder(t);
    const site = await startSite();
    t.after(() => site.close());
    const collector = new Collector(folder, site.origin);
    await collector.start();
    t.after(() => collector.kill());
    const buildId = prepare(folder, ids);
    collector.push(join(folder, "mapping"));
    const define = { BUILD: JSON.stringify(buildId), COLLECTOR: JSON.stringify(collector.origin) };
    const files = await bundle(folder, define);
    site.files = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, witnessed(text)]));
    site.policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; img-src data:; " +
      `form-action 'self'; connect-src ${collector.origin}`;
    const context = await browser.newContext();
    t.after(() => context.close());
    const hits = [];
    const complaints = [];

    const open = async () => {
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(String(error)));
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(site.origin);
      return page;
    };
    const add = async (page, title) => {
      await page.getByLabel("Task").fill(title);
      await page.getByRole("button", { name: "Add" }).click();
    };

    const page = await open();
    for (const title of ["water the plants", "write a letter", "", "write a letter"]) await add(page, title);
    await page.getByText("write a letter").click();
    await page.getByRole("button", { name: "Statistics" }).click();
    await page.getByText("1 of 2 done").waitFor();
    hits.push(...(await witnesses(page)));
    // At once: what was done last is reported only because the page is left.
    await page.goto("about:blank");
    await collector.hits(buildId, hits.length);
    assert.deepEqual(complaints, []);

    const later = await open();
    await collector.hits(buildId, hits.length + (await witnesses(later)).length);
    await collector.kill();
    await later.getByText("water the plants").click();
    await later.waitForEvent("requestfailed");
    await later.getByText("water the plants").click();
    await collector.start();
    await collector.hits(buildId, hits.length + (await witnesses(later)).length);
    await add(later, "read it again");
    hits.push(...(await witnesses(later)));
    await later.close({ runBeforeUnload: true });
    // The collector spells all ids in one way.
    const spelled = hits.map((id) => (ids === "number" ? toVlq(id) : id));
    assert.deepEqual(await collector.hits(buildId, hits.length), tally(spelled));
  });
}
