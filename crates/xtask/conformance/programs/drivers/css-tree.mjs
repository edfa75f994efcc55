import * as csstree from "css-tree";
import { published, show } from "../shared/kit.cjs";
const source = `${published("mocha/mocha.css")} @media (width > 1px) and (hover) { a:is(.b, #c > d):nth-child(2n + 1 of e)::before { color: rgb(1 2 3 / 50%); margin: calc(1px + 2 * var(--x, 3px)) !important; } } @supports not (a: b) {} .wrong { color: ; : x } `;
const errors = [];
const tree = csstree.parse(source, { positions: true, onParseError: (error) => errors.push(error.message) });
show("css", csstree.generate(tree));
show("errors", errors);
const kinds = {};
csstree.walk(tree, (node) => void (kinds[node.type] = (kinds[node.type] ?? 0) + 1));
show("kinds", kinds);
const mismatches = [];
csstree.walk(tree, { visit: "Declaration", enter(node) {
    const { error } = csstree.lexer.matchProperty(node.property, node.value);
    if (error) mismatches.push(`${node.property}: ${error.message}`);
} });
show("mismatches", mismatches);
show("syntax", csstree.definitionSyntax.generate(csstree.definitionSyntax.parse("<a> [ b | c ]{1,3} && d#? || e+")));
show("tokens", csstree.generate(csstree.fromPlainObject(csstree.toPlainObject(tree)), { sourceMap: true }).map.toString());
