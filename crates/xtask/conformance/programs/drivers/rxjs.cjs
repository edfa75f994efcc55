const rx = require("rxjs");
const { show } = require("../shared/kit.cjs");
const { TestScheduler } = require("rxjs/testing");
const log = (label) => ({ next: (value) => show(label, value), error: (error) => show(`${label} failed`, String(error)), complete: () => show(label, "done") });
rx.range(1, 50).pipe(rx.filter((n) => n % 3 === 0), rx.map((n) => n ** 2), rx.scan((a, b) => a + b, 0), rx.bufferCount(4, 2)).subscribe(log("buffers"));
rx.from("hello world").pipe(rx.groupBy((c) => c), rx.mergeMap((group) => group.pipe(rx.count(), rx.map((n) => group.key + n))), rx.toArray()).subscribe(log("letters"));
rx.throwError(() => new Error("broken")).pipe(rx.retry(2), rx.catchError((error) => rx.of(error.message))).subscribe(log("caught"));
const subject = new rx.ReplaySubject(2);
[1, 2, 3].forEach((n) => subject.next(n));
rx.combineLatest([subject, rx.of("a", "b")]).pipe(rx.take(5)).subscribe(log("latest"));
rx.zip(rx.of(1, 2), rx.EMPTY.pipe(rx.defaultIfEmpty(0))).subscribe(log("zip"));
new TestScheduler((actual, expected) => show("marbles", JSON.stringify(actual) === JSON.stringify(expected))).run(({ cold, expectObservable }) => {
    const source = cold("a-b--c|").pipe(rx.switchMap((x) => cold("xy|").pipe(rx.map((y) => x + y))));
    expectObservable(source).toBe("klmn-op|", { k: "ax", l: "ay", m: "bx", n: "by", o: "cx", p: "cy" });
    expectObservable(cold("a--b|").pipe(rx.delay(3), rx.startWith("s"))).toBe("s--a--b|");
});
(async () => {
    for await (const value of { [Symbol.asyncIterator]: async function* () { yield* [1, 2] } }) show("async", value);
    show("last", await rx.lastValueFrom(rx.interval(1).pipe(rx.take(3), rx.reduce((a, b) => a + b))));
    const gone = await rx.firstValueFrom(rx.NEVER.pipe(rx.timeout({ first: 1, with: () => rx.of("late") })));
    show("timeout", gone);
})();
