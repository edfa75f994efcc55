const Joi = require("joi");
const { show } = require("../shared/kit.cjs");
const schema = Joi.object({
    name: Joi.string().alphanum().min(3).max(10).required().messages({ "string.min": "{#label} is short" }),
    password: Joi.string().pattern(/^[a-z0-9]{3,}$/), repeat: Joi.ref("password"),
    born: Joi.date().iso().max("2020-01-01"), size: Joi.alternatives().conditional("name", { is: "giant", then: Joi.number().min(100), otherwise: Joi.number().max(10) }),
    list: Joi.array().items(Joi.number().integer(), Joi.string().uppercase()).unique().single(), link: Joi.link("#self"),
    any: Joi.any().custom((value, helpers) => (value === 7 ? helpers.error("any.invalid") : value)),
}).id("self").with("password", "repeat").xor("born", "size").rename("nick", "name");
for (const value of [{ name: "abc", size: 5 }, { nick: "giant", size: 50 }, { name: "a!", born: "2021-01-01", password: "abc" }, { name: "abc", born: "2000-01-01", list: [1, "a", 1, 1.5], any: 7, other: 1 }, { name: "abc", size: 1, link: { name: "x" } }]) {
    const { error, value: valid } = schema.validate(value, { abortEarly: false });
    show(JSON.stringify(value), error ? error.details.map((detail) => detail.message) : valid);
}
show("described", schema.describe());
show("compiled", [Joi.attempt("5", Joi.number()), Joi.compile([1, "x"]).validate(2).error.message]);
