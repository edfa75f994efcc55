const Handlebars = require("handlebars");
const { showStack } = require("../shared/kit.cjs");
Error.stackTraceLimit = 100;
Handlebars.registerHelper("fail", function fail() { return this.a.b.c; });
const run = (label, source, data = {}) => {
    try {
        Handlebars.compile(source)(data);
    } catch (error) {
        showStack(label, error);
    }
};
run("parser", "{{#if a}}{{/each}}");
run("helper", "{{#each list}}{{#with this}}{{fail}}{{/with}}{{/each}}", { list: [{ a: {} }] });
run("partial", "{{> missing}}");
