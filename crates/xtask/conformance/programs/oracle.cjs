// Loaded before a program (`node --require`): its probes count here while V8 counts too, and at exit every probe in
// the text of every script that ran is compared with the innermost of V8's ranges that holds it.
"use strict";

const { writeFileSync } = require("node:fs");
const { Session } = require("node:inspector");

// Number of probes in the instrumented tree, and where the findings go.
const { ORACLE_PROBES, ORACLE_FINDINGS } = process.env;
delete process.env.ORACLE_PROBES;
delete process.env.ORACLE_FINDINGS;

/** Hits by id. */
const hits = new Float64Array(Number(ORACLE_PROBES) + 1);
const { charCodeAt } = String.prototype;
const { call } = Function.prototype;
const codeAt = call.bind(charCodeAt);

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUE = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, DIGITS.indexOf(String.fromCharCode(code))));

/** The number that a source-map VLQ stands for; ids are positive. */
function decode(id) {
    let value = 0;
    for (let at = 0; at < id.length; at++) value |= (VALUE[codeAt(id, at)] & 31) << (5 * at);
    return value >> 1;
}

Object.defineProperty(globalThis, "ist_arr", {
    value: {
        push(id) {
            hits[typeof id === "number" ? id : decode(id)]++;
        },
    },
});

const session = new Session();
session.connect();

/** Calls of a session without a main loop answer at once. */
function post(method, parameters) {
    let answer;
    session.post(method, parameters, (error, result) => {
        if (error) throw new Error(`${method}: ${error.message}`);
        answer = result;
    });
    return answer;
}

post("Profiler.enable");
post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/** All ranges of a script, outer before inner; of equal ones the function's own is the inner one. */
function rangesOf(script) {
    const ranges = script.functions.flatMap(({ ranges }) =>
        ranges.map((range, at) => ({ ...range, isFunction: at === 0, root: ranges[0] })),
    );
    return ranges.sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
}

/** Calls `found(id, range)` for each probe in `text`. */
function match(text, ranges, found) {
    const open = [];
    let next = 0;
    for (const probe of text.matchAll(/\bist_arr\.push\((?:(\d+)|"([\w+/]+)")\)/g)) {
        for (; next < ranges.length && ranges[next].startOffset <= probe.index; next++) open.push(ranges[next]);
        // Ranges nest, so those that ended lie on top.
        while (open.length > 0 && open.at(-1).endOffset <= probe.index) open.pop();
        found(probe[1] ? Number(probe[1]) : decode(probe[2]), open.at(-1));
    }
}

process.on("exit", () => {
    const { result } = post("Profiler.takePreciseCoverage");
    const counted = hits.slice();
    post("Profiler.stopPreciseCoverage");
    // V8 gives the exact text of what it ran, whoever wrapped or made it.
    post("Debugger.enable");
    /** By id: V8's count over all scripts that hold the probe, and what its function looks like. */
    const expected = new Map();
    const findings = { files: 0, made: 0, probes: 0, hit: 0, hits: 0, differences: [] };
    for (const script of result) {
        if (script.url.startsWith("node:")) continue;
        const { scriptSource } = post("Debugger.getScriptSource", { scriptId: script.scriptId });
        let probes = 0;
        match(scriptSource, rangesOf(script), (id, range) => {
            probes++;
            const head = scriptSource.slice(range.root.startOffset, range.root.startOffset + 80);
            const known = expected.get(id) ?? { count: 0, head, isBody: range.isFunction };
            known.count += range.count;
            expected.set(id, known);
        });
        if (probes > 0) findings[script.url ? "files" : "made"]++;
    }
    for (const [id, { count, head, isBody }] of expected) {
        findings.probes++;
        findings.hits += counted[id];
        if (counted[id] > 0) findings.hit++;
        if (counted[id] !== count) findings.differences.push({ id, counted: counted[id], expected: count, head, isBody });
    }
    // Probes that ran in no script that V8 knows.
    counted.forEach((count, id) => {
        if (count > 0 && !expected.has(id)) findings.differences.push({ id, counted: count, expected: null, head: "", isBody: false });
    });
    writeFileSync(ORACLE_FINDINGS, JSON.stringify(findings));
});
