const fc = require("fast-check");
const { show } = require("../shared/kit.cjs");
const options = { seed: 42, numRuns: 200 };
const tree = fc.letrec((tie) => ({ node: fc.oneof({ depthSize: "small" }, fc.nat(), fc.tuple(tie("node"), tie("node"))), }));
show("samples", fc.sample(fc.record({ s: fc.string(), e: fc.emailAddress(), d: fc.dictionary(fc.string({ maxLength: 3 }), fc.double({ noNaN: true })), b: fc.bigInt(), t: tree.node }), options).map((value) => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v))));
fc.assert(fc.property(fc.array(fc.integer()), (all) => all.toSorted().length === all.length), options);
show("shrunk", fc.check(fc.property(fc.array(fc.integer()), (all) => all.reduce((a, b) => a + b, 0) < 1000), options).counterexample);
class Push { constructor(n) { this.n = n; } check = () => true; run(model, real) { model.size++; real.push(this.n); if (real.length > 4) throw new Error("too many"); } toString = () => `push ${this.n}`; }
const commands = fc.commands([fc.nat(9).map((n) => new Push(n))], { maxCommands: 20 });
const found = fc.check(fc.property(commands, (all) => fc.modelRun(() => ({ model: { size: 0 }, real: [] }), all)), options);
show("model", [found.failed, String(found.counterexample), found.errorInstance.message]);
fc.check(fc.asyncProperty(fc.scheduler(), async (s) => { const seen = []; s.schedule(Promise.resolve(1)).then((v) => seen.push(v)); s.schedule(Promise.resolve(2)).then((v) => seen.push(v)); await s.waitAll(); return seen[0] === 1; }), options).then(({ failed, numShrinks }) => show("races", [failed, numShrinks]));
show("stats", fc.sample(fc.stream ? fc.constantFrom(..."abc") : fc.nat(), { seed: 1, numRuns: 30 }));
