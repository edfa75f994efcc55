const hljs = require("highlight.js");
const { published, show } = require("../shared/kit.cjs");
for (const [language, file] of [["javascript", "q/q.js"], ["typescript", "zod/src/v4/core/parse.ts"], ["css", "mocha/mocha.css"], ["markdown", "commander/Readme.md"], ["json", "acorn/package.json"]]) show(language, hljs.highlight(published(file).slice(0, 40_000), { language }).value);
for (const source of ["SELECT a FROM b WHERE c = 'd';", "def f(x):\n    return f'{x!r}'", "fn main() { println!(\"{}\", 1u8); }", "<p class='a'><script>let b = 1</script>", "#include <a.h>\nint main() { return 0x1F; }"]) {
    const { language, relevance, value } = hljs.highlightAuto(source);
    show(language, [relevance, value]);
}
show("languages", hljs.listLanguages().length);
