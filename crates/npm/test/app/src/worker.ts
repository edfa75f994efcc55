import { flush } from "./counting";
import type { Task } from "./tasks";

function describe(tasks: readonly Task[]): string {
  let done = 0;
  for (const task of tasks) {
    if (task.done) done += 1;
  }
  switch (tasks.length) {
    case 0:
      return "nothing to do";
    case done:
      return "all done";
    default:
      return `${done} of ${tasks.length} done`;
  }
}

self.onmessage = async ({ data }: MessageEvent<readonly Task[]>) => {
  const text = describe(data);
  await flush();
  self.postMessage(text);
};
