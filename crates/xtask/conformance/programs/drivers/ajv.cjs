const Ajv = require("ajv/dist/2020");
const { show } = require("../shared/kit.cjs");
const ajv = new Ajv({ allErrors: true, code: { source: true }, useDefaults: true, coerceTypes: true });
ajv.addKeyword({ keyword: "even", type: "number", compile: (wanted) => (data) => (data % 2 === 0) === wanted });
const schema = {
    $id: "tree", type: "object", required: ["value"], unevaluatedProperties: false,
    properties: {
        value: { type: "integer", even: true, minimum: 0 },
        name: { type: "string", pattern: "^[a-z]+$", minLength: 2, default: "none" },
        children: { type: "array", items: { $ref: "#" }, uniqueItems: true, contains: { type: "object" }, maxContains: 2 },
        kind: { oneOf: [{ const: "a" }, { enum: ["b", "c"] }, { type: "null" }] },
        when: { if: { type: "string" }, then: { maxLength: 3 }, else: { not: { type: "boolean" } } },
    },
    dependentRequired: { kind: ["when"] }, patternProperties: { "^x-": true },
};
const validate = ajv.compile(schema);
const data = [{ value: 2 }, { value: "4", children: [{ value: 1 }, { value: 1 }] }, { name: "A", kind: "d" }, { value: 6, "x-a": 1, b: 2, when: true }, { value: 8, kind: null, when: "long" }];
for (const one of data) show(JSON.stringify(one), [validate(one), validate.errors?.map((error) => `${error.instancePath} ${error.message}`), one]);
show("code", validate.source.validateCode.length > 1000);
