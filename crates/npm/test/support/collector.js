// The product's own collector, as a process.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findProduct } from "./product.js";

const PAUSE = 50;
const DEADLINE = 60_000;

export class Collector {
  #flags;
  #process;
  /** May push builds and see the pages. */
  token;

  /** Keeps its store in `folder`; `site` is the origin whose pages send reports. */
  constructor(folder, site) {
    this.#flags = ["collect", "--store", `sqlite:${join(folder, "pathlight.db")}`, "--log", "json"];
    this.token = execFileSync(findProduct(), [...this.#flags, "--new-token", "test"], { encoding: "utf8" }).trim();
    this.#flags.push("--allow-origin", site);
  }

  /** Started again it has the address that it had. */
  async start() {
    const listen = ["--listen", this.origin ? new URL(this.origin).host : "127.0.0.1:0"];
    this.#process = spawn(findProduct(), [...this.#flags, ...listen], { stdio: ["ignore", "ignore", "pipe"] });
    const lines = createInterface(this.#process.stderr);
    this.origin = await new Promise((resolve, reject) => {
      lines.on("line", (line) => {
        const { address } = JSON.parse(line);
        if (address) resolve(`http://${address}`);
      });
      lines.on("close", () => reject(new Error("the collector did not start")));
    });
  }

  /** Without a chance to do anything. */
  async kill() {
    this.#process.kill("SIGKILL");
    await once(this.#process, "exit");
  }

  push(mapping) {
    const env = { ...process.env, PATHLIGHT_TOKEN: this.token };
    execFileSync(findProduct(), ["push", "--mapping", mapping, "--server", this.origin, "--quiet"], { env });
  }

  /** Sums of the hits of a build by id. */
  async counts(build) {
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.origin}/v1/builds/${build}/counts`, { headers });
    if (!response.ok) throw new Error(`the collector answered ${response.status}: ${await response.text()}`);
    return (await response.json()).counts;
  }

  /** Waits until the collector has at least so many hits of a build, and returns them. */
  async hits(build, least) {
    const timeout = AbortSignal.timeout(DEADLINE);
    for (;;) {
      const counts = await this.counts(build);
      if (Object.values(counts).reduce((all, hits) => all + hits, 0) >= least) return counts;
      if (timeout.aborted) throw new Error(`waited in vain for ${least} hits; came: ${JSON.stringify(counts)}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}
