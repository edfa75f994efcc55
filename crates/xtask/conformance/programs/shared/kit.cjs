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

/** `Math.random` for packages that draw numbers: the same ones in every run (Numerical Recipes' generator). */
exports.seedRandom = () => {
    let state = 1;
    Math.random = () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state / 2 ** 32;
    };
};

/** `at async Type.name [as other] (/srv/plain/file.js:1:2)` */
const FRAME = /^ +at (?:async )?(?:(.*) \()?(?:file:\/\/)?(.*?:\d+:\d+)\)?$/;

/**
 * Prints a stack as Node shows it through source maps: positions and names of all frames outside Node, but for code
 * made by `eval`, of which Node maps nothing. Where there
 * is a map, Node spells a frame's name in another way: only what is the name in both is printed.
 */
exports.showStack = (label, { stack }) => {
    const root = `${join(__dirname, "../..")}/`;
    const frames = stack.split("\n").filter((line) => !line.includes("(eval at ")).map((line) => FRAME.exec(line)).filter((frame) => frame?.[2].startsWith(root));
    const shown = frames.map(([, name = "", position]) => {
        const bare = name.replace(/ \[as .*\]$/, "").replace(/^new /, "").replace(/^[\w$.<>]+\.(?=[\w$#[<])/, "");
        return `    ${bare === "<anonymous>" ? "" : bare} ${position.slice(root.length).replace(/^plain\//, "")}`;
    });
    console.log([label, ...shown].join("\n"));
};
