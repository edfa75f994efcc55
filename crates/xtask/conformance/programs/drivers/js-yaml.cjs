const yaml = require("js-yaml");
const { published, refused, show } = require("../shared/kit.cjs");
const source = "a: &x\n  - 1.5e3\n  - 0x1F\n  - ~\n  - 2001-12-14t21:59:43.10-05:00\nb: *x\nc: |\n  lines\n   kept\nd: >-\n  folded\n  text\ne: {f: [g, 'h', \"i\\n\"], ? j : k}\n<<: {o: p}\n--- second\n...";
show("all", yaml.loadAll(source.replace("\n--- second\n...", "")));
show("dump", yaml.dump({ a: [1, "two", null, true, { b: "multi\nline", c: " x" }], d: new Date(0), e: [], f: {} }, { indent: 4, sortKeys: true }));
show("again", yaml.load(yaml.dump(JSON.parse(published("acorn/package.json")))));
for (const wrong of ["a: [b", "a: b: c", "\tx: y", "a: 1\na: 2"]) refused(JSON.stringify(wrong), () => yaml.load(wrong));
