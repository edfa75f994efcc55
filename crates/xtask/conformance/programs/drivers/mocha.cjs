const { show } = require("../shared/kit.cjs");
(async () => {
    const { default: Mocha } = await import("mocha");
    const { expect } = await import("chai");
    const mocha = new Mocha({ reporter: class {}, retries: 0, timeout: 2000 });
    const { describe, it, beforeEach, after } = (mocha.suite.emit("pre-require", globalThis, null, mocha), globalThis);
    describe("outer", () => {
        let n = 0;
        beforeEach(() => void (n += 1));
        after(function () { show("after", this.test.title); });
        it("passes", () => expect([1, { a: [2] }]).to.deep.include({ a: [2] }));
        it("fails", () => expect({ a: 1, b: [1, 2] }).to.deep.equal({ a: 1, b: [1, 3] }));
        it("waits", async () => expect(await Promise.resolve(n)).to.be.within(1, 9).and.not.equal(7));
        it("calls back", (done) => setImmediate(done, new Error("called back")));
        it.skip("skipped", () => {});
        it("pending");
        describe("inner", () => {
            it("retries", function () { this.retries(2); if (n < 7) throw new TypeError(`n is ${n}`); });
            it("skips itself", function () { this.skip(); });
            for (const [at, check] of [() => expect(() => { throw new RangeError("far"); }).to.throw(RangeError, /near/), () => expect("text").to.have.lengthOf(3), () => expect(null).to.be.an("object"), () => expect(new Map([[1, 2]])).to.have.keys(2), () => expect({ a: { b: 1 } }).to.have.nested.property("a.b", 2), () => expect(3).to.be.closeTo(1, 0.5), () => expect([3, 1]).to.have.ordered.members([1, 3])].entries()) it(`check ${at}`, check);
        });
    });
    const events = [];
    const runner = mocha.run((failures) => (show("events", events), show("failures", failures)));
    for (const event of ["pass", "fail", "pending", "retry", "suite end"]) runner.on(event, (test, error) => events.push([event, test.fullTitle(), error?.message]));
    runner.on("fail", (test, error) => show(test.title, error.message));
})();
