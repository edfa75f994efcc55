// What a bundle declares, by name.

import { parse } from "acorn";
import { simple } from "acorn-walk";

// Names of all functions, classes and variables at any depth of blocks; a bundler's numbers behind them are cut off.
export function declarationsOf(code) {
  const names = new Set();
  const add = (pattern) => {
    if (pattern?.type === "Identifier") names.add(pattern.name.replace(/(\$\d+|\d+)$/, ""));
  };
  simple(parse(code, { ecmaVersion: "latest", sourceType: "module" }), {
    FunctionDeclaration: ({ id }) => add(id),
    ClassDeclaration: ({ id }) => add(id),
    VariableDeclarator: ({ id }) => add(id),
  });
  return names;
}
