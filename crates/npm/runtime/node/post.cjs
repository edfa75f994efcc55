// One report to the collector.

"use strict";

/** In milliseconds, for an answer to begin. */
const TIMEOUT = 10_000;

/**
 * Posts `body`; resolves when the collector has taken it. Rejects with an error whose `retryAfter`, in milliseconds,
 * is what the collector asks for, if it does. Keeps no process alive.
 */
function post(url, body) {
  // Only programs that send load the client.
  const { request } = url.startsWith("https:") ? require("node:https") : require("node:http");
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "text/plain;charset=UTF-8", "content-length": Buffer.byteLength(body) };
    const sent = request(url, { method: "POST", headers, timeout: TIMEOUT, agent: false }, (response) => {
      response.resume();
      response.once("error", reject);
      if (response.statusCode >= 200 && response.statusCode < 300) {
        resolve();
      } else {
        const error = new Error(`the collector answered ${response.statusCode}`);
        error.retryAfter = Number(response.headers["retry-after"]) * 1000 || 0;
        reject(error);
      }
    });
    sent.once("socket", (socket) => socket.unref());
    sent.once("timeout", () => sent.destroy(new Error(`the collector did not answer within ${TIMEOUT} ms`)));
    sent.once("error", reject);
    sent.end(body);
  });
}

module.exports = { post };
