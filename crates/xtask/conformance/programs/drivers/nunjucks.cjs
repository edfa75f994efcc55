const nunjucks = require("nunjucks");
const { refused, show } = require("../shared/kit.cjs");
const pages = {
    "base.html": "<t>{% block title %}base{% endblock %}</t>{% block body %}{% endblock %}",
    "page.html": "{% extends 'base.html' %}{% import 'macros.html' as m %}{% block title %}{{ super() }}+{% endblock %}{% block body %}{% for a, b in map %}{{ loop.index }}{{ m.f(a, b=b) }}{% else %}none{% endfor %}{{ list | sort | join('-') | upper }}{% if x is defined and not y %}x{% elif z %}z{% endif %}{% set q = [1, 2].concat(3) %}{{ q | length }}{{ 7 // 2 ** 2 }}{% raw %}{{ r }}{% endraw %}{% endblock %}",
    "macros.html": "{% macro f(a, b='d') %}[{{ a | e }}={{ b }}{{ caller() if caller }}]{% endmacro %}",
};
class Pages extends nunjucks.Loader {
    getSource(name) {
        return { src: pages[name], path: name, noCache: false };
    }
}
const env = new nunjucks.Environment(new Pages(), { autoescape: true });
env.addFilter("later", (text, done) => done(null, `${text}!`), true);
show("page", env.render("page.html", { map: { "<k>": 1, l: 2 }, list: ["c", "a", "b"], x: 1 }));
env.renderString("{{ 'a' | later }}{% asyncEach n in [1, 2] %}{{ n }}{% endeach %}", {}, (error, text) => show("async", text));
show("code", nunjucks.precompileString("{{ a.b[c] }}", { name: "p", env }));
refused("wrong", () => env.renderString("{% if %}"));
