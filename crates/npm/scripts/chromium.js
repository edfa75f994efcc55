// Where Chromium is. `node scripts/chromium.js` installs it if it is missing, on Debian from Debian's packages and
// elsewhere with Playwright's own installer.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The path of Chromium, or undefined. `CHROMIUM` in the environment goes before all else. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const candidates = [process.env.CHROMIUM, ...onPath, chromium.executablePath()];
  return candidates.find((path) => path && existsSync(path));
}

function install() {
  const run = (program, ...args) => execFileSync(program, args, { stdio: ["ignore", process.stderr, process.stderr] });
  if (existsSync("/etc/debian_version") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"))) {
    const [first, ...rest] = process.getuid() === 0 ? ["apt-get"] : ["sudo", "-n", "apt-get"];
    run(first, ...rest, "update", "--quiet");
    run(first, ...rest, "install", "--quiet", "--yes", "--no-install-recommends", "chromium");
  } else {
    const cli = join(dirname(createRequire(import.meta.url).resolve("playwright-core/package.json")), "cli.js");
    run(process.execPath, cli, "install", "--with-deps", "chromium");
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !findChromium()) {
  try {
    install();
  } catch (error) {
    console.error(`Chromium could not be installed: ${error.message}`);
  }
  if (!findChromium()) {
    console.error("The browser tests need Chromium: install it, or give its path in the variable CHROMIUM.");
    process.exit(1);
  }
}
