const jsonata = require("jsonata");
const { show } = require("../shared/kit.cjs");
const data = { orders: [{ id: 1, lines: [{ sku: "a", price: 2.5, n: 4 }, { sku: "b", price: 10, n: 1 }] }, { id: 2, lines: [{ sku: "a", price: 3, n: 2 }] }], name: "x" };
(async () => {
    for (const source of ["$sum(orders.lines.(price * n))", "orders.lines{sku: $sum(n)}", "orders[lines.sku = 'b'].id", "orders.lines^(>price).sku", "($f := function($n) { $n < 2 ? $n : $f($n - 1) + $f($n - 2) }; $map([1..15], $f))", "$uppercase(name) & '!' ~> $pad(5, '.')", "orders ~> | lines | {'n': n + 1}, 'price' |", "$match('a1b22', /[0-9]+/).match", "$reduce([1..5], function($a, $b) { $a * $b })", "**.sku[[0..1]]", "orders@$o.lines#$i.{'o': $o.id, 'i': $i}", "$fromMillis(0, '[Y]-[M01]')", "$formatNumber(1234.5, '#,##0.00')"]) show(source, await jsonata(source).evaluate(data) ?? null);
    const bound = jsonata("$twice(name) & $later()");
    bound.registerFunction("twice", (text) => text + text, "<s:s>");
    show("bound", await bound.evaluate(data, { later: async () => "later" }));
    for (const wrong of ["orders[", "$nope()", "1 + 'a'", "$sum('a')"]) await Promise.resolve().then(() => jsonata(wrong).evaluate(data)).catch(({ code, position, message }) => show(wrong, [code, position, message]));
})();
