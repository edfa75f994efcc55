const sass = require("sass");
const { published, refused, show } = require("../shared/kit.cjs");
const source = `@use "sass:math"; @use "sass:color"; @use "sass:map"; @use "sass:list"; @use "sass:string"; @use "sass:selector";
$sizes: (s: 4px, m: 8px, l: 16px);
@function fib($n) { @if $n < 2 { @return $n; } @return fib($n - 1) + fib($n - 2); }
@mixin size($name, $rest...) { &--#{$name} { padding: map.get($sizes, $name); @content; margin: list.nth($rest, 1); } }
%box { border: 1px solid color.adjust(#369, $lightness: 10%); }
.a { @extend %box; @each $name, $size in $sizes { @include size($name, fib(12) * 1px) { width: math.div($size, 3); } }
  > .b + .d:hover:not(.c) { color: color.mix(red, hsl(120 50% 50%), 30%); @media (min-width: 10px) and (print) { content: string.unquote("x"); } } }
@for $i from 1 through 20 { .n-#{$i} { width: calc(100% / #{$i} - 1px); transform: rotate(math.sin($i * 1rad) * 10deg); } }
@while map.get($sizes, "s") < 3px { x { y: z } }
#{selector.append(".p", ".q")} { grid: "a b" 1fr / auto; }`;
for (const style of ["expanded", "compressed"]) show(style, sass.compileString(source, { style }).css);
show("css", sass.compileString(published("highlight.js/styles/github.css")).css);
show("indented", sass.compileString("=m($a)\n  b: $a\n.c\n  +m(1)\n  &.d\n    e: f", { syntax: "indented" }).css);
const functions = { "twice($n)": ([n]) => new sass.SassNumber(n.assertNumber("n").value * 2, "px") };
show("function", sass.compileString("a { b: twice(21) }", { functions }).css);
refused("wrong", () => sass.compileString("a { b: 1px + 1s; }", { alertColor: false }).css);
