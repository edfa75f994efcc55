const { transform } = require("sucrase");
const { published, refused, show } = require("../shared/kit.cjs");
show("typescript", transform(published("zod/src/v4/core/parse.ts"), { transforms: ["typescript", "imports"] }).code);
show("jsx", transform("const a = <A b={c} {...d}>e {f}<></></A>; enum E { G = 1, H }", { transforms: ["jsx", "typescript"], jsxRuntime: "automatic", production: true }).code);
show("modern", transform("class A { x = 1; #y; static z = this?.a ?? b; } async () => { for await (const c of d) yield_; }", { transforms: [] }).code);
show("hot", transform("export default function F() { return 1 }\nexport * from 'm';", { transforms: ["imports", "react-hot-loader"], filePath: "f.js" }).code);
const { code, sourceMap } = transform("let a: number = 1 as any;", { transforms: ["typescript"], filePath: "a.ts", sourceMapOptions: { compiledFilename: "a.js" } });
show("map", [code, sourceMap.mappings]);
refused("wrong", () => transform("let a: = ;", { transforms: ["typescript"] }));
