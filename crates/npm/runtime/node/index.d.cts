import type { IncomingMessage, ServerResponse } from "node:http";

/** How one build is counted and where its counts go. Without `out` and `url` they stay in memory. */
export interface Options {
  /** Name of the global that the build's probes push to. Default `ist_arr`. */
  array?: string;
  /** The build id, from the build manifest. A collector takes no report without it. */
  build?: string;
  /** JSON that goes into every report as it is. */
  context?: unknown;
  /**
   * A folder, made if missing. Each process keeps one file in it with all its hits and those of its worker threads.
   * With `url`: only what the collector could not be given when the process ended.
   */
  out?: string;
  /** Where what was added since the last report is posted to. */
  url?: string | URL;
  /** Time between two reports, in milliseconds: what a SIGKILL may cost. Default 10000. */
  interval?: number;
  /** Told what goes wrong with a report, which is tried again. The default says nothing. */
  onError?: (error: Error) => void;
}

export interface Report {
  schema: 1;
  build?: string;
  /** Random id of the series that the report is part of. */
  session?: string;
  /** Number within the session, from 1: the same report sent again has the same number. */
  seq?: number;
  /** When counting for this report began, in milliseconds since 1970. */
  from: number;
  /** When it ended, in milliseconds since 1970. */
  to: number;
  context?: unknown;
  /** Hits by id. */
  counts: Record<string, number>;
}

export interface Runtime {
  /**
   * The hits since the last call, or the start: as `takeCoverage` of V8, without a file. No report if nothing was
   * hit, several if there are very many ids. What goes to `out` or `url` is not touched by it.
   */
  take(): Report[];
  /** All hits since the start. In a worker thread whose main thread has a runtime, the worker's own. */
  snapshot(): Report;
  /** Writes or sends what there is now; rejects if that fails. */
  flush(): Promise<void>;
  /** A request handler that answers with the snapshot. Reachable only where the program puts it. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Reports a last time and leaves only the counting. */
  stop(): void;
}

/**
 * Makes `globalThis[array]` count, with what an earlier plain array holds. Called again for the same array it
 * returns the same runtime. Throws if something other than a plain array counts there already.
 */
export function start(options?: Options): Runtime;
