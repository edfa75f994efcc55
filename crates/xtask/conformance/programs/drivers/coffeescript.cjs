const coffee = require("coffeescript");
const { refused, show } = require("../shared/kit.cjs");
const source = `
class Animal extends Base
  constructor: (@name, {age = 1, rest...} = {}) -> super()
  move: (meters) => alert "#{@name} moved #{meters ? 0}m." if meters > 0
  @make: (args...) -> new Animal args...
squares = (x ** 2 for x in [1..10] by 2 when x %% 3 isnt 0)
switch day
  when "Mon", "Tue" then go work
  else rest()
[a, b...] = await do -> yield from c
try fail() catch e then console.log e?.stack finally done()
loop
  x = if y in z then 1 else 2
  break unless x
text = """
  block #{1 + 1}
"""
re = /// a [b] #comment
  \\d+ ///gi
`;
const { js, v3SourceMap } = coffee.compile(source, { sourceMap: true, bare: true, filename: "a.coffee" });
show("code", js);
show("map", v3SourceMap);
show("tokens", coffee.tokens(source).map(([type]) => type));
show("tree", coffee.compile("a = (b) -> b + 1", { ast: true }));
show("run", coffee.eval("(fib = (n) -> if n < 2 then n else fib(n - 1) + fib(n - 2)) 15"));
refused("wrong", () => coffee.compile("a = (\n  b ->"));
