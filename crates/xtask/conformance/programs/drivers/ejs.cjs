const ejs = require("ejs");
const { refused, show } = require("../shared/kit.cjs");
const template = "<%# comment %><ul><% for (const user of users) { -%>\n<li><%= user.name %> <%- user.html %></li>\n<% } -%></ul><%_ if (typeof x === 'undefined') { _%> none<% } %>";
const data = { users: [{ name: "<a>", html: "<b>" }, { name: "c", html: "" }] };
for (const options of [{}, { _with: false, localsName: "data", destructuredLocals: ["users"] }, { strict: true, rmWhitespace: true, destructuredLocals: ["users"] }]) show("page", ejs.render(template, data, options));
ejs.render("<%= await later %>", { later: Promise.resolve(3) }, { async: true }).then((page) => show("async", page));
show("delimiter", ejs.render("<? if (a) { ?>yes<? } ?>", { a: 1 }, { delimiter: "?" }));
refused("wrong", () => ejs.render("a\n<%= b.c %>", { b: null }));
refused("syntax", () => ejs.render("<% if ( %>", {}).length);
