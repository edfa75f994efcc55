import { Minimatch, minimatch } from "minimatch";
import { refused, show } from "../shared/kit.cjs";
const paths = ["a.js", "src/a.ts", "src/b/c.test.js", ".hidden/x", "src/[id].js", "a/b/c/d/e.md", "node_modules/p/index.js", "é.txt", "src/B.JS"];
for (const pattern of ["**/*.js", "src/{a,b/**}", "!(src)/**", "+([a-z]).@(js|ts)", "**/[[:upper:]]*.js", "src/\\[id\\].js", ".*/**", "a/**/e.*", "?.{txt,js}", "*.{1..3}"]) {
    show(pattern, [paths.filter(minimatch.filter(pattern)), paths.filter(minimatch.filter(pattern, { dot: true, nocase: true, matchBase: true }))]);
}
show("set", new Minimatch("a/**/b/!(c)?(d)").set.map((part) => part.map(String)));
refused("wrong", () => new Minimatch("x".repeat(70_000)));
