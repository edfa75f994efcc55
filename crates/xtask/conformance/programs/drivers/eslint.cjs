const { Linter } = require("eslint");
const { published, show } = require("../shared/kit.cjs");
const rules = Object.fromEntries(["no-unused-vars", "prefer-const", "eqeqeq", "no-undef", "complexity", "no-shadow", "no-fallthrough", "no-useless-escape", "no-unreachable", "no-loss-of-precision", "object-shorthand", "arrow-body-style", "prefer-template", "no-cond-assign", "no-empty", "no-control-regex", "no-misleading-character-class"].map((rule) => [rule, "warn"]));
const linter = new Linter({ configType: "flat", cwd: "/" });
for (const file of ["q/q.js", "ejs/lib/cjs/ejs.js", "mustache/mustache.js"]) {
    const config = [{ languageOptions: { ecmaVersion: 2024, sourceType: "commonjs" }, rules }];
    const found = linter.verify(published(file), config);
    show(file, found.map((message) => `${message.line}:${message.column} ${message.ruleId} ${message.message}`));
    show("fixed", linter.verifyAndFix(published(file), config).output);
}
show("wrong", linter.verify("let = ;", [{}]));
