// Bundlers and minifiers, each with the settings of its documentation. All make ECMAScript modules
// that Node runs: lodash, for one, finds other things in CommonJS.

import { join } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import replace from "@rollup/plugin-replace";
import * as esbuild from "esbuild";
import * as rollup from "rollup";
import * as terser from "terser";
import * as vite from "vite";
import webpack from "webpack";

const PRODUCTION = { "process.env.NODE_ENV": '"production"' };

// Name, whether it reads TypeScript, and the run, which writes `main.mjs`; with `maps` also source maps, which the
// bundles do not name, as those that are shipped.
export const BUNDLERS = [
  { name: "esbuild", typed: true, run: (entry, out, maps) => withEsbuild(entry, out, maps, {}) },
  { name: "esbuild minified", typed: true, run: (entry, out, maps) => withEsbuild(entry, out, maps, { minify: true }) },
  { name: "Rollup", run: (entry, out, maps) => withRollup(entry, out, maps, []) },
  { name: "Rollup and terser", run: (entry, out, maps) => withRollup(entry, out, maps, [terserPlugin]) },
  { name: "webpack", run: withWebpack },
  { name: "Vite app", typed: true, run: (entry, out, maps) => withVite(out, maps, { rollupOptions: chunks(entry) }) },
  { name: "Vite library", typed: true, run: (entry, out, maps) => withVite(out, maps, library(entry)) },
];

async function withEsbuild(entry, outdir, maps, options) {
  await esbuild.build({
    entryPoints: [entry], outdir, bundle: true, splitting: true, format: "esm", platform: "node", outExtension: { ".js": ".mjs" },
    sourcemap: maps && "external",
    define: { ...PRODUCTION, "import.meta.env": "undefined", "import.meta.hot": "undefined" }, jsx: "automatic", logLevel: "error",
    // React comes as CommonJS, which asks for Node's modules by `require`.
    banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
    ...options,
  });
}

const terserPlugin = {
  name: "terser",
  renderChunk: (code, _, { sourcemap }) =>
    terser
      .minify(code, { module: true, compress: { passes: 2 }, sourceMap: Boolean(sourcemap) })
      .then(({ code, map }) => ({ code, map: map ? JSON.parse(map) : null })),
};

// By entry: what Rollup makes of it is written with and without a minifier.
const rolledUp = new Map();

async function withRollup(input, dir, maps, plugins) {
  if (!rolledUp.has(input)) {
    const makes = [replace({ values: PRODUCTION, preventAssignment: true }), resolve({ preferBuiltins: true }), commonjs()];
    rolledUp.set(input, rollup.rollup({ input, plugins: makes, onwarn: () => {} }));
  }
  const bundle = await rolledUp.get(input);
  const names = { entryFileNames: "main.mjs", chunkFileNames: "[name]-[hash].mjs" };
  await bundle.write({ dir, format: "es", ...names, sourcemap: maps && "hidden", plugins });
}

function withWebpack(entry, path, maps) {
  const compiler = webpack({
    mode: "production", target: "node20", entry: { main: entry }, output: { path, filename: "[name].mjs", module: true },
    experiments: { outputModule: true },
    // Modules are resolved as Node does, but without its own CommonJS builds.
    resolve: { conditionNames: ["import", "module", "default"] },
    module: { rules: [{ test: /\.js$/, resolve: { fullySpecified: false } }] },
    performance: false,
    devtool: maps && "hidden-source-map",
  });
  return new Promise((done, failed) => compiler.run((error, stats) => {
    const problem = error ?? (stats.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : undefined);
    compiler.close(() => (problem ? failed(problem) : done()));
  }));
}

function chunks(input) {
  return { input, output: { entryFileNames: "main.mjs", chunkFileNames: "[name]-[hash].mjs" } };
}

function library(entry) {
  const external = [/^node:/, /^react(-dom)?(\/|$)/];
  return { lib: { entry, formats: ["es"], fileName: () => "main.mjs" }, rollupOptions: { external } };
}

async function withVite(outDir, maps, build) {
  await vite.build({
    root: join(outDir, ".."), configFile: false, logLevel: "error", define: PRODUCTION,
    oxc: { jsx: { runtime: "automatic" } },
    build: { outDir, target: "esnext", modulePreload: false, emptyOutDir: true, sourcemap: maps && "hidden", ...build },
  });
}
