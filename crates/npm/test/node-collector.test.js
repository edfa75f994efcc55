// A Node service and the product's own collector: all hits of all processes and threads, each once.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { prepare, REGISTER, run, times } from "./support/acorn.js";
import { toVlq } from "../runtime/node/ids.cjs";
import { Collector } from "./support/collector.js";

const SERVICE = `
  const cluster = require("node:cluster");
  const { Worker } = require("node:worker_threads");
  require("./work.cjs");
  if (cluster.isPrimary) {
    cluster.fork();
    cluster.fork();
    new Worker("./work.cjs");
  } else {
    setTimeout(() => process.kill(process.pid, "SIGTERM"), 100);
  }`;

for (const ids of ["vlq", "number"]) {
  test(`a service whose ids are ${ids}`, async (t) => {
    const { folder, hits } = await prepare(t, ids);
    const collector = new Collector(folder, "http://site.test");
    await collector.start();
    t.after(() => collector.kill());
    const mapping = join(folder, "acorn.cjs.mapping");
    collector.push(mapping);
    const { build } = JSON.parse(readFileSync(`${mapping}.build.json`, "utf8"));
    const env = { PATHLIGHT_URL: `${collector.origin}/v1/reports`, PATHLIGHT_BUILD: build, PATHLIGHT_INTERVAL: "20" };
    await run(folder, SERVICE, { args: ["--require", REGISTER], env });
    const expected = ids === "number" ? Object.fromEntries(Object.entries(hits).map(([id, n]) => [toVlq(Number(id)), n])) : hits;
    assert.deepEqual(await collector.counts(build), times(4, expected));
  });
}
