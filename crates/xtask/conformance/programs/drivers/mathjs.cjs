const { all, create } = require("mathjs");
const { refused, show } = require("../shared/kit.cjs");
const math = create(all, { randomSeed: "a" });
const scope = { a: 3 };
for (const line of ["f(x, y) = x^2 + a y", "f(2, 3)", "[1, 2; 3, 4] * inv([2, 0; 1, 2])", "5 cm + 2 inch to mm", "sqrt(-4) + 2i", "det([1, 2, 3; 4, 5, 6; 7, 8, 10])", "sum(map(1:10, g(n) = n % 3 == 0 ? n : 0))", "1/3 + fraction(1, 6)", "bignumber(2)^200", "a > 2 and not (a == 4) or false", "\"text\" == 'text'", "derivative('x^3 + sin(2 x)', 'x')", "simplify('2 x + 3 x - x y / y')", "lup([2, 1; 4, 3])", "gamma(5.5)", "0x1F | 3 << 2"]) {
    refused(line, () => math.format(math.evaluate(line, scope), { precision: 10 }));
}
show("tex", math.parse("sqrt(x / (y + 1)) ^ 2").toTex());
show("chain", math.chain(3).add(4).multiply(2).done());
show("eigs", math.format(math.eigs([[2, 1], [1, 3]]).values, { precision: 8 }));
show("sparse", math.sparse([[0, 1], [2, 0]]).toJSON());
show("rational", math.rationalize("(x + 1) / x + 1 / (x + 1)").toString());
for (const wrong of ["1 +", "foo(2)", "5 cm + 3 s", "[1, 2] * [1, 2, 3]"]) refused(wrong, () => math.evaluate(wrong));
