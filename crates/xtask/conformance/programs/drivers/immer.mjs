import { applyPatches, createDraft, enableMapSet, enablePatches, finishDraft, immerable, isDraft, original, produce, produceWithPatches } from "immer";
import { refused, show } from "../shared/kit.cjs";
enablePatches();
enableMapSet();
class Point {
    [immerable] = true;
    constructor(x) {
        this.x = x;
    }
}
const base = { list: [1, 2, 3], map: new Map([["a", { n: 1 }]]), set: new Set([1]), point: new Point(1), deep: { er: { x: [] } } };
const [next, patches, inverse] = produceWithPatches(base, (draft) => {
    draft.list.splice(1, 1, "two", "three");
    draft.map.get("a").n++;
    draft.set.add(2);
    draft.point.x += 5;
    delete draft.deep.er.x;
    show("draft", [isDraft(draft.list), original(draft).list.length]);
});
show("patches", patches);
show("inverse", inverse);
show("back", applyPatches(next, inverse).list);
show("same", produce(base, () => {}) === base);
const draft = createDraft(base);
draft.list.reverse().sort();
show("finished", finishDraft(draft) === base);
refused("frozen", () => void (next.list[0] = 9));
refused("curried", () => produce((state, n) => void state.push(n))([1], 2));
