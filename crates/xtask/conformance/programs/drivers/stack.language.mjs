import { showStack } from "../shared/kit.cjs";
Error.stackTraceLimit = 100;
const fail = (why) => { throw new Error(why); };
class Base {
    static #count = 0;
    #value = Base.#count > 90 ? fail("field") : 1;
    constructor(n) { n > 1 && this.#check(n); this.n = n ?? fail("missing"); }
    #check(n) { if (n > 2) fail("private"); else if (n === 2) throw new TypeError("thrown"); }
    get getter() { return this.n || fail("getter"); }
    set setter(value) { for (const one of value) one ? void one : fail("setter"); }
    static async later(n) { await null; return n ? Base.later(n - 1) : fail("async"); }
    *[Symbol.iterator]() { yield 1; yield* [fail("generator")]; }
}
class Derived extends Base {
    field = (() => this.n === 0 && fail("initialiser"))();
    constructor(n) { super(n); switch (n) { case 1: [3].forEach(function named(x) { fail("case"); }); } }
}
const proxy = new Proxy({}, { get: (_, name) => name === "then" ? undefined : fail("trap") });
const tries = { missing: () => new Base(), private: () => new Base(3), thrown: () => new Derived(2), getter: () => new Base(0).getter, setter: () => { new Base(1).setter = [1, 0]; }, generator: () => [...new Base(1)], initialiser: () => new Derived(0), case: () => new Derived(1), trap: () => proxy.x?.y, tagged: () => ((strings, ...values) => values[0]())`a${() => fail("tag")}`, callee: () => undefined?.x ?? null.y, spread: () => fail(...null), template: () => `${{ toString() { return fail("text"); } }}`, sort: () => [2, 1].sort((a, b) => a > b ? fail("sort") : 0), call: () => { let a = { b: {} }; return a.b.c.d(); }, method: () => { const a = {}; return a.no(1, 2); }, construct: () => new (class { })().x.y };
for (const [name, run] of Object.entries(tries)) try { run(); } catch (error) { showStack(name, error); }
await Base.later(3).catch((error) => showStack("async", error));
await Promise.all([1, 2].map(async (n) => { if (n > 1) await Base.later(0); })).catch((error) => showStack("all", error));
