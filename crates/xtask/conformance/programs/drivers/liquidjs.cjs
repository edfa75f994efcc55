const { Liquid } = require("liquidjs");
const { refused, show } = require("../shared/kit.cjs");
const engine = new Liquid({ jsTruthy: true, templates: { row: "<{{ item | upcase }}>" } });
const source = "{% assign parts = 'a,b,c' | split: ',' %}{% for p in parts reversed limit:2 %}{{ forloop.index }}{% render 'row', item: p %}{% endfor %}{% case n %}{% when 1, 2 %}few{% else %}many{% endcase %}{% capture c %}{{ n | times: 3 | plus: 0.5 }}{% endcapture %}{{ c | append: '!' }}{% unless z %}no{% endunless %}{% tablerow x in (1..4) cols:2 %}{{ x }}{% endtablerow %}{{ list | map: 'a' | sort | uniq | join }}{% increment k %}{% cycle 'x', 'y' %}";
show("sync", engine.parseAndRenderSync(source, { n: 2, list: [{ a: 2 }, { a: 1 }, { a: 2 }] }));
engine.parseAndRender(source, { n: Promise.resolve(5), list: [] }).then((text) => show("async", text));
refused("wrong", () => engine.parseAndRenderSync("{% if a %}"));
