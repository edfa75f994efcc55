// What is asked of zod, of its published code and of its sources.
import { refused, show } from "./kit.cjs";

export default async (z) => {
    const Tree = z.object({ name: z.string().min(2).regex(/^[a-z]/).transform((s) => s.toUpperCase()), get children() { return z.array(Tree).optional(); } });
    const Shape = z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), n: z.coerce.number().int().positive() }), z.strictObject({ kind: z.enum(["b", "c"]), when: z.iso.datetime() })]);
    const values = [{ name: "ab", children: [{ name: "cd" }] }, { name: "A", children: [{}] }, null];
    for (const value of values) show(JSON.stringify(value), Tree.safeParse(value).success ? Tree.parse(value) : z.prettifyError(Tree.safeParse(value).error));
    for (const value of [{ kind: "a", n: "5" }, { kind: "b", when: "2020-01-01T00:00:00Z" }, { kind: "c", when: "x", more: 1 }, { kind: "z" }]) show(JSON.stringify(value), z.safeParse(Shape, value).data ?? z.treeifyError(z.safeParse(Shape, value).error));
    show("map", z.map(z.string(), z.bigint()).parse(new Map([["a", 1n]])).size);
    show("json schema", z.toJSONSchema(z.object({ a: z.string().email().default("a@b.c"), b: z.tuple([z.number(), z.boolean()]).readonly(), c: z.record(z.string(), z.unknown()) })));
    show("async", await z.string().refine(async (s) => s.length > 2, "short").safeParseAsync("a").then((r) => r.error.issues));
    show("pipe", z.string().pipe(z.preprocess((s) => Number(s), z.number().multipleOf(0.5))).parse("2.5"));
    refused("template", () => z.templateLiteral(["v", z.number(), "-", z.enum(["a", "b"])]).parse("v1-c"));
};
