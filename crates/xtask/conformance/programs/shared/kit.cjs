// What all drivers share.
"use strict";

const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

/** The text of a package's file as it was published: every tree stands beside the original `node_modules`. */
exports.published = (path) => readFileSync(join(__dirname, "../../node_modules", path), "utf8");

/** Prints a result: short ones as they are, long ones as their length and hash. */
exports.show = (label, value) => {
    const text = (typeof value === "string" ? value : JSON.stringify(value)) ?? "undefined";
    const isShort = text.length <= 120 && !text.includes("\n");
    console.log(`${label}: ${isShort ? text : `${text.length} ${createHash("sha256").update(text).digest("hex")}`}`);
};

/** Prints what `run` throws. */
exports.refused = (label, run) => {
    try {
        exports.show(label, run());
    } catch (error) {
        exports.show(label, `${error.name}: ${error.message}`);
    }
};
