// Packages that ship their TypeScript: what the TypeScript compiler makes of it is the program that `pathlight
// --strip-types` is compared with. Argument: the folder with `node_modules`.
"use strict";

const { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { dirname, join } = require("node:path");

const folder = process.argv[2];
const ts = createRequire(join(folder, "package.json"))("typescript");

const PACKAGES = ["@noble/curves", "@noble/hashes", "zod"];
const OPTIONS = {
    module: ts.ModuleKind.ESNext,
    rewriteRelativeImportExtensions: true,
    target: ts.ScriptTarget.ES2022,
    verbatimModuleSyntax: false,
};

for (const tree of ["sources", "plain/sources"]) {
    rmSync(join(folder, tree), { force: true, recursive: true });
    mkdirSync(join(folder, tree), { recursive: true });
    writeFileSync(join(folder, tree, "package.json"), '{ "type": "module" }\n');
}
for (const name of PACKAGES) {
    const from = join(folder, "node_modules", name, "src");
    cpSync(from, join(folder, "sources", name), { recursive: true });
    for (const path of readdirSync(from, { recursive: true })) {
        if (!path.endsWith(".ts") || path.endsWith(".d.ts") || /\.test\.ts$|\btests\b/.test(path)) continue;
        const to = join(folder, "plain/sources", name, path.replace(/ts$/, "js"));
        mkdirSync(dirname(to), { recursive: true });
        writeFileSync(to, ts.transpileModule(readFileSync(join(from, path), "utf8"), { compilerOptions: OPTIONS }).outputText);
    }
}
