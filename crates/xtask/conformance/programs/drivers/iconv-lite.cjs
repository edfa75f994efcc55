const iconv = require("iconv-lite");
const { refused, show } = require("../shared/kit.cjs");
const text = "Grüße, мир, 世界, こんにちは, 한국어, €, 😀, ½";
for (const encoding of ["utf8", "utf16", "utf-16be", "utf-32le", "utf-7", "utf-7-imap", "latin1", "win1251", "koi8-r", "shift_jis", "euc-jp", "gbk", "gb18030", "big5", "euc-kr", "cp437", "cp1252", "macroman", "hex", "base64"]) {
    refused(encoding, () => { const bytes = iconv.encode(text, encoding); return [bytes.length, bytes.toString("hex").slice(0, 40), iconv.decode(bytes, encoding)]; });
}
const decoder = iconv.getDecoder("shift_jis");
show("split", [...iconv.encode("日本語", "sjis")].map((byte) => decoder.write(Buffer.from([byte]))).join("") + (decoder.end() ?? ""));
show("bom", [iconv.decode(Buffer.from("\ufeffa"), "utf8"), iconv.encode("a", "utf8", { addBOM: true }).length, iconv.decode(Buffer.from("\ufeffa"), "utf8", { stripBOM: false }).length]);
refused("wrong", () => iconv.encode("a", "no-such"));
