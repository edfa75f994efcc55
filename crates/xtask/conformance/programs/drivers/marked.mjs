import { Marked } from "marked";
import { published, show } from "../shared/kit.cjs";
const marked = new Marked({ gfm: true, breaks: false });
marked.use({ renderer: { heading: ({ tokens, depth }) => `<h${depth} id>${tokens.length}</h${depth}>` }, walkTokens: (token) => token.type === "code" && (token.lang ??= "x"), async: false });
for (const file of ["commander/Readme.md", "yaml/README.md", "luxon/README.md"]) show(file, marked.parse(published(file)));
show("tokens", marked.lexer("- [x] a\n- b\n\n> **c** `d` <e@f.g>\n\n|h|\n|-|\n|i|\n"));
