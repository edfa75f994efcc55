// Run as a process of its own by one that ends: posts the reports that come by standard input, a line each, to the
// address in the arguments. Exit code 0 if the collector took them all.

"use strict";

const { readFileSync } = require("node:fs");
const { post } = require("./post.cjs");

const ATTEMPTS = 3;
const PAUSE = 100;

async function deliver(url, report) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await post(url, report);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE * attempt));
    }
  }
}

async function main() {
  const reports = readFileSync(0, "utf8").split("\n");
  // `post` does not keep a process alive.
  const alive = setInterval(() => {}, PAUSE);
  for (const report of reports) await deliver(process.argv[2], report);
  clearInterval(alive);
}

main().catch(() => process.exit(1));
