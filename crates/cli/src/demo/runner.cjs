// Runs the program named first and writes what its probes pushed to the file named second.
const [, , program, trace] = process.argv;
globalThis.ist_arr = [];
process.on("exit", () => require("node:fs").writeFileSync(trace, JSON.stringify(globalThis.ist_arr)));
require(program);
