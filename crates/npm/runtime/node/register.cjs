// For `node --require pathlight/register` and `--import`: starts the runtime as the environment says.

"use strict";

const { isMainThread } = require("node:worker_threads");
const { start } = require("./index.cjs");

const DEFAULT_OUT = "pathlight-reports";

const { PATHLIGHT_ARRAY, PATHLIGHT_BUILD, PATHLIGHT_INTERVAL, PATHLIGHT_OUT, PATHLIGHT_URL } = process.env;

// The collector takes no report that does not say its build; in a folder they are not lost.
const isNameless = Boolean(PATHLIGHT_URL) && !PATHLIGHT_BUILD;
const url = isNameless ? undefined : PATHLIGHT_URL || undefined;
const out = PATHLIGHT_OUT || (url ? undefined : DEFAULT_OUT);
if (isNameless && isMainThread) {
  process.emitWarning(`PATHLIGHT_URL needs the build id in PATHLIGHT_BUILD: reports go to the folder ${out} instead`);
}

start({
  array: PATHLIGHT_ARRAY || undefined,
  build: PATHLIGHT_BUILD || undefined,
  url,
  out,
  interval: Number(PATHLIGHT_INTERVAL) > 0 ? Number(PATHLIGHT_INTERVAL) : undefined,
});
