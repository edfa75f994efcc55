// Probes in code that went through minifiers: `ist_arr.push(a ? "C" : "E")` is two of them.

import { parse } from "acorn";
import { ancestor, simple } from "acorn-walk";

// The id of each probe in `code`, as often as it is there.
export function probesOf(code) {
  const ids = [];
  const add = (node) => {
    if (node.type === "ConditionalExpression") [node.consequent, node.alternate].forEach(add);
    else if (node.type === "SequenceExpression") add(node.expressions.at(-1));
    else if (node.type === "TemplateLiteral" && node.quasis.length === 1) ids.push(node.quasis[0].value.cooked);
    else if (node.type === "Literal") ids.push(String(node.value));
    else throw new Error(`a probe's id is a ${node.type}`);
  };
  simple(parseModule(code), {
    CallExpression(call) {
      if (isProbe(call)) add(call.arguments[0]);
    },
  });
  return ids;
}

// How many probes there are, and how many of them run while the module loads.
export function countTopLevel(code) {
  let probes = 0;
  let topLevel = 0;
  ancestor(parseModule(code), {
    CallExpression(call, _, ancestors) {
      if (!isProbe(call)) return;
      probes += 1;
      if (!ancestors.some(({ type }) => /Function/.test(type))) topLevel += 1;
    },
  });
  return { probes, topLevel };
}

// Where calls stand that are one probe and nothing else, with the comma or semicolon behind them.
export function probeRanges(code) {
  const ranges = [];
  simple(parseModule(code), {
    CallExpression(call) {
      if (!isProbe(call) || call.arguments[0].type.endsWith("Expression")) return;
      ranges.push([call.start, call.end + (/[,;]/.test(code[call.end] ?? "") ? 1 : 0)]);
    },
  });
  return ranges.sort(([a], [b]) => a - b);
}

function parseModule(code) {
  return parse(code, { ecmaVersion: "latest", sourceType: "module", allowHashBang: true });
}

function isProbe({ callee }) {
  return callee.type === "MemberExpression" && callee.object.name === "ist_arr" && callee.property.name === "push";
}
