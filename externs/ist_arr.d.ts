/**
 * The global that probes push to, for TypeScript code that is checked after it was instrumented, or that reads
 * the array itself. A plain array, or any object with a `push`: what it does is up to the runtime.
 */
declare var ist_arr: {
  push(id: string | number): unknown;
  /** Of a plain array. */
  length: number;
  [index: number]: string | number;
};
