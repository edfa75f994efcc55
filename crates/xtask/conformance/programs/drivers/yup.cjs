const yup = require("yup");
const { show } = require("../shared/kit.cjs");
const schema = yup.object({ name: yup.string().trim().required().matches(/^\w+$/), age: yup.number().integer().when("name", ([name], field) => (name === "old" ? field.min(90) : field.max(50))), tags: yup.array(yup.string().oneOf(["a", "b"])).min(1).default(() => ["a"]), at: yup.date().default(() => new Date(0)), deep: yup.object({ er: yup.boolean().isTrue() }).nullable() }).noUnknown().strict(false);
(async () => {
    for (const value of [{ name: " x " }, { name: "old", age: "70", tags: ["c"] }, { name: "", deep: { er: false } }]) {
        await schema.validate(value, { abortEarly: false }).then((valid) => show(JSON.stringify(value), valid), (error) => show(JSON.stringify(value), error.errors));
    }
    show("cast", schema.cast({ name: "n", age: "4", tags: ["b"] }));
    show("tuple", await yup.tuple([yup.string(), yup.number()]).isValid(["a", 1]));
    show("described", schema.describe());
    show("test", await yup.mixed().test("even", "${path} odd", async (n) => n % 2 === 0).validate(3).catch((error) => error.message));
})();
