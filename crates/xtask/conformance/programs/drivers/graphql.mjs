import { buildSchema, execute, graphql, introspectionFromSchema, parse, print, printSchema, subscribe, validate } from "graphql";
import { refused, show } from "../shared/kit.cjs";
const schema = buildSchema(`
  "A tree" type Node implements Named @deprecatedBy(x: 1) { name: String! children(first: Int = 2): [Node!] parent: Node kind: Kind }
  interface Named { name: String! } enum Kind { LEAF BRANCH } union Any = Node | Leaf type Leaf { size: Float }
  input Wanted { text: String = "x", all: [Wanted!] } directive @deprecatedBy(x: Int) on OBJECT
  type Query { node(name: String!): Node any: [Any] find(wanted: Wanted): String } type Subscription { count: Int }`);
const node = (name, depth) => ({ __typename: "Node", name, kind: depth ? "BRANCH" : "LEAF", parent: async () => null, children: ({ first }) => (depth ? Array.from({ length: first }, (_, at) => node(`${name}.${at}`, depth - 1)) : null) });
const rootValue = { node: ({ name }) => node(name, 3), any: () => [node("a", 0), { __typename: "Leaf", size: 1.5 }], find: ({ wanted }) => JSON.stringify(wanted) };
const source = 'query Q($first: Int, $skip: Boolean = false) { node(name: "r") { ...F children(first: $first) { ...F parent { name } children { kind } } } any { __typename ... on Leaf { size } } find(wanted: { all: [{}] }) @skip(if: $skip) } fragment F on Node { name kind }';
show("data", await graphql({ schema, source, rootValue, variableValues: { first: 3 } }));
show("printed", print(parse(source)));
show("schema", printSchema(schema));
show("introspection", introspectionFromSchema(schema));
for (const wrong of ["{ nope }", "{ node { name } }", "query A { any } query A { any }", "fragment X on Leaf { ...X } { any { ...X } }"]) show(wrong, validate(schema, parse(wrong)).map((error) => error.message));
const counts = await subscribe({ schema, document: parse("subscription { count }"), rootValue: { async *count() { yield { count: 1 }; yield { count: 2 }; } } });
for await (const { data } of counts) show("count", data);
show("failed", await execute({ schema, document: parse("{ find }"), rootValue: { find: () => { throw new Error("no"); } } }));
refused("wrong", () => parse("{ a(b: }"));
