const { minify } = require("terser");
const { published, show } = require("../shared/kit.cjs");
(async () => {
    const lodash = await minify({ "lodash.js": published("lodash/lodash.js") }, { compress: { passes: 2 }, mangle: true, sourceMap: true, toplevel: true });
    show("code", lodash.code);
    show("map", lodash.map);
    const modern = await minify("export class A { #p = 1; static async *f({ a, ...b } = {}) { for await (const c of b?.d ?? []) yield a ||= c; } get x() { return this.#p ** 2; } }", { module: true, ecma: 2022, mangle: { properties: { regex: /^x$/ } } });
    show("modern", modern.code);
    await minify("let a; let a;").catch((error) => show("wrong", `${error.message} ${error.line}:${error.col}`));
})();
