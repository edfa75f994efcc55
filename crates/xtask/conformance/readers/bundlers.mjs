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

// Name, whether it reads TypeScript, and the run, which writes `main.mjs`.
export const BUNDLERS = [
  { name: "esbuild", typed: true, run: (entry, out) => withEsbuild(entry, out, {}) },
  { name: "esbuild minified", typed: true, run: (entry, out) => withEsbuild(entry, out, { minify: true }) },
  { name: "Rollup", run: (entry, out) => withRollup(entry, out, []) },
  { name: "Rollup and terser", run: (entry, out) => withRollup(entry, out, [terserPlugin]) },
  { name: "webpack", run: withWebpack },
  { name: "Vite app", typed: true, run: (entry, out) => withVite(out, { rollupOptions: chunks(entry) }) },
  { name: "Vite library", typed: true, run: (entry, out) => withVite(out, library(entry)) },
];

async function withEsbuild(entry, outdir, options) {
  await esbuild.build({
    entryPoints: [entry], outdir, bundle: true, splitting: true, format: "esm", platform: "node", outExtension: { ".js": ".mjs" },
    define: { ...PRODUCTION, "import.meta.env": "undefined", "import.meta.hot": "undefined" }, jsx: "automatic", logLevel: "error",
    // React comes as CommonJS, which asks for Node's modules by `require`.
    banner: { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' },
    ...options,
  });
}

const terserPlugin = {
  name: "terser",
  renderChunk: (code) => terser.minify(code, { module: true, compress: { passes: 2 } }).then(({ code }) => ({ code, map: null })),
};

async function withRollup(input, dir, plugins) {
  const bundle = await rollup.rollup({
    input,
    plugins: [replace({ values: PRODUCTION, preventAssignment: true }), resolve({ preferBuiltins: true }), commonjs(), ...plugins],
    onwarn: () => {},
  });
  await bundle.write({ dir, format: "es", entryFileNames: "main.mjs", chunkFileNames: "[name]-[hash].mjs" });
  await bundle.close();
}

function withWebpack(entry, path) {
  const compiler = webpack({
    mode: "production", target: "node20", entry: { main: entry }, output: { path, filename: "[name].mjs", module: true },
    experiments: { outputModule: true },
    // Modules are resolved as Node does, but without its own CommonJS builds.
    resolve: { conditionNames: ["import", "module", "default"] },
    module: { rules: [{ test: /\.js$/, resolve: { fullySpecified: false } }] },
    performance: false,
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

async function withVite(outDir, build) {
  await vite.build({
    root: join(outDir, ".."), configFile: false, logLevel: "error", define: PRODUCTION,
    oxc: { jsx: { runtime: "automatic" } },
    build: { outDir, target: "esnext", modulePreload: false, emptyOutDir: true, ...build },
  });
}
