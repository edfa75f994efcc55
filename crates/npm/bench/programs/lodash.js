import _ from "lodash";

/** Clones, compares, groups, merges and sorts rows. */
export function work() {
  const rows = _.times(400, (i) => ({ id: i, name: `row ${i % 97}`, tags: [i % 3, i % 5], deep: { a: { b: i } } }));
  const copy = _.cloneDeep(rows);
  _.isEqual(rows, copy);
  _.merge({}, _.keyBy(copy, "id"), _.mapValues(_.groupBy(rows, "name"), _.size));
  return _(copy).sortBy(["name", "deep.a.b"]).uniqBy("tags[1]").flatMap("tags").countBy().value();
}
