const less = require("less");
const { published, show } = require("../shared/kit.cjs");
const source = `@a: #336699; @list: 1px, 2px, 3px; @plugin-free: true;
.m(@x; @rest...) when (iscolor(@x)) { color: fade(darken(@x, 10%), 50%); width: ~"calc(100% - @{w})"; @w: 4px; }
.loop(@i) when (@i > 0) { .w-@{i} { width: (@i * 100% / 12); height: e("x"); &:extend(.base all); } .loop(@i - 1); }
.base { margin: 0; &-in { .m(@a; 1, 2); } @media (min-width: 1px) { & + & { each(@list, { .v-@{index} { top: @value; } }); } } }
.loop(12); @detached: { b: c; }; .d { @detached(); .e() !important; } .e() { f: g; } #ns { .in() { h: if((@a = #336699), 1, 2); } } .x { #ns.in(); }`;
(async () => {
    for (const compress of [false, true]) show(`compress ${compress}`, (await less.render(source, { compress, math: "always" })).css);
    show("css", (await less.render(published("highlight.js/styles/github.css"))).css);
    await less.render(".a { .missing(); }").catch((error) => show("wrong", `${error.type} ${error.message} ${error.line}:${error.column}`));
})();
