// An app as bundlers see many: TypeScript and JSX, splitting, workers, folded environments.
import { createElement, type ReactNode } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Level, total, type Item } from "./items.ts";

globalThis.startCounting?.();

const items: Item[] = [
  { name: "lamp", price: 12, level: Level.High },
  { name: "desk", price: 90, level: Level.Low },
];

function Row({ item, children }: { item: Item; children?: ReactNode }) {
  return <li className={item.level === Level.High ? "high" : undefined}>{item.name}{children && <b>{children}</b>}</li>;
}

async function main(): Promise<void> {
  if (process.env.NODE_ENV !== "production") {
    console.error("only in development");
  }
  const { describe } = await import(/* webpackChunkName: "describe" */ "./describe.ts");
  console.log(renderToStaticMarkup(<ul>{items.map((item) => <Row key={item.name} item={item}>{item.price > 50 ? "!" : null}</Row>)}</ul>));
  console.log(describe(items, total(items)));
  const builtin = ["node", "path"].join(":");
  const { basename } = await import(/* @vite-ignore */ /* webpackIgnore: true */ builtin);
  console.log(basename("/a/b"), import.meta.env?.DEV ? "development" : "no development");
  if (globalThis.neverDefined) {
    new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  }
  if (import.meta.hot) {
    import.meta.hot.accept(() => items.length || createElement("p"));
  }
}

await main();
// Nothing else would end React's message channel.
process.exit();
