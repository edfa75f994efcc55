const _ = require("underscore");
const { show } = require("../shared/kit.cjs");
const list = _.map(_.range(100), (n) => ({ n, m: n % 7, s: String(n) }));
show("chain", _.chain(list).groupBy("m").mapObject((group) => _.reduce(group, (sum, one) => sum + one.n, 0)).pairs().sortBy(1).value());
show("template", _.template("<% _.each(a, function(b) { %><%- b %>|<%= b %><% }); %>")({ a: ["<", ">"] }));
show("equal", [_.isEqual({ a: [1, { b: NaN }] }, { a: [1, { b: NaN }] }), _.isEqual([0], [-0]), _.isMatch({ a: 1, b: 2 }, { b: 2 })]);
show("arrays", [_.zip([1, 2], ["a", "b"]), _.flatten([1, [2, [3, [4]]]], 1), _.partition(_.range(6), (n) => n % 2), _.sortedIndex([1, 3, 5], 4), _.chunk([1, 2, 3], 2)]);
show("functions", [_.compose((n) => n + 1, (n) => n * 2)(5), _.memoize((n) => n * n)(4), _.partial((a, b) => a - b, _, 1)(5), _.after(2, () => "x")()]);
show("objects", [_.pick({ a: 1, b: 2 }, "a"), _.defaults({ a: 1 }, { a: 2, c: 3 }), _.invert({ x: "y" }), _.get({ a: [{ b: 1 }] }, ["a", 0, "b"])]);
