// Requests to a server of this process, one connection each.
"use strict";

const http = require("node:http");

/** What of an answer is the same in every run. */
const COMPARED = ["content-type", "content-length", "etag", "location", "set-cookie", "vary", "allow"];

exports.responseOf = (server) => (method, path, headers = {}, body = "") =>
    new Promise((resolve, reject) => {
        const { port } = server.address();
        const sent = { ...headers, "content-length": Buffer.byteLength(body) };
        const request = http.request({ agent: false, headers: sent, host: "127.0.0.1", method, path, port }, (response) => {
            let text = "";
            response.setEncoding("utf8").on("data", (part) => (text += part));
            response.on("end", () => {
                const compared = COMPARED.filter((name) => name in response.headers).map((name) => `${name}: ${response.headers[name]}`);
                resolve(`${response.statusCode} ${compared.join("; ")} ${text}`.replaceAll(`:${port}`, ""));
            });
        });
        request.on("error", reject).end(body);
    });
