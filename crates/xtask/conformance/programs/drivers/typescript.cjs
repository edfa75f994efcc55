const ts = require("typescript");
const { published, show } = require("../shared/kit.cjs");
const files = {
    "/main.ts": `import { List, sum } from "./list";
const list: List<number> = { head: 1, tail: { head: "two" } };
enum Colour { Red = "r", Green = 1 << 2 }
abstract class Shape<const T extends readonly unknown[]> { constructor(protected readonly parts: T) {} abstract area(): number }
class Square extends Shape<[number]> { area() { return this.parts[1] } }
type Upper<S> = S extends \`\${infer A}-\${infer B}\` ? \`\${Uppercase<A>}\${Upper<B>}\` : never;
const bad: Upper<"a-b"> = "AB"; let unused; sum(list, Colour.Red); new Shape([1]); async function* f() { yield* 1 }
export const value = list.tail?.head ?? (list satisfies object as any).x!;`,
    "/list.ts": "export interface List<T> { head: T; tail?: List<T> }\nexport function sum(list: List<number> | undefined): number { return list ? list.head + sum(list.tail) : 0 }",
};
const read = (name) => files[name] ?? (name.startsWith("/lib.") ? published(`typescript/lib${name}`) : undefined);
const options = { strict: true, noUnusedLocals: true, target: ts.ScriptTarget.ES2017, module: ts.ModuleKind.CommonJS, lib: ["lib.es2022.d.ts"], sourceMap: true, declaration: true };
const output = {};
const host = {
    fileExists: (name) => read(name) !== undefined,
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => "/",
    getDefaultLibFileName: () => "/lib.es2022.d.ts",
    getDefaultLibLocation: () => "/",
    getNewLine: () => "\n",
    getSourceFile: (name, target) => read(name) && ts.createSourceFile(name, read(name), target, true),
    readFile: read,
    useCaseSensitiveFileNames: () => true,
    writeFile: (name, text) => void (output[name] = text),
};
const program = ts.createProgram(["/main.ts"], options, host);
console.log(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host));
program.emit();
for (const name of Object.keys(output).sort()) show(name, output[name]);
const checker = program.getTypeChecker();
for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile("/main.ts")))) {
    show(symbol.name, checker.typeToString(checker.getTypeOfSymbol(symbol)));
}
show("transpiled", ts.transpileModule(published("zod/src/v4/core/parse.ts"), { compilerOptions: { target: ts.ScriptTarget.ES5, module: ts.ModuleKind.CommonJS } }).outputText);
