const knex = require("knex");
const { refused, show } = require("../shared/kit.cjs");
for (const client of ["pg", "mysql2", "better-sqlite3", "mssql", "oracledb"]) {
    refused(client, () => {
        const db = knex({ client, useNullAsDefault: true });
        const sub = db("orders").select("user_id").sum("price as total").groupBy("user_id").having("total", ">", 10);
        return [
            db.with("big", sub).select("u.name", "big.total", db.raw("coalesce(??, ?) as x", ["u.age", 5])).from("users as u").leftJoin("big", "u.id", "big.user_id").whereIn("u.id", [1, 2]).andWhere((q) => q.where("a", 1).orWhereNull("b").orWhereBetween("c", [1, 2])).orderBy([{ column: "name", order: "desc" }]).limit(5).offset(10),
            db("users").insert([{ a: 1, b: "x" }, { a: 2, b: null }]).returning("id"),
            db("users").where({ id: 3 }).update({ n: db.raw("n + 1"), s: "it's" }),
            db("users").whereExists(db("orders").whereRaw("orders.user_id = users.id")).del(),
            db.select(1).union([db.select(2)]).unionAll(db.select(3)),
        ].map(String).concat(db.schema.createTable("t", (t) => { t.increments(); t.string("s", 40).notNullable().index(); t.integer("r").unsigned().references("id").inTable("u").onDelete("CASCADE"); t.unique(["s", "r"]); t.timestamp("at"); }).toString());
    });
}
refused("wrong", () => knex({ client: "pg" })("t").where(undefined).where("a", undefined).toString());
