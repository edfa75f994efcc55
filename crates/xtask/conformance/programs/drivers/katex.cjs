const katex = require("katex");
const { refused, show } = require("../shared/kit.cjs");
for (const source of ["\\frac{a}{b} + \\sqrt[3]{x^2_i}", "\\begin{pmatrix} 1 & 2 \\\\ 3 & \\ddots \\end{pmatrix}", "\\sum_{i=0}^\\infty \\left( \\int_0^1 f'(x)\\,dx \\right)", "\\overbrace{a+b}^{n} \\mathbb{R} \\textcolor{red}{\\text{é}} \\xrightarrow[b]{a}", "\\def\\f#1{#1^2} \\f{y}"]) {
    for (const displayMode of [false, true]) show(source, katex.renderToString(source, { displayMode }));
}
show("macros", katex.renderToString("\\RR \\foo{1}", { macros: { "\\RR": "\\mathbb{R}", "\\foo": "#1^{#1}" }, output: "mathml" }));
for (const wrong of ["\\frac{a", "\\nope", "^2^3", "\\begin{x}"]) refused(wrong, () => katex.renderToString(wrong));
