const { JSHINT } = require("jshint");
const { published, show } = require("../shared/kit.cjs");
for (const [file, options] of [["underscore/underscore.js", { undef: true, unused: true }], ["mustache/mustache.mjs", { esversion: 11, module: true, eqeqeq: true }], ["q/q.js", { latedef: true, maxcomplexity: 3 }]]) {
    JSHINT(published(file), options);
    show(file, JSHINT.errors.map((error) => error && `${error.line}:${error.character} ${error.code} ${error.reason}`));
    show("functions", JSHINT.data().functions.map((found) => found.metrics));
}
