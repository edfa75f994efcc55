// Bundlers set to drop what is unused and to leave the rest readable: one file, names kept.

import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import * as rollup from "rollup";
import { minify } from "terser";
import webpack from "webpack";

const EXTERNAL = /^react(-dom)?(\/|$)/;

export const SHAKERS = [
  { name: "esbuild", shake: withEsbuild },
  { name: "Rollup", shake: withRollup },
  { name: "webpack", shake: withWebpack },
];

async function withEsbuild(entry) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry], bundle: true, format: "esm", write: false, treeShaking: true, minifySyntax: true, logLevel: "error",
    external: ["react", "react-dom", "react/*", "react-dom/*"],
  });
  return outputFiles[0].text;
}

async function withRollup(input) {
  const bundle = await rollup.rollup({ input, external: EXTERNAL, plugins: [resolve(), commonjs()], onwarn: () => {} });
  const { output } = await bundle.generate({ format: "es" });
  await bundle.close();
  return output[0].code;
}

async function withWebpack(entry, file) {
  mkdirSync(dirname(file), { recursive: true });
  const compiler = webpack({
    mode: "production", target: "es2022", entry, performance: false,
    output: { path: dirname(file), filename: basename(file), library: { type: "module" } },
    experiments: { outputModule: true },
    externalsType: "module", externals: [EXTERNAL],
    module: { rules: [{ test: /\.js$/, resolve: { fullySpecified: false } }] },
    optimization: { minimize: false },
  });
  await new Promise((done, failed) => compiler.run((error, stats) => {
    const problem = error ?? (stats.hasErrors() ? new Error(stats.toString({ all: false, errors: true })) : undefined);
    compiler.close(() => (problem ? failed(problem) : done()));
  }));
  // webpack leaves it to its minifier to remove what is unused. Nothing is inlined or renamed here.
  const compress = { defaults: false, unused: true, dead_code: true, side_effects: true, toplevel: true, passes: 4 };
  return (await minify(readFileSync(file, "utf8"), { module: true, compress, mangle: false })).code;
}
