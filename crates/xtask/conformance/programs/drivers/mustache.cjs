const Mustache = require("mustache");
const { refused, show } = require("../shared/kit.cjs");
const view = { name: "<N>", list: [{ a: 1 }, { a: 2 }], none: [], fn: () => (text, render) => render(text).toUpperCase(), deep: { er: { x: "y" } } };
show("page", Mustache.render("{{name}}{{{name}}}{{&name}}{{#list}}[{{a}}{{>p}}]{{/list}}{{^none}}no{{/none}}{{#fn}}{{name}}z{{/fn}}{{deep.er.x}}{{! c }}{{=<% %>=}}<%name%>", view, { p: "({{a}})" }));
show("tokens", Mustache.parse("a {{b}} {{#c}}\n  {{d}}\n{{/c}}"));
refused("wrong", () => Mustache.render("{{#a}}{{/b}}", {}));
