import postcss from "postcss";
import { CSS } from "./texts.js";

/** Parses, changes and prints a style sheet. */
export function work() {
  const root = postcss.parse(CSS);
  root.walkDecls((declaration) => {
    if (declaration.prop === "color") declaration.cloneBefore({ prop: "fill" });
    else if (declaration.important) declaration.remove();
  });
  root.walkRules(/:hover/, (rule) => void (rule.selectors = rule.selectors.map((selector) => `.app ${selector}`)));
  return root.toString();
}
