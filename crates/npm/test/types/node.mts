import { createServer } from "node:http";
import { start, type Report, type Runtime } from "pathlight/node";
import "pathlight/register";

const runtime: Runtime = start({ out: "reports", url: new URL("http://localhost:8787"), onError: console.error });
const taken: Report[] = runtime.take();
const hits: number | undefined = taken[0]?.counts["C"];
createServer(runtime.handle);
await runtime.flush();
runtime.stop();
start();
console.log(hits, runtime.snapshot().from.toFixed());

// @ts-expect-error: in milliseconds
start({ interval: "10s" });
// @ts-expect-error: reports are not to be changed into text here
const text: string = runtime.snapshot();
