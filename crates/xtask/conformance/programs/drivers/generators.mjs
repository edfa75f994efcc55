// Generators that are made and never started, of which the packages have none.
import { show } from "../shared/kit.cjs";
class Numbers {
    *[Symbol.iterator](from = this ? 1 : 0) {
        for (let n = from; n < 4; n++) yield n;
    }
    static async *later(n) {
        yield* n ? [n] : [];
    }
}
const idle = [new Numbers()[Symbol.iterator](), Numbers.later(1), (function* () { yield 1; })()];
show("idle", idle.map(String));
show("started", [...new Numbers()]);
for await (const n of Numbers.later(2)) show("later", n);
