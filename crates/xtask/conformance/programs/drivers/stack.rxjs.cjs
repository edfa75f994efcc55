const rx = require("rxjs");
const { showStack } = require("../shared/kit.cjs");
Error.stackTraceLimit = 100;
const show = (label) => ({ error: (error) => showStack(label, error) });
rx.range(1, 5).pipe(rx.map((n) => n * 2), rx.concatMap((n) => rx.of(n).pipe(rx.tap(() => { if (n > 4) throw new TypeError("deep"); })))).subscribe(show("operators"));
rx.from([1, 2]).pipe(rx.single()).subscribe(show("single"));
rx.defer(async () => { await null; throw new Error("deferred"); }).subscribe(show("async"));
rx.timer(0).pipe(rx.mergeMap(() => new rx.Observable(({ next }) => next()))).subscribe(show("timer"));
