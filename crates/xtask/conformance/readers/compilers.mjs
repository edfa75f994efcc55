// What makes the inputs that come with a source map. Each takes the path of a TypeScript file and gives the code,
// and the map as a function of the folder that the code stands in.

import { readFileSync } from "node:fs";
import { relative } from "node:path";
import * as esbuild from "esbuild";
import { minify } from "terser";
import ts from "typescript";

export const COMPILERS = [
  ["typescript", typescript],
  ["esbuild", (file) => transform(file, {})],
  ["esbuild-minified", (file) => transform(file, { minify: true })],
  ["typescript-terser", typescriptAndTerser],
];

function typescript(file) {
  const text = readFileSync(file, "utf8");
  const { ES2020, ESNext } = { ...ts.ScriptTarget, ...ts.ModuleKind };
  const compilerOptions = { target: ES2020, module: ESNext, sourceMap: true, inlineSources: true };
  const { outputText, sourceMapText } = ts.transpileModule(text, { fileName: file, compilerOptions });
  return { code: withoutReference(outputText), map: at(JSON.parse(sourceMapText), file) };
}

async function transform(file, options) {
  const text = readFileSync(file, "utf8");
  const result = await esbuild.transform(text, { loader: "ts", sourcemap: true, sourcefile: file, ...options });
  return { code: withoutReference(result.code), map: at(JSON.parse(result.map), file) };
}

async function typescriptAndTerser(file) {
  const { code, map } = typescript(file);
  const sourceMap = { content: map("."), includeSources: true };
  const result = await minify(code, { module: true, sourceMap });
  return { code: result.code, map: at(JSON.parse(result.map), file) };
}

function withoutReference(code) {
  return code.replace(/\/\/# sourceMappingURL=.*\n?$/, "");
}

function at(map, file) {
  return (folder) => ({ ...map, sources: [relative(folder, file)] });
}
