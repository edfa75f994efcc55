const fastify = require("fastify");
const { show } = require("../shared/kit.cjs");
(async () => {
    const app = fastify({ routerOptions: { ignoreTrailingSlash: true }, ajv: { customOptions: { allErrors: true } } });
    app.decorate("double", (n) => n * 2).decorateRequest("seen", null);
    app.addHook("onRequest", async (request) => void (request.seen = [request.method]));
    app.addHook("preSerialization", async (request, reply, payload) => ({ ...payload, seen: request.seen }));
    const user = { type: "object", required: ["name"], properties: { name: { type: "string", maxLength: 5 }, age: { type: "integer", default: 3 } }, additionalProperties: false };
    app.post("/users", { schema: { body: user, response: { 201: { type: "object", properties: { name: { type: "string" }, age: { type: "number" }, seen: { type: "array", items: { type: "string" } } } } } } }, async (request, reply) => reply.code(201).send({ ...request.body, hidden: 1 }));
    app.register(async (child) => {
        child.get("/:id(^\\d+$)/*", async (request) => ({ ...request.params, n: child.double(Number(request.params.id)) }));
        child.get("/throw", async () => { throw Object.assign(new Error("thrown"), { statusCode: 409 }); });
        child.setErrorHandler((error, request, reply) => reply.send({ own: error.message }));
    }, { prefix: "/v1" });
    app.get("/q", { schema: { querystring: { type: "object", properties: { n: { type: "number" }, all: { type: "array", items: { type: "integer" } } } } } }, async (request) => ({ ...request.query }));
    await app.ready();
    for (const [method, url, payload] of [["POST", "/users", { name: "ann", more: 1 }], ["POST", "/users", { name: "too long", age: "x" }], ["GET", "/v1/21/a/b"], ["GET", "/v1/throw"], ["GET", "/q?n=1.5&all=1&all=2"], ["GET", "/q/?n=x"], ["GET", "/none"]]) {
        const { statusCode, body } = await app.inject({ method, url, payload });
        show(`${method} ${url}`, [statusCode, body]);
    }
    show("routes", app.printRoutes());
    await app.close();
})();
