// A site for Chromium: pages, scripts and a browser to look at them with.

import { once } from "node:events";
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "../../scripts/chromium.js";

export const RUNTIME = readFileSync(new URL("../../runtime/browser.min.js", import.meta.url), "utf8");

export async function startBrowser() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("no Chromium: run `node scripts/chromium.js`");
  // Playwright turns the back/forward cache off.
  const ignoreDefaultArgs = ["--disable-back-forward-cache"];
  return chromium.launch({ executablePath, ignoreDefaultArgs, args: ["--no-sandbox", "--disable-gpu"] });
}

const TYPES = { ".css": "text/css", ".js": "text/javascript" };

/**
 * Serves `files`, path to text, with the Content-Security-Policy `policy`; both may be given later as well, for texts
 * that say where the site is.
 */
export async function startSite(files, policy) {
  const site = { files, policy };
  const server = createServer((request, response) => {
    const body = site.files[request.url];
    const type = TYPES[extname(request.url)] ?? "text/html";
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": type,
      "content-security-policy": site.policy,
    });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  site.origin = `http://127.0.0.1:${server.address().port}`;
  site.close = () => {
    server.close();
    server.closeAllConnections();
  };
  return site;
}

/** A page that loads these scripts, and nothing else. */
export const page = (...scripts) =>
  `<!doctype html><title>page</title><link rel="icon" href="data:,">${scripts.map((script) => `<script src="${script}"></script>`).join("")}`;
