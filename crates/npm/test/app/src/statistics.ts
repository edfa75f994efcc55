import type { Task } from "./tasks";

/** Counted elsewhere, as larger lists are. */
export const statistics = (tasks: readonly Task[]): Promise<string> =>
  new Promise((resolve) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage(tasks);
  });
