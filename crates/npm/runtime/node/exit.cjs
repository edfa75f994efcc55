// A last call before the process ends, however it ends, that the program cannot see: exit code and signal are those
// it would have without us. (Listeners are seen: libraries such as `signal-exit` count those of a signal to know
// whether the process would die without them, and setting `process.exitCode` in one hides exit code 13.)

"use strict";

const { isMainThread } = require("node:worker_threads");

/** Those that end a process and are sent to ask for it. */
const SIGNALS = new Set(["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR2"]);

const callbacks = new Set();

/** Calls `callback` after all exit listeners, or at a signal that nobody listens to. Returns how to undo it. */
function atExit(callback) {
  if (callbacks.size === 0) watch();
  callbacks.add(callback);
  return () => callbacks.delete(callback);
}

function callAll() {
  for (const callback of callbacks) callback();
  callbacks.clear();
}

let isWatching = false;
let isDying = false;

function watch() {
  if (isWatching) return;
  isWatching = true;
  const { emit, reallyExit } = process;
  process.emit = function (event, ...values) {
    if (SIGNALS.has(event) && isDeadly(event)) {
      die(event);
      return true;
    }
    try {
      return Reflect.apply(emit, this, [event, ...values]);
    } finally {
      if (event === "exit") callAll();
      if (event === "removeListener") watchSignal(values[0]);
    }
  };
  // `process.exit` within an exit listener ends the process at once.
  process.reallyExit = function (...values) {
    callAll();
    return Reflect.apply(reallyExit, this, values);
  };
  if (isMainThread) SIGNALS.forEach(watchSignal);
}

const isDeadly = (signal) => isMainThread && process.listenerCount(signal) === 0;

/** Node begins to watch a signal when it hears of a listener; that there is none keeps us out of sight. */
function watchSignal(signal) {
  if (SIGNALS.has(signal) && isDeadly(signal) && !isDying) process.emit("newListener", signal, callAll);
}

function die(signal) {
  callAll();
  isDying = true;
  // Node stops watching, so that the signal does what it does by default.
  process.emit("removeListener", signal, callAll);
  process.kill(process.pid, signal);
}

module.exports = { atExit };
