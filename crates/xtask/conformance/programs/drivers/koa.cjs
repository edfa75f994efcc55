const Koa = require("koa");
const { show } = require("../shared/kit.cjs");
const { responseOf } = require("../shared/loopback.cjs");
const app = new Koa({ keys: ["secret"] });
app.silent = true;
const trail = [];
app.use(async (context, next) => { trail.push(">1"); await next(); trail.push("1>"); context.set("vary", "Origin"); });
app.use(async (context, next) => {
    switch (context.path) {
        case "/json": context.body = { query: context.query, type: context.accepts("json", "html") }; break;
        case "/stream": context.body = require("node:stream").Readable.from(["a", "b", "c"]); context.type = "text"; break;
        case "/cookie": context.cookies.set("n", "v", { signed: true }); context.redirect("/json"); break;
        case "/throw": return context.throw(403, "not you", { expose: true });
        case "/fail": return context.assert(context.query.a, 400, "a is missing");
        case "/empty": context.status = 204; break;
        case "/fresh": context.status = 200; context.etag = "x"; if (context.fresh) context.status = 304; else context.body = "new"; break;
        default: await next();
    }
});
app.on("error", (error) => trail.push(error.message));
const server = app.listen(0, "127.0.0.1", async () => {
    const ask = responseOf(server);
    for (const path of ["/json?a=1&a=2", "/stream", "/cookie", "/throw", "/fail", "/empty", "/none"]) show(path, await ask("GET", path, { accept: "text/html, application/json;q=0.5" }));
    show("fresh", [await ask("GET", "/fresh"), await ask("GET", "/fresh", { "if-none-match": '"x"' })]);
    show("trail", trail);
    server.close();
});
