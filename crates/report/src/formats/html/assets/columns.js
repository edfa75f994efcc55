// The columns of the index: what stands in a cell, and what it is sorted by.
"use strict";

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const grouped = (number) => number.toLocaleString("en-US");
const percent = (covered, total) => (total ? `${(Math.floor((covered * 10000) / total) / 100).toFixed(2)} %` : "–");
const href = (file, line) => `html/f/${file.page}.html${line ? `#L${line}` : ""}`;
const link = (file, text, line) =>
  element("a", { href: href(file, line), tabindex: -1, title: text }, element("bdi", {}, text));

function bar([covered, total, removed]) {
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    class: "bar",
    viewBox: `0 0 ${total + removed || 1} 1`,
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const [kind, x, width] of [
    ["run", 0, covered],
    ["never", covered, total - covered],
    ["removed", total, removed],
  ]) {
    const rect = document.createElementNS(SVG, "rect");
    for (const [key, value] of Object.entries({ class: kind, x, width, height: 1 })) rect.setAttribute(key, value);
    svg.append(rect);
  }
  return svg;
}

function tallyCell(tally) {
  const [covered, total, removed] = tally;
  const count = `${grouped(covered)}/${grouped(total)}${removed ? ` −${grouped(removed)}` : ""}`;
  const title = `${covered} of ${total} ran${removed ? `, ${removed} removed` : ""}`;
  return element(
    "div",
    { class: "tally-cell", title },
    bar(tally),
    element("span", {}, percent(covered, total)),
    " ",
    element("small", {}, count),
  );
}

function changedCell({ changed }) {
  const never = neverRun(changed);
  const text = never ? `${grouped(never)} of ${grouped(changed[1])} never` : "all ran";
  const title = `${never} of ${changed[1]} changed lines never ran`;
  return element("span", { class: never ? "never" : "run", title }, text);
}

function nameCell(node) {
  const isFolder = Boolean(node.children);
  const depth = state.isFlat ? 0 : depthOf(node);
  const cell = element("div", { class: "name" });
  cell.style.setProperty("--depth", depth);
  const twist = element("span", { class: isFolder ? "twist" : "twist none", "aria-hidden": "true" });
  const label = state.isFlat ? node.path : node.name;
  cell.append(twist, isFolder ? element("span", {}, element("bdi", {}, label)) : link(node, label));
  if (isDead(node)) cell.append(element("span", { class: "tag" }, "never ran"));
  if (isRemoved(node)) cell.append(element("span", { class: "tag removed" }, "removed"));
  return cell;
}

function depthOf(node) {
  let depth = -1;
  for (let folder = node.parent; folder; folder = folder.parent) depth++;
  return depth;
}

const ratio = ([covered, total]) => (total ? covered / total : 2);

/** Each is a class too, `col-` and its key, which says how wide it is and on which side its text stands. */
const COLUMNS = {
  name: { label: "File", cell: nameCell, value: (node) => node.path },
  functions: { label: "Functions", cell: (row) => tallyCell(row.functions), value: (row) => ratio(row.functions) },
  branches: { label: "Branches", cell: (row) => tallyCell(row.branches), value: (row) => ratio(row.branches) },
  bytes: {
    label: "Never run",
    // Of what nobody wrote there are none, and without the source they are not known.
    cell: (row) => (row.bytes < (row.file ? 1 : 0) ? "–" : formatBytes(row.bytes)),
    value: (row) => row.bytes,
  },
  bundle: {
    label: "In bundle",
    cell: ({ bundle: [never, all] }) => (all ? formatBytes(never) : "–"),
    title: ({ bundle: [never, all] }) => `${grouped(never)} of ${grouped(all)} bytes of bundle never ran`,
    value: ({ bundle: [never] }) => never,
  },
  changed: {
    label: "Changed",
    cell: (row) => (row.changed[1] ? changedCell(row) : "–"),
    value: (row) => (row.changed[1] ? neverRun(row.changed) : -1),
  },
  hits: { label: "Hits", cell: (row) => grouped(row.hits), value: (row) => row.hits },
  rank: { label: "#", cell: (row) => grouped(row.rank), value: (row) => row.rank },
  place: { label: "Where", cell: (row) => link(row.file, row.place, row.line), value: (row) => row.place },
  what: { label: "What", cell: (row) => element("bdi", { title: row.what }, row.what), value: (row) => row.what },
  why: { label: "Why", cell: (row) => row.why, value: (row) => row.why },
  passed: { label: "Passed by", cell: (row) => (row.passed ? grouped(row.passed) : ""), value: (row) => row.passed },
};

const VIEWS = {
  files: {
    columns: [
      "name",
      ...(data.changes ? ["changed"] : []),
      "functions",
      "branches",
      "bytes",
      ...(data.bundle ? ["bundle"] : []),
      "hits",
    ],
    sort: "name",
    noun: "files",
    all: files,
    total: files.length,
  },
  never: {
    columns: ["rank", "place", "what", "why", "bytes", "passed"],
    sort: "rank",
    noun: "findings",
    all: never,
    total: data.findings,
  },
  hot: { columns: ["rank", "place", "what", "hits"], sort: "rank", noun: "points", all: hot, total: hot.length },
};
