const postcss = require("postcss");
const { published, refused, show } = require("../shared/kit.cjs");
const prefix = { postcssPlugin: "prefix", Declaration: (node) => node.prop === "color" && void node.cloneBefore({ prop: "-x-color" }) };
const nest = { postcssPlugin: "nest", Once: (root) => root.walkRules(/code/, (rule) => void (rule.selectors = rule.selectors.map((s) => `main ${s}`))) };
const source = published("highlight.js/styles/github.css") + published("mocha/mocha.css");
postcss([prefix, nest]).process(source, { from: "a.css", to: "b.css", map: { inline: false } }).then((result) => {
    show("css", result.css);
    show("map", result.map.toString());
    show("rules", result.root.nodes.filter((node) => node.type === "rule").length);
    refused("unclosed", () => postcss.parse("a {\n  color: red;\n  b { ", { from: undefined }).toString());
    refused("unknown word", () => postcss.parse("a { colour }").toString());
});
