// A page of React's server renderer, in whichever build NODE_ENV chose before.
"use strict";

const React = require("react");
const { renderToPipeableStream, renderToStaticMarkup, renderToString } = require("react-dom/server");
const { Writable } = require("node:stream");
const { show } = require("./kit.cjs");

const h = React.createElement;
const Theme = React.createContext("light");

class Counter extends React.Component {
    state = { count: this.props.start };
    static getDerivedStateFromProps = (props, state) => (props.start > 5 ? { count: state.count * 2 } : null);
    render = () => h("b", { "data-count": this.state.count, className: this.props.className }, this.state.count, " times");
}

function Row({ item }) {
    const theme = React.useContext(Theme);
    const [open] = React.useState(() => item.id % 3 === 0);
    const label = React.useMemo(() => item.name.toUpperCase(), [item.name]);
    return h("li", { style: { color: theme, marginTop: item.id }, hidden: !open, onClick() {} }, label, h(Counter, { start: item.id }));
}

const Page = () =>
    h(Theme.Provider, { value: "dark" },
        h("h1", { title: '<&"\'>' }, "List & more"),
        h("ul", null, Array.from({ length: 40 }, (_, id) => h(Row, { key: id, item: { id, name: `item ${id}` } }))),
        h("select", { defaultValue: "b" }, ["a", "b"].map((value) => h("option", { key: value, value }, value))),
        h("textarea", { defaultValue: "text" }), h("input", { type: "checkbox", defaultChecked: true }),
        h(React.Suspense, { fallback: h("i", null, "wait") }, h(Late)),
        h("svg", { viewBox: "0 0 1 1" }, h("path", { d: "M0 0", strokeWidth: 2 })));

const late = Promise.resolve("came later");
const Late = () => h("p", null, React.use(late));

exports.run = () => {
    show("static", renderToStaticMarkup(h(Row, { item: { id: 7, name: "alone" } })));
    show("string", renderToString(h(Counter, { start: 9, className: "x" })));
    let text = "";
    const sink = new Writable({ write: (chunk, _, done) => ((text += chunk), done()), final: (done) => (show("page", text), done()) });
    const { pipe } = renderToPipeableStream(h(Page), { onAllReady: () => pipe(sink), onError: (error) => show("error", error.message) });
};
