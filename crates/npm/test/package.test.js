// The package as its users get it: packed, installed elsewhere, loaded in every way that it says.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./support/product.js";

const PACKAGE = fileURLToPath(new URL("..", import.meta.url));
const TSC = join(PACKAGE, "node_modules/typescript/bin/tsc");

let folder;
let installed;

const run = (program, ...args) => execFileSync(program, args, { cwd: folder, encoding: "utf8", stdio: "pipe" });

before((context) => {
  folder = temporaryFolder(context);
  const [{ filename }] = JSON.parse(run("npm", "pack", PACKAGE, "--json", "--silent"));
  run("tar", "-xzf", filename);
  installed = join(folder, "node_modules/pathlight");
  mkdirSync(join(folder, "node_modules"));
  cpSync(join(folder, "package"), installed, { recursive: true });
});

test("it holds the runtimes, their types, the licences, and nothing else", () => {
  const expected = ["LICENSE-APACHE", "LICENSE-MIT", "README.md", "package.json", "runtime"];
  assert.deepEqual(readdirSync(installed).sort(), expected);
  const names = (path) => readdirSync(join(path, "runtime"), { recursive: true }).sort();
  assert.deepEqual(names(installed), names(PACKAGE));
});

test("its types say what its users may do", () => {
  cpSync(join(PACKAGE, "test/types"), folder, { recursive: true });
  symlinkSync(join(PACKAGE, "node_modules/@types"), join(folder, "node_modules/@types"));
  const flags = ["--noEmit", "--strict", "--target", "es2022", "--lib", "es2022,dom", "--module", "node16"];
  try {
    run(process.execPath, TSC, ...flags, "browser.mts", "node.mts", "node.cts");
  } catch (error) {
    assert.fail(error.stdout);
  }
});

const COUNT = `globalThis.ist_arr.push("C");`;
const PRINT = `console.log(JSON.stringify(runtime.snapshot().counts));`;

for (const [name, text] of [
  ["program.cjs", `const runtime = require("pathlight/node").start(); ${COUNT} ${PRINT}`],
  ["program.mjs", `import { start } from "pathlight/node"; const runtime = start(); ${COUNT} ${PRINT}`],
  ["both.mjs", `import * as esm from "pathlight/node"; import { createRequire } from "node:module";
    const cjs = createRequire(import.meta.url)("pathlight/node"); esm.start(); ${COUNT}
    const runtime = cjs.start(); ${PRINT}`],
]) {
  test(`${name} counts`, () => {
    writeFileSync(join(folder, name), text);
    assert.deepEqual(JSON.parse(run(process.execPath, name)), { C: 1 });
  });
}

for (const flag of ["--require", "--import"]) {
  for (const name of ["counted.cjs", "counted.mjs"]) {
    test(`${name} is counted with ${flag}`, () => {
      const out = join(folder, `${flag}-${name}`);
      writeFileSync(join(folder, name), COUNT);
      execFileSync(process.execPath, [flag, "pathlight/register", name], {
        cwd: folder,
        env: { ...process.env, PATHLIGHT_OUT: out, PATHLIGHT_BUILD: "1" },
      });
      const [file] = readdirSync(out);
      const { build, counts } = JSON.parse(readFileSync(join(out, file), "utf8"));
      assert.deepEqual({ build, counts }, { build: "1", counts: { C: 1 } });
    });
  }
}
