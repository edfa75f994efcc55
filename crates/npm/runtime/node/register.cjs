// For `node --require pathlight/register` and `--import`: starts the runtime as the environment says.

"use strict";

const { start } = require("./index.cjs");

const DEFAULT_OUT = "pathlight-reports";

const { PATHLIGHT_ARRAY, PATHLIGHT_BUILD, PATHLIGHT_INTERVAL, PATHLIGHT_OUT, PATHLIGHT_URL } = process.env;

start({
  array: PATHLIGHT_ARRAY || undefined,
  build: PATHLIGHT_BUILD || undefined,
  url: PATHLIGHT_URL || undefined,
  out: PATHLIGHT_OUT || (PATHLIGHT_URL ? undefined : DEFAULT_OUT),
  interval: Number(PATHLIGHT_INTERVAL) > 0 ? Number(PATHLIGHT_INTERVAL) : undefined,
});
