import { Component, createContext, Fragment, h } from "preact";
import { useContext, useId, useMemo, useReducer } from "preact/hooks";
import { render, renderToStringAsync } from "preact-render-to-string";
import { lazy, memo, Suspense } from "preact/compat";
import { show } from "../shared/kit.cjs";
const Theme = createContext("light");
class Clock extends Component {
    state = { ticks: 0 };
    componentWillMount() { this.setState({ ticks: 2 }); }
    render = ({ children }, { ticks }) => h("time", { key: "x", dateTime: ticks }, children, " ", ticks);
}
const Row = memo(({ n }) => {
    const [state] = useReducer((s, a) => s + a, n, (first) => first * 2);
    return h("li", { class: useContext(Theme), id: useId(), style: { color: "red", marginTop: n, "--x": 1 }, "aria-hidden": false, onClick() {} }, useMemo(() => `<${state}>`, [state]));
});
const Late = lazy(async () => ({ default: () => h("em", null, "late") }));
const page = h(Theme.Provider, { value: "dark" }, h(Fragment, null, Array.from({ length: 30 }, (_, n) => h(Row, { n, key: n }))), h(Clock, null, "now"), h("select", { value: "b" }, h("option", { value: "a" }), h("option", { value: "b" })), h("div", { dangerouslySetInnerHTML: { __html: "<b>" } }), h("svg", null, h("path", { strokeWidth: 2, xlinkHref: "#" })));
show("page", render(page));
show("pretty", render(h("p", { hidden: true, checked: false }, null, true, 0, "a")));
show("async", await renderToStringAsync(h(Suspense, { fallback: "wait" }, h(Late))));
