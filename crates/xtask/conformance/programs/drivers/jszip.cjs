const JSZip = require("jszip");
const { published, show } = require("../shared/kit.cjs");
(async () => {
    const date = new Date(Date.UTC(2000, 0, 1));
    const zip = new JSZip();
    zip.file("a.txt", "hello", { date }).folder("d").file("b.js", published("q/q.js"), { date, comment: "c" });
    zip.file("later.txt", Promise.resolve("async"), { date, createFolders: false }).file("e.bin", new Uint8Array(3000).map((_, at) => at % 251), { date, binary: true });
    zip.folder("d", { date });
    zip.forEach((path, entry) => (entry.date = date));
    const bytes = await zip.generateAsync({ type: "uint8array", compression: "DEFLATE", compressionOptions: { level: 7 }, comment: "all" });
    show("bytes", Buffer.from(bytes).toString("base64"));
    const again = await JSZip.loadAsync(bytes, { checkCRC32: true });
    show("names", Object.keys(again.files));
    show("text", await again.file("d/b.js").async("string"));
    show("binary", (await again.file(/e\.bin/)[0].async("array")).length);
    again.remove("d");
    show("filtered", again.filter((path) => path.endsWith(".txt")).length);
    await JSZip.loadAsync("nonsense").catch((error) => show("wrong", error.message.split(":")[0]));
})();
