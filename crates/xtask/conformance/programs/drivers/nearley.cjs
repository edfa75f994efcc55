const nearley = require("nearley");
const compile = require("nearley/lib/compile");
const generate = require("nearley/lib/generate");
const bootstrap = require("nearley/lib/nearley-language-bootstrapped");
const { refused, show } = require("../shared/kit.cjs");
const source = `main -> _ sum _ {% d => d[1] %}
sum -> sum _ "+" _ product {% d => d[0] + d[4] %} | product {% id %}
product -> product _ "*" _ atom {% d => d[0] * d[4] %} | atom {% id %}
atom -> [0-9]:+ {% d => Number(d[0].join("")) %} | "(" sum ")" {% d => d[1] %}
_ -> " ":* {% () => null %}`;
const parser = new nearley.Parser(nearley.Grammar.fromCompiled(bootstrap));
parser.feed(source);
const code = generate(compile(parser.results[0], {}), "grammar");
show("code", code);
const grammar = { exports: {} };
new Function("module", "exports", code)(grammar, grammar.exports);
const run = (text) => { const earley = new nearley.Parser(nearley.Grammar.fromCompiled(grammar.exports)); earley.feed(text); return earley.results; };
for (const text of ["1 + 2 * 3", " (4+5)*6 ", "1 +", "1 & 2"]) refused(text, () => run(text));
