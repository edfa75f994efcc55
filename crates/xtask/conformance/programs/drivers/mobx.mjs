import mobx from "mobx";
import { show } from "../shared/kit.cjs";
const { action, autorun, computed, flow, intercept, makeAutoObservable, observable, reaction, runInAction, toJS, when } = mobx;
class Store {
    items = [];
    #secret = 1;
    factor = 2;
    constructor() {
        makeAutoObservable(this, { load: flow });
    }
    get total() {
        return this.items.reduce((sum, { price }) => sum + price, 0) * this.factor;
    }
    add(price) {
        this.items.push({ price, id: this.#secret++ });
    }
    *load() {
        this.add(yield Promise.resolve(7));
        return this.items.length;
    }
}
const store = new Store();
const seen = [];
const stop = autorun(() => seen.push(store.total));
reaction(() => store.items.map((item) => item.price), (prices) => seen.push(prices), { fireImmediately: true });
store.add(1);
runInAction(() => (store.add(2), (store.factor = 3)));
show("loaded", await store.load());
stop();
store.add(100);
show("seen", seen);
const map = observable.map({ a: 1 });
const box = observable.box(1);
intercept(map, (change) => (change.newValue > 5 ? null : change));
action(() => (map.set("b", 3), map.set("c", 9), box.set(4)))();
show("map", [...map, computed(() => box.get() * map.size).get(), toJS(store.items).length]);
setTimeout(action(() => box.set(10)), 1);
await when(() => box.get() === 10);
show("box", box.get());
