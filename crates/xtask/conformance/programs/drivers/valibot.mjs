import * as v from "valibot";
import { refused, show } from "../shared/kit.cjs";
const User = v.object({ email: v.pipe(v.string(), v.trim(), v.email(), v.toLowerCase()), age: v.optional(v.pipe(v.number(), v.integer(), v.minValue(18)), 21), tags: v.fallback(v.array(v.picklist(["a", "b"])), []) });
for (const value of [{ email: " A@B.CO " }, { email: "x", age: 3.5, tags: ["c"] }, 7]) {
    const result = v.safeParse(User, value);
    show(JSON.stringify(value), result.success ? result.output : v.flatten(result.issues));
}
const Variant = v.variant("type", [v.object({ type: v.literal(1), a: v.string() }), v.strictObject({ type: v.literal(2), b: v.nullish(v.date()) })]);
for (const value of [{ type: 1, a: "x" }, { type: 2, c: 1 }, { type: 3 }]) show(JSON.stringify(value), v.safeParse(Variant, value).issues?.map((issue) => issue.message) ?? "fine");
const List = v.object({ value: v.number(), next: v.lazy(() => v.nullable(List)) });
show("lazy", v.is(List, { value: 1, next: { value: 2, next: null } }));
show("async", await v.parseAsync(v.pipeAsync(v.string(), v.transformAsync(async (s) => s.length)), "abcd"));
show("intersect", v.parse(v.intersect([v.object({ a: v.string() }), v.object({ b: v.number() })]), { a: "x", b: 1 }));
refused("wrong", () => v.parse(v.tuple([v.string(), v.bigint()]), ["a", 1]));
