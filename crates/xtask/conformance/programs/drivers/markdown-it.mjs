import MarkdownIt from "markdown-it";
import { published, show } from "../shared/kit.cjs";
const texts = ["commander/Readme.md", "yaml/README.md", "immer/readme.md"];
for (const preset of ["commonmark", "default", "zero"]) {
    const parser = new MarkdownIt(preset, { html: true, linkify: true, typographer: true, breaks: true });
    for (const text of texts) show(`${preset} ${text}`, parser.render(published(text)));
}
const parser = new MarkdownIt().use((md) => md.core.ruler.push("count", (state) => void (state.env.count = state.tokens.length)));
const env = {};
show("text", parser.render('| a | b |\n|---|---|\n| "x" | (c) |\n\n1. one\n   - *two* **three** ~~four~~ `five`\n\n![i](j "k") <b>x</b>\n\n> q\n', env));
show("tokens", env.count);
