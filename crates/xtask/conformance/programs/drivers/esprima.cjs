const esprima = require("esprima");
const escodegen = require("escodegen");
const { published, refused, show } = require("../shared/kit.cjs");
for (const file of ["q/q.js", "underscore/underscore-umd.js", "numeric/numeric-1.2.6.js"]) {
    const tree = esprima.parseScript(published(file), { range: true, tokens: true, comment: true });
    show(file, escodegen.generate(tree, { format: { indent: { style: "\t" }, quotes: "double" } }));
    show("compact", escodegen.generate(tree, { format: escodegen.FORMAT_MINIFY }));
}
show("tokens", esprima.tokenize("let a = /b/g.test(`c${d}`) ? 1e3 : 0b1; // e", { comment: true }));
show("jsx", esprima.parseModule("export default <a b={c}>d{e}</a>", { jsx: true }));
show("tolerant", esprima.parseScript("'use strict'; with (a) b; return", { tolerant: true }).errors.map(String));
refused("wrong", () => esprima.parseScript("let a = ;"));
