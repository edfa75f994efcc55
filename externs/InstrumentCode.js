/**
 * @fileoverview The collector of Closure Compiler's wiki, for a bare array, in its report format. It is part of the
 * program and gets probes like the rest. The published one never ends, because it goes through the array that its own
 * probes add to; and it reports sums of sums, and nothing of what is there when the page is left.
 */

/** So many hits are worth a report. */
const ENOUGH = 10000;

/**
 * Reports the array's content if it is more than `enough`, and empties it.
 * @param {number} enough
 */
function instrumentCode(enough) {
  if (ist_arr.length > enough) {
    const hits = ist_arr.splice(0);
    const report = {};
    for (const id of hits) {
      report[id] = report[id] || {frequency: 0};
      report[id].frequency++;
    }
    // What came in the meantime are the hits of this loop. Kept, they would be more at every turn.
    ist_arr.length = 0;
    console.log(JSON.stringify(report));
  }
}

window.setInterval(() => instrumentCode(ENOUGH), 500);
window.addEventListener('pagehide', () => instrumentCode(0));
