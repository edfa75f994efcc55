// Minifiers by themselves, over one bundle that no minifier has seen.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as swc from "@swc/core";
import * as esbuild from "esbuild";
import { minify as terser } from "terser";
import uglify from "uglify-js";

export const MINIFIERS = [
  ["terser", async (code) => (await terser(code, { module: true, compress: { passes: 3, unsafe: true } })).code],
  ["swc", async (code) => (await swc.minify(code, { module: true, compress: { passes: 3 }, mangle: true })).code],
  ["UglifyJS", async (code) => uglifyOrThrow(uglify.minify(code, { toplevel: true, compress: { passes: 3 } }))],
].map(([name, minify]) => ({ name, run: (entry, out) => bundleAndMinify(entry, out, minify) }));

async function bundleAndMinify(entry, out, minify) {
  const bundle = { entryPoints: [entry], bundle: true, format: "esm", platform: "node", write: false, logLevel: "error" };
  const { outputFiles } = await esbuild.build({ ...bundle, mainFields: ["module", "main"] });
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "main.mjs"), await minify(outputFiles[0].text));
}

function uglifyOrThrow({ code, error }) {
  if (error) throw error;
  return code;
}
