// The built file as text: what it weighs, and what it must not need.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { parse } from "acorn";
import { BUILT, built } from "../scripts/browser.js";

const text = readFileSync(BUILT, "utf8");

test("browser.min.js is what the source gives", async () => {
  assert.equal(text, await built(), "run `npm run build`");
});

test("it is at most 0.75 KB, compressed", () => {
  assert.ok(gzipSync(text, { level: 9 }).length <= 750);
});

test("it is one ES2018 expression, so that two copies on a page do not meet", () => {
  const { body } = parse(text, { ecmaVersion: 2018, sourceType: "script" });
  assert.deepEqual(
    body.map(({ type }) => type),
    ["ExpressionStatement"],
  );
});
