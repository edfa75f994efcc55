import * as pako from "pako";
import { published, refused, show } from "../shared/kit.cjs";
const text = new TextEncoder().encode(published("acorn/dist/acorn.js").slice(0, 60_000));
for (const level of [0, 1, 6, 9]) {
    const packed = pako.deflate(text, { level, windowBits: 12 + (level % 4) });
    show(`level ${level}`, [packed.length, pako.inflate(packed).length, packed.slice(-4)]);
}
for (const strategy of [1, 2, 3, 4]) show(`strategy ${strategy}`, pako.deflateRaw(text, { strategy }).length);
const deflate = new pako.Deflate({ level: 5 });
for (let at = 0; at < text.length; at += 7000) deflate.push(text.subarray(at, at + 7000), at + 7000 >= text.length);
show("streamed", deflate.result.length);
show("gzip", new TextDecoder().decode(pako.ungzip(pako.gzip(text))).length);
refused("wrong", () => pako.inflate(new Uint8Array([1, 2, 3, 4])));
