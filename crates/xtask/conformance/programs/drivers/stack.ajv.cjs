const Ajv = require("ajv");
const { showStack } = require("../shared/kit.cjs");
Error.stackTraceLimit = 100;
const ajv = new Ajv();
for (const schema of [{ type: "strange" }, { $ref: "#/nowhere" }, { properties: { a: { items: { allOf: [{ minimum: "x" }] } } } }, { properties: { a: { items: { allOf: [{ unknownKeyword: 1 }] } } } }]) {
    try {
        ajv.compile(schema);
    } catch (error) {
        showStack(error.message.slice(0, 60), error);
    }
}
const validate = ajv.addKeyword({ keyword: "bomb", validate: () => { throw new RangeError("inside"); } }).compile({ properties: { a: { bomb: true } } });
try {
    validate({ a: 1 });
} catch (error) {
    showStack("compiled", error);
}
