// A few functions of large libraries.
import { chunk, debounce, groupBy, kebabCase, merge } from "lodash-es";
import { from, of } from "rxjs";
import { concatMap, filter, map, scan } from "rxjs/operators";
import { extent, rollup } from "d3-array";
import { scaleLinear, scaleTime } from "d3-scale";
import { line } from "d3-shape";
import { addDays, format, formatDistance, parseISO } from "date-fns";

globalThis.startCounting?.();

const say = (...values) => console.log(values.map((value) => JSON.stringify(value)).join(" "));

say(chunk([1, 2, 3, 4, 5], 2), groupBy([6.1, 4.2, 6.3], Math.floor), merge({ a: [1, { b: 2 }] }, { a: [0, { c: 3 }] }));
say(kebabCase("someCamelCase and__more"), typeof debounce(() => {}, 10));
from([1, 2, 3, 4])
  .pipe(filter((n) => n % 2 === 0 || n > 2), concatMap((n) => of(n, n * 10)), scan((sum, n) => sum + n, 0), map(String))
  .subscribe({ next: (value) => say(value), complete: () => say("complete") });
say(extent([5, 1, 9]), [...rollup("abca", (all) => all.length, (letter) => letter)]);
say(scaleLinear([0, 10], [0, 1]).nice().ticks(4), scaleTime().domain([new Date(0), new Date(864e5)]).ticks(2).length);
say(line().x(([x]) => x * 2)([[1, 2], [3, 4]]));
const day = parseISO("2024-02-28T00:00:00");
say(format(addDays(day, 2), "yyyy-MM-dd EEEE"), formatDistance(day, addDays(day, 40)));
