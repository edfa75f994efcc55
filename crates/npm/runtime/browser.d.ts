/** How one build is counted and where its counts go. */
export interface Options {
  /** Name of the global that the build's probes push to; each build on a page needs its own. Default `ist_arr`. */
  array?: string;
  /** The build id, from the build manifest. */
  build?: string;
  /** Where reports are posted to. */
  url?: string;
  /**
   * Sends a report in place of a POST to `url`: JSON text without a line end. The report counts as delivered when
   * what this returns resolves; if it throws or rejects, the same text is given to it again later.
   */
  send?: (report: string) => unknown;
  /** Goes into every report as it is, such as a release or a route's template. JSON; keep it below 1 KB. */
  context?: unknown;
  /** Share of sessions that count, from 0 to 1. Default 1. A session is one page load or worker. */
  sample?: number;
  /**
   * Mean time between two reports, in milliseconds: each time is between half of it and half as much again. Default
   * 10000. An eighth of it before the first report, for most of what a page ever runs it runs when it starts. Doubles
   * with each report that cannot be sent until it is 200000 or more; 320000 by default.
   */
  interval?: number;
}

/**
 * Makes the build's array count, with all that it holds so far, and reports the counts: now and then when the page
 * is idle, and when it is hidden or left. Where the array is not a plain one any more, nothing changes.
 *
 * Returns a function that reports at once, for a worker that is about to close; what it returns resolves when
 * the collector has answered.
 */
export function start(options: Options): () => Promise<unknown>;

declare global {
  /** What `browser.min.js` defines: {@link start}. */
  var pathlight: typeof start;
}
