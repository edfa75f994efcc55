const UglifyJS = require("uglify-js");
const { published, show } = require("../shared/kit.cjs");
const { code, map } = UglifyJS.minify({ "q.js": published("q/q.js") }, { compress: { passes: 2, unsafe: true }, mangle: { toplevel: true }, sourceMap: { includeSources: false } });
show("code", code);
show("map", map);
show("old", UglifyJS.minify("with (a) { b(c); } l: for (var i = 0, n = 5; i < n; i++) { if (i) continue l; else c(i); switch (i) { case 1: d(); default: e(); } } function f() { return void 0; }", { module: false, output: { beautify: true } }).code);
show("wrong", UglifyJS.minify("a = {").error.message);
