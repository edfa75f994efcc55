import { createElement } from "react";
import { renderToString } from "react-dom/server";

const Cell = ({ row, column }) => createElement("td", { className: row % 2 ? "odd" : "even" }, row * column);

const Row = ({ row }) =>
  createElement(
    "tr",
    { "data-row": row, style: { color: "red", marginTop: row } },
    Array.from({ length: 10 }, (_, column) => createElement(Cell, { key: column, row, column })),
  );

const Page = ({ rows }) =>
  createElement(
    "table",
    { title: `${rows} rows <>&"` },
    createElement(
      "tbody",
      null,
      Array.from({ length: rows }, (_, row) => createElement(Row, { key: row, row })),
    ),
  );

/** Renders a table of components on the server. */
export const work = () => renderToString(createElement(Page, { rows: 60 }));
