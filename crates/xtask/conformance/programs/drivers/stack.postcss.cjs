const postcss = require("postcss");
const safe = (run) => { try { return run(); } catch (error) { return error; } };
const { showStack } = require("../shared/kit.cjs");
Error.stackTraceLimit = 100;
showStack("syntax", safe(() => postcss.parse("a {\n  b: c;\n  d { }")));
showStack("plugin", safe(() => postcss([{ postcssPlugin: "p", Rule(rule) { rule.walkDecls((decl) => { throw decl.error("no"); }); } }]).process("a { b: c }", { from: undefined }).css));
postcss([{ postcssPlugin: "q", OnceExit: async (root) => { await null; root.nodes[0].missing.value; } }]).process("a { b: c }", { from: undefined }).catch((error) => showStack("async", error));
