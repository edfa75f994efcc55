const Prism = require("prismjs");
require("prismjs/components/")(["typescript", "jsx", "python", "rust", "markdown", "sql"]);
const { published, show } = require("../shared/kit.cjs");
Prism.hooks.add("wrap", (env) => void (env.type === "comment" && env.classes.push("seen")));
for (const [language, text] of [["javascript", published("q/q.js")], ["typescript", published("zod/src/v4/core/parse.ts")], ["css", published("mocha/mocha.css")], ["markdown", published("commander/Readme.md")], ["jsx", "<A b={c => `d${e}`}>f</A>"], ["python", "@a\ndef f(): return f'{x}'"], ["rust", "fn f<'a>() -> u8 { b'x' }"], ["sql", "SELECT 1"]]) show(language, Prism.highlight(text, Prism.languages[language], language));
show("tokens", Prism.tokenize("let a = /b/;", Prism.languages.javascript));
