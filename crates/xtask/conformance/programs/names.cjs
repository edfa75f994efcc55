// Node finds the export names of a CommonJS module in its text: they must be found in the instrumented text too.
// Arguments: folder with `node_modules` and this package's own, then the instrumented trees. Prints what was compared.
"use strict";

const { readdirSync, readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");

const [folder, ...trees] = process.argv.slice(2);
const { parse } = createRequire(join(folder, "package.json"))("cjs-module-lexer");

const found = { files: 0, names: 0, differences: [] };

/** The names in a text; `null` for one that is no CommonJS module. */
function namesIn(path) {
    try {
        const { exports, reexports } = parse(readFileSync(path, "utf8"));
        return [...exports, ...reexports.map((name) => `* of ${name}`)].sort();
    } catch {
        return null;
    }
}

function compare(path) {
    const names = namesIn(join(folder, path));
    if (names === null) return;
    for (const tree of trees) {
        const kept = namesIn(join(folder, tree, path)) ?? [];
        found.files++;
        found.names += names.length;
        if (names.join("\n") !== kept.join("\n")) {
            found.differences.push(`${tree}/${path}: ${names.filter((name) => !kept.includes(name)).slice(0, 3).join(", ")}`);
        }
    }
}

for (const entry of readdirSync(join(folder, "node_modules"), { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /\.c?js$/.test(entry.name)) compare(join(entry.path, entry.name).slice(folder.length + 1));
}
console.log(JSON.stringify(found));
