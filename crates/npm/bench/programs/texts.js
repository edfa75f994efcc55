// What the programs read. The paths are put in by ../build.js.

import { readFileSync } from "node:fs";

const join = (files) => files.map((file) => readFileSync(file, "utf8")).join("\n\n");

export const JAVASCRIPT = join([JAVASCRIPT_FILE]);
export const MARKDOWN = join(MARKDOWN_FILES);

const COLORS = ["red", "#fff", "rgb(0 0 0 / 50%)", "var(--accent, hotpink)"];
const rule = (index) => `.block-${index} > a[href^="x"]:hover, .block-${index}::before {
  color: ${COLORS[index % COLORS.length]}; margin: calc(${index}px + 1em) auto 0;
  background: url("data:image/png;base64,AA==") no-repeat${index % 5 ? "" : " !important"};
}`;

export const CSS = Array.from({ length: 300 }, (_, index) =>
  index % 10 ? rule(index) : `/* ${index} */\n@media (min-width: ${index}px) {\n${rule(index)}\n}`,
).join("\n");
