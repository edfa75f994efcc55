const { rollup } = require("rollup");
const { published, show } = require("../shared/kit.cjs");
const files = { main: 'import { used as u } from "lib"; import * as all from "cycle"; import("lazy").then(console.log); export default class extends u {} export const n = all.n ?? 1; if (false) dead();', lib: 'export class used { static x = sideEffect(); } export function unused() { return used; } export * from "cycle";', cycle: 'import main from "main"; export let n = () => main; export const m = /* @__PURE__ */ n();', lazy: published("mustache/mustache.mjs") };
const memory = { name: "memory", resolveId: (id) => (id in files ? id : null), load: (id) => files[id], renderChunk: (code) => ({ code: code.replace("dead", "alive"), map: null }) };
(async () => {
    const bundle = await rollup({ input: "main", plugins: [memory], external: ["outside"], onwarn: ({ code, message }) => show(code, message) });
    for (const format of ["es", "cjs", "system", "amd"]) {
        const { output } = await bundle.generate({ format, sourcemap: true, exports: "named", chunkFileNames: "[name].js", plugins: [] });
        for (const { fileName, code, map } of output) show(`${format} ${fileName}`, [code, map?.mappings]);
    }
    await rollup({ input: "broken", plugins: [{ name: "x", resolveId: (id) => id, load: () => "export { missing }" }], onwarn() {} }).catch((error) => show("wrong", [error.code, error.message]));
})();
