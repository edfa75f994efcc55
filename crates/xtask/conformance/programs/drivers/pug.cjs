const pug = require("pug");
const { refused, show } = require("../shared/kit.cjs");
const source = `
doctype html
mixin row(item, ...rest)
  li(class=["a", { b: item.on }] style={ color: "red" } data-rest=rest)&attributes(attributes)= item.name
    block
html
  head: title #{title} !{raw}
  body
    //- silent
    // seen
    each item, at in items
      +row(item, 1, 2)(id="n" + at): b #[i inline] text
    else
      p none
    case items.length
      when 2: p two
      default: p many
    - for (let n = 0; n < 3; n++)
      = n
    if title
      p.
        block of
        text
    else if raw
      p raw
    script.
      let a = 1;
`;
const page = pug.compile(source, { filename: "a.pug", compileDebug: true });
show("page", page({ title: "<t>", raw: "<b>", items: [{ name: "a", on: true }, { name: "b" }] }));
show("none", page({ items: [] }));
show("code", pug.compileClient(source, { name: "page" }));
refused("wrong", () => pug.render("p\n  a(b=\n"));
refused("throws", () => pug.render("p= a.b", { a: undefined }));
