// The programs that are measured: a library and what it is to do, many times.

import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** `work` is the body of a function of the library and of the text of lodash. */
export const PROGRAMS = [
  {
    name: "lodash",
    file: require.resolve("lodash"),
    work: `const rows = library.times(400, (i) => ({ id: i, name: "row " + (i % 97), tags: [i % 3, i % 5], deep: { a: { b: i } } }));
      const copy = library.cloneDeep(rows);
      library.isEqual(rows, copy);
      library.merge({}, library.keyBy(copy, "id"), library.mapValues(library.groupBy(rows, "name"), library.size));
      return library(copy).sortBy(["name", "deep.a.b"]).uniqBy("tags[1]").flatMap("tags").countBy().value();`,
  },
  {
    name: "acorn",
    file: require.resolve("acorn"),
    work: `return library.parse(text, { ecmaVersion: "latest" });`,
  },
  {
    name: "babel",
    file: require.resolve("@babel/parser"),
    work: `return library.parse(text, { sourceType: "script" });`,
  },
];

export const TEXT = require.resolve("lodash");
