import * as acorn from "acorn";
import { published, refused, show } from "../shared/kit.cjs";
const options = { ecmaVersion: "latest", sourceType: "module", locations: true };
const source = published("acorn/dist/acorn.mjs");
show("tree", acorn.parse(source, options));
show("tokens", [...acorn.tokenizer(source, options)].map((token) => token.type.label));
for (const wrong of ["let a; let a", "for (;;", "/(?<n>a)(?<n>b)/", "class { }", "await = 1"]) {
    refused(wrong, () => acorn.parse(wrong, options));
}
