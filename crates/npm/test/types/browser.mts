import { start, type Options } from "pathlight/browser";

const options: Options = {
  array: "my_arr",
  build: "1",
  url: "/v1/reports",
  context: { release: "1.2" },
  sample: 0.1,
  interval: 5000,
};
const flush: () => Promise<unknown> = start(options);
await flush();

// As browser.min.js defines it.
await pathlight({ build: "1", send: (report) => console.log(report.length) })();

// @ts-expect-error: an address is text
start({ url: 1 });
// @ts-expect-error: misspelt
start({ buildId: "1" });
// @ts-expect-error: how to count is not left open
start();
