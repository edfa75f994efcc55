const Q = require("q");
const { show } = require("../shared/kit.cjs");
const later = (n) => Q.delay(n, 1).then((value) => value + 1);
const deferred = Q.defer();
deferred.promise.then((value) => show("deferred", value), null, (step) => show("step", step));
Q.all([1, 2, later(3)]).spread((a, b, c) => show("all", [a, b, c]))
    .then(() => Q.allSettled([later(1), Q.reject(new Error("no"))])).then((states) => show("settled", states.map((one) => one.value ?? one.reason.message)))
    .then(() => Q({ a: { b: (n) => n * 2 } }).get("a").invoke("b", 21)).then((n) => show("invoked", n))
    .then(() => Q.nfcall((x, done) => done(null, x + 1), 1)).then((n) => show("node", n))
    .then(() => Q.async(function* () { return (yield later(1)) + (yield 2); })()).then((n) => show("async", n))
    .then(() => later(1).timeout(1000)).tap((n) => show("tap", n)).thenReject(new Error("end"))
    .progress(() => 0).fail((error) => show("failed", error.message)).fin(() => show("finally", 1))
    .then(() => (deferred.notify(1), deferred.resolve("done"))).done();
