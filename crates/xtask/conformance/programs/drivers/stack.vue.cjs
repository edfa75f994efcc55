const Vue = require("vue");
const { renderToString } = require("vue/server-renderer");
const { showStack } = require("../shared/kit.cjs");
Error.stackTraceLimit = 100;
const Child = { props: ["n"], setup: (props) => ({ twice: Vue.computed(() => props.n.no.where * 2) }), render() { return Vue.h("b", this.twice); } };
renderToString(Vue.createSSRApp({ render: () => Vue.h("p", [Vue.h(Child, { n: 1 })]) })).catch((error) => showStack("render", error));
const state = Vue.reactive({ get bad() { throw new RangeError("getter"); } });
try {
    Vue.computed(() => state.bad).value;
} catch (error) {
    showStack("computed", error);
}
