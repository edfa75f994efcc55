const peggy = require("peggy");
const { refused, show } = require("../shared/kit.cjs");
const grammar = `{ const fold = (head, tail) => tail.reduce((left, [, op, , right]) => ({ op, left, right }), head); }
start = _ @sum _
sum "sum" = head:product tail:(_ ("+" / "-") _ product)* { return fold(head, tail); }
product = head:power tail:(_ ("*" / "/") _ power)* { return fold(head, tail); }
power = base:atom "^" !"^" exponent:power { return { op: "^", left: base, right: exponent }; } / atom
atom "number" = digits:$([0-9]+ ("." [0-9]|1..3|)?) { return Number(digits); } / "(" @sum ")" / name:$[a-z]i+ &{ return name.length < 5; } { return { name, at: location().start.offset }; }
_ = [ \\t\\n]*`;
for (const cache of [false, true]) {
    const parser = peggy.generate(grammar, { cache, allowedStartRules: ["start", "sum"] });
    for (const text of ["1 + 2*3", "(1 - x) ^ 2 ^ 3 / 4.25", "2 + ", "abcdef", "1 ++ 2"]) refused(text, () => parser.parse(text));
    show("sum", parser.parse("1+1", { startRule: "sum" }));
}
show("code", peggy.generate(grammar, { output: "source", format: "es", trace: true }));
refused("left", () => peggy.generate("a = a 'b'"));
refused("undefined", () => peggy.generate("a = b"));
