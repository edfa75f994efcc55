// node judge.mjs PATHLIGHT: the TypeScript of all packages, stripped by pathlight, with probes, and by TypeScript's
// transpileModule. Each tree is loaded by `load.mjs` in a process of its own; what those print must be the same. And with
// probes and their types kept: what has no error for TypeScript has none then.

import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import * as tally from "./tally.mjs";

const [pathlight] = process.argv.slice(2);
const scripts = dirname(fileURLToPath(import.meta.url));
const trees = "trees", [source, ours, theirs, kept] = ["source", "ours", "theirs", "kept"].map((name) => join(trees, name));
const packages = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).dependencies).filter((name) => name !== "typescript");

const isSource = (file) => /\.[cm]?tsx?$/.test(file) && !/\.d\.[cm]?ts$|[.-](test|spec|bench|test-d)\.|(^|\/)(__tests__|tests?|benchmarks?)\//.test(file);
const filesOf = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
const stripped = (file) => file.replace(/\.([cm]?)tsx?$/, ".$1js");

rmSync(trees, { recursive: true, force: true });
for (const name of packages) {
  const folder = join("node_modules", name);
  for (const file of filesOf(folder).filter((file) => /(^|\/)(src|v3|v4)\//.test(relative(folder, file)))) {
    if (isSource(relative(folder, file)) && !relative(folder, file).includes("node_modules")) {
      cpSync(file, join(source, name, relative(folder, file)));
    }
  }
}
const CONCLUSIONS = "conclusions.ts";
cpSync(join(scripts, CONCLUSIONS), join(source, CONCLUSIONS));
const files = filesOf(source).map((file) => relative(source, file));

for (const [tree, flags] of [[ours, ["--strip-types"]], [kept, []]]) {
  const common = ["--out-dir", tree, "--mapping", `${tree}.mapping`, "--verify", "--quiet"];
  execFileSync(pathlight, ["instrument", source, ...common, ...flags], { stdio: ["ignore", "ignore", "inherit"] });
}

const compilerOptions = {
  target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.ReactJSX,
  rewriteRelativeImportExtensions: true, isolatedModules: true, useDefineForClassFields: true,
};
for (const fileName of files) {
  const output = join(theirs, stripped(fileName));
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, ts.transpileModule(readFileSync(join(source, fileName), "utf8"), { compilerOptions, fileName }).outputText);
}
writeFileSync(join(trees, "package.json"), '{ "type": "module" }');

/** What the modules of a tree export, and what programs that use them print. */
function load(tree) {
  const flags = ["--no-warnings", "--import", join(scripts, "resolver.mjs"), join(scripts, "load.mjs")];
  return JSON.parse(execFileSync("node", [...flags, tree], { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, TZ: "UTC" } }));
}

tally.add("packages", packages.length);
tally.add("files", files.length);
const [here, there] = [load(ours), load(theirs)];
const firstDifference = (a = "", b = "") => {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return `\`${b.slice(Math.max(0, at - 60), at + 60)}\` became \`${a.slice(Math.max(0, at - 60), at + 60)}\``;
};
for (const name of new Set([...Object.keys(here.modules), ...Object.keys(there.modules)])) {
  const [a, b] = [here.modules[name], there.modules[name]];
  if (JSON.stringify(a) !== JSON.stringify(b)) {
    tally.fail(`${name}: ${firstDifference(JSON.stringify(a), JSON.stringify(b))}`);
  } else if (a.error) {
    tally.except("modules that load from neither tree", "they import packages that are not installed, or types by names that isolatedModules keeps");
  } else {
    tally.add("modules loaded from both trees");
    tally.add("exports compared", Object.keys(a.exports).length);
  }
}
for (const name of Object.keys(there.programs)) {
  const [a, b] = [here.programs[name], there.programs[name]];
  if (a !== b) tally.fail(`program ${name}: ${firstDifference(a, b)}`);
  else if (/^Error: /m.test(a)) tally.fail(`program ${name}: ${a}`);
  else tally.add("programs that print the same");
}

// Packages that have no error alone, and take TypeScript seconds.
const CHECKED = ["@tanstack/query-core", "@tanstack/table-core", "immer", "redux", "reselect", "rxjs"];
const checked = files.filter((file) => file === CONCLUSIONS || CHECKED.some((name) => file.startsWith(join(name, "/"))));
const globals = join(trees, "globals.d.ts");
writeFileSync(globals, "declare var ist_arr: { push(id: string | number): unknown };\ndeclare var process: any;\n");
const program = ts.createProgram([globals, ...checked.map((file) => join(kept, file))], {
  ...compilerOptions, isolatedModules: false, lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], types: [], noEmit: true, skipLibCheck: true,
  moduleResolution: ts.ModuleResolutionKind.Bundler, strict: true, noFallthroughCasesInSwitch: true, allowUnreachableCode: false,
});
for (const file of checked) {
  const unit = program.getSourceFile(join(kept, file));
  const errors = [...program.getSyntacticDiagnostics(unit), ...program.getSemanticDiagnostics(unit)];
  if (errors.length === 0) tally.add("files with probes and types, without an error");
  for (const { code, messageText, start } of errors) {
    const line = unit.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    tally.fail(`${file}:${line} with probes: TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ").slice(0, 300)}`);
  }
}

// With kept types and without, the same runs are counted.
const text = readFileSync(join(kept, CONCLUSIONS), "utf8");
writeFileSync(join(kept, stripped(CONCLUSIONS)), ts.transpileModule(text, { compilerOptions: { ...compilerOptions, isolatedModules: false } }).outputText);
async function run(tree) {
  globalThis.ist_arr = [];
  const { results } = await import(pathToFileURL(resolve(tree, stripped(CONCLUSIONS))).href);
  return JSON.stringify([results, globalThis.ist_arr]);
}
const withoutTypes = await run(ours), withTypes = await run(kept);
if (withTypes !== withoutTypes) tally.fail(`${CONCLUSIONS} with its types: ${firstDifference(withTypes, withoutTypes)}`);
tally.print();
