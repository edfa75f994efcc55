import { Parser, parse } from "acorn";
import { showStack } from "../shared/kit.cjs";
Error.stackTraceLimit = 100;
class Strict extends Parser {
    #seen = 0;
    parseWhileStatement(node) {
        if (this.#seen++ > 1) this.raise(node.start, "too many loops");
        return super.parseWhileStatement(node);
    }
}
for (const [parser, source] of [[parse, "function f() { return [1, { a: (b, c => { let c; let c; }) }]; }"], [Strict.parse.bind(Strict), "while (a) while (b) while (c);"], [parse, "`a${b ? c : }`"]]) {
    try {
        parser(source, { ecmaVersion: 2022 });
    } catch (error) {
        showStack(error.message, error);
    }
}
