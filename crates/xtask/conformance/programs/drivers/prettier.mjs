import { format } from "prettier/standalone";
import * as babel from "prettier/plugins/babel";
import * as estree from "prettier/plugins/estree";
import * as html from "prettier/plugins/html";
import * as markdown from "prettier/plugins/markdown";
import * as css from "prettier/plugins/postcss";
import * as typescript from "prettier/plugins/typescript";
import * as yaml from "prettier/plugins/yaml";
import { published, show } from "../shared/kit.cjs";
const plugins = [babel, estree, html, markdown, css, typescript, yaml];
const files = [
    ["babel", "q/q.js"],
    ["babel", "uuid/dist/v35.js"],
    ["css", "highlight.js/styles/github.css"],
    ["markdown", "immer/readme.md"],
    ["typescript", "zod/src/v4/core/parse.ts"],
    ["json", "acorn/package.json"],
];
for (const [parser, file] of files) show(file, await format(published(file), { parser, plugins, printWidth: 72, tabWidth: 4 }));
show("html", await format("<div><p>a<b>c</b><script>let  a=1</script><style>a{b:c}</style></div>", { parser: "html", plugins }));
show("yaml", await format("a:   1\nb:\n    - {c: d}\n    - |\n        text\n", { parser: "yaml", plugins }));
await format("let a = ;", { parser: "babel", plugins }).catch((error) => show("wrong", error.message));
