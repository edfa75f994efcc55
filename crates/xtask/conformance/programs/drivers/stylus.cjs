const stylus = require("stylus");
const { show } = require("../shared/kit.cjs");
const source = `
fib(n)
  n < 2 ? n : fib(n - 1) + fib(n - 2)
size(w, h = w)
  width w
  height h
$box
  border 1px solid rgba(#369, 0.5)
for i in 1..5
  .n-{i}
    size(fib(i + 5)px)
    @extend $box
    &:hover
      color lighten(red, 10% * i)
      @media (min-width: 10px)
        content 'a' + i
hash = { a: { b: 2 } }
.c
  margin hash.a.b
  padding (1 + 2) * 3px -4px
`;
stylus(source, { filename: "a.styl" }).define("twice", (n) => new stylus.nodes.Unit(n.val * 2, "px")).render((error, css) => show("css", css));
stylus("a\n  b: {", { filename: "a.styl" }).render((error) => show("wrong", error.message));
