const babel = require("@babel/core");
const { default: generate } = require("@babel/generator");
const { parse } = require("@babel/parser");
const { default: traverse } = require("@babel/traverse");
const t = require("@babel/types");
const { published, refused, show } = require("../shared/kit.cjs");
const source = published("async/dist/async.mjs");
const tree = parse(source, { sourceType: "module", tokens: true });
const names = new Map();
traverse(tree, {
    Identifier: ({ node }) => void names.set(node.name, (names.get(node.name) ?? 0) + 1),
    FunctionDeclaration(path) {
        if (path.node.params.length > 2) path.scope.rename(path.node.params[0].name);
    },
    ArrowFunctionExpression: (path) => void path.arrowFunctionToExpression(),
});
show("names", [...names].sort());
show("compact", generate(tree, { compact: true }).code);
const double = { visitor: { NumericLiteral: (path) => (path.replaceWith(t.binaryExpression("*", t.numericLiteral(2), path.node)), path.skip()) } };
const options = { configFile: false, babelrc: false, plugins: [double], sourceMaps: true, filename: "/a.js", cwd: "/" };
const { code, map } = babel.transformSync("const f = ({a = 1, ...b}) => a ?? b?.c[`${2}`]; class A { #p = 3; static { f(0x10); } }", options);
show("code", code);
show("map", map.mappings);
const typed = parse("enum A { B = 1 } let x: Array<A> = <any>y as const; declare module 'm' { export type T = keyof U }", { sourceType: "module", plugins: ["typescript"] });
show("typescript", generate(typed).code);
show("jsx", generate(parse("<a b={c} {...d}>e {f} <></></a>", { plugins: ["jsx"] })).code);
refused("wrong", () => babel.transformSync("let a = ;", options).code);
