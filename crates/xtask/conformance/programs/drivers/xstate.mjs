import { assign, createActor, fromCallback, fromPromise, setup, waitFor } from "xstate";
import { show } from "../shared/kit.cjs";
const machine = setup({
    actors: { fetch: fromPromise(async ({ input }) => input * 2), tick: fromCallback(({ sendBack }) => { sendBack({ type: "TICK" }); return () => {}; }) },
    guards: { many: ({ context }) => context.count >= 2 },
    actions: { add: assign({ count: ({ context }, by) => context.count + (by ?? 1) }) },
}).createMachine({
    id: "m", initial: "idle", context: { count: 0, log: [] },
    states: {
        idle: { on: { GO: { target: "both", actions: { type: "add", params: 1 } } } },
        both: { type: "parallel", onDone: "loading", states: { a: { initial: "one", states: { one: { invoke: { src: "tick" }, on: { TICK: "two" } }, two: { type: "final" } } }, b: { initial: "one", states: { one: { always: "two" }, two: { type: "final" } } } } },
        loading: { invoke: { src: "fetch", input: ({ context }) => context.count + 20, onDone: { target: "check", actions: assign({ log: ({ context, event }) => [...context.log, event.output] }) } } },
        check: { entry: "add", always: [{ guard: "many", target: "done" }, "idle"] },
        done: { type: "final" },
    },
});
const actor = createActor(machine);
const seen = [];
actor.subscribe((snapshot) => seen.push(JSON.stringify(snapshot.value)));
actor.start().send({ type: "GO" });
const { context, status } = await waitFor(actor, (snapshot) => snapshot.status === "done");
show("end", [context, status]);
show("seen", seen);
