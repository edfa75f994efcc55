// The index: files as a tree or a list, what never ran, what is hot. Only the rows in sight are in the document.
"use strict";

const $ = (id) => document.getElementById(id);
const COLLATOR = new Intl.Collator("en", { numeric: true });
/** Rows beyond the window's edges, so that scrolling shows no gap. */
const MARGIN = 12;
/** A tree with no more files than this begins open; a filter that finds no more than that opens what it finds. */
const SMALL = 60;
const READABLE = 1000;

// What is shown, and which row has the focus.

const state = { view: "files", query: "", keep: "", isFlat: false, sort: "name", isDown: false, rows: [], current: 0 };

function compare(a, b) {
  const [x, y] = [COLUMNS[state.sort].value(a), COLUMNS[state.sort].value(b)];
  const order = typeof x === "string" ? COLLATOR.compare(x, y) : x - y;
  return (state.isDown ? -order : order) || COLLATOR.compare(a.path ?? a.place, b.path ?? b.place);
}

/** Folders stand before files where names are compared. */
function compareNodes(a, b) {
  const isByName = state.sort === "name";
  return (isByName && Boolean(b.children) - Boolean(a.children)) || compare(a, b);
}

function matching() {
  const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
  const keep = KEEP[state.keep];
  return VIEWS[state.view].all.filter(
    (row) => words.every((word) => row.search.includes(word)) && keep(row.file ?? row, row),
  );
}

function treeRows(found) {
  const isFiltered = found.length < files.length;
  const wanted = new Set(found);
  for (const file of found) {
    for (let folder = file.parent; folder && !wanted.has(folder); folder = folder.parent) wanted.add(folder);
  }
  // A filter opens what it finds, as long as a person can still read it.
  const opensAll = isFiltered && found.length <= READABLE;
  const rows = [];
  const add = (folder) => {
    for (const node of folder.children.filter((child) => wanted.has(child)).sort(compareNodes)) {
      rows.push(node);
      if (node.children) node.isShownOpen = opensAll ? (node.filterOpen ?? true) : node.open;
      if (node.isShownOpen) add(node);
    }
  };
  add(root);
  return rows;
}

function update() {
  const view = VIEWS[state.view];
  const found = matching();
  state.rows = state.view === "files" && !state.isFlat ? treeRows(found) : found.sort(compare);
  state.current = Math.min(state.current, Math.max(state.rows.length - 1, 0));
  const isCut = view.total > view.all.length;
  const rest = isCut ? `; the first ${grouped(view.all.length)} are here` : "";
  $("status").textContent = `${grouped(found.length)} of ${grouped(view.total)} ${view.noun}${rest}`;
  draw();
}

// The window: two spacers stand for the rows out of sight.

const body = $("rows").tBodies[0];
let drawn = "";
/** Paper has no scrolling. */
let isOnPaper = false;

/** In pixels; before there is a row, as the style has it. */
function rowHeight() {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  return body.querySelector(".row")?.getBoundingClientRect().height || 2.125 * rem;
}

function rowsInSight() {
  if (isOnPaper) return [0, Math.min(state.rows.length, READABLE)];
  const height = rowHeight();
  const first = Math.floor(-body.getBoundingClientRect().top / height) - MARGIN;
  const last = first + Math.ceil(innerHeight / height) + 2 * MARGIN;
  const clamp = (row) => Math.max(0, Math.min(state.rows.length, row));
  return [clamp(first), clamp(last)];
}

function spacer(rows) {
  const cell = element("td", {});
  cell.style.height = `${rows * rowHeight()}px`;
  return element("tr", { class: "spacer", "aria-hidden": "true" }, cell);
}

function drawRow(row, index) {
  const cells = VIEWS[state.view].columns.map((key) => {
    const { cell, title } = COLUMNS[key];
    return element("td", { role: "gridcell", class: `col-${key}`, title: title?.(row) }, cell(row));
  });
  const isTree = state.view === "files" && !state.isFlat;
  return element(
    "tr",
    {
      role: "row",
      class: "row",
      "data-index": index,
      "aria-rowindex": index + 2,
      "aria-level": isTree ? depthOf(row) + 1 : undefined,
      "aria-expanded": row.children ? String(row.isShownOpen) : undefined,
      tabindex: index === state.current ? 0 : -1,
    },
    ...cells,
  );
}

function draw() {
  const hadFocus = body.contains(document.activeElement);
  const [first, last] = rowsInSight();
  const rows = state.rows.slice(first, last).map((row, i) => drawRow(row, first + i));
  const [above, below] = [spacer(first), spacer(state.rows.length - last)];
  body.replaceChildren(above, ...rows, below);
  $("rows").setAttribute("aria-rowcount", state.rows.length + 1);
  drawn = `${first} ${last}`;
  if (hadFocus) rowElement(state.current)?.focus({ preventScroll: true });
}

const rowElement = (index) => body.querySelector(`[data-index="${index}"]`);

function drawIfMoved() {
  if (rowsInSight().join(" ") !== drawn) draw();
}

function drawHead() {
  const view = VIEWS[state.view];
  const heads = view.columns.map((key) => {
    const order = state.isDown ? "descending" : "ascending";
    const button = element("button", { type: "button", "data-sort": key }, COLUMNS[key].label);
    const sort = key === state.sort ? order : "none";
    return element("th", { scope: "col", role: "columnheader", class: `col-${key}`, "aria-sort": sort }, button);
  });
  $("rows").tHead.replaceChildren(element("tr", { role: "row" }, ...heads));
  $("rows").setAttribute("role", state.view === "files" && !state.isFlat ? "treegrid" : "grid");
  $("rows").dataset.view = state.view;
  $("rows").setAttribute("aria-labelledby", `tab-${state.view}`);
  $("panel").setAttribute("aria-labelledby", `tab-${state.view}`);
  for (const tab of document.querySelectorAll("[role=tab]")) {
    const isSelected = tab.dataset.view === state.view;
    tab.setAttribute("aria-selected", String(isSelected));
    tab.tabIndex = isSelected ? 0 : -1;
  }
  $("flat").hidden = $("fold").hidden = state.view !== "files";
  $("fold").hidden ||= state.isFlat;
  $("flat").setAttribute("aria-pressed", String(state.isFlat));
}

// What people do.

function moveTo(index) {
  if (!state.rows.length) return;
  state.current = Math.max(0, Math.min(state.rows.length - 1, index));
  if (!rowElement(state.current)) {
    const top = body.getBoundingClientRect().top + scrollY + state.current * rowHeight();
    scrollTo({ top: top - innerHeight / 2 });
    draw();
  }
  for (const row of body.querySelectorAll(".row")) row.tabIndex = Number(row.dataset.index) === state.current ? 0 : -1;
  const row = rowElement(state.current);
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function setOpen(folder, isOpen) {
  folder.open = folder.filterOpen = isOpen;
  update();
}

function open() {
  const row = state.rows[state.current];
  if (!row) return;
  if (row.children) setOpen(row, !row.isShownOpen);
  else location.assign(href(row.file ?? row, row.line));
}

function right() {
  const row = state.rows[state.current];
  if (!row?.children) return false;
  if (row.isShownOpen) moveTo(state.current + 1);
  else setOpen(row, true);
}

function left() {
  const row = state.rows[state.current];
  if (state.view !== "files" || state.isFlat || !row) return false;
  if (row.children && row.isShownOpen) setOpen(row, false);
  else if (row.parent !== root) moveTo(state.rows.indexOf(row.parent));
}

const hasFocus = () => body.contains(document.activeElement);
const move = (by) => () => moveTo(hasFocus() ? state.current + by : state.current);
/** For keys that mean something else outside of the table. */
const inTable = (act) => () => (hasFocus() ? act() : false);

function show(view) {
  Object.assign(state, { view, sort: VIEWS[view].sort, isDown: false, current: 0 });
  changed();
}

function sortBy(key) {
  const { value } = COLUMNS[key];
  const isNumber = state.rows.length > 0 && typeof value(state.rows[0]) === "number";
  // The first click shows the worst: least run, most bytes, most hits.
  const startsDown = isNumber && !["functions", "branches", "rank"].includes(key);
  state.isDown = state.sort === key ? !state.isDown : startsDown;
  state.sort = key;
  changed();
}

function setFlat() {
  state.isFlat = !state.isFlat;
  changed();
}

function foldAll() {
  const isOpen = $("fold").textContent === "Expand all";
  for (const folder of folders.values()) folder.open = folder.filterOpen = isOpen;
  $("fold").textContent = isOpen ? "Collapse all" : "Expand all";
  update();
}

const CHANGED = "changed-never";

function setKeep(keep) {
  state.keep = keep;
  $("state").value = keep;
  changed();
}

const toggleChanges = () => setKeep(state.keep === CHANGED ? "" : CHANGED);

// The address says what is shown, so that it can be sent to others and "back" comes back to it.

function changed() {
  const flag = (is) => (is ? "1" : "");
  const { view, query, keep, isFlat, sort, isDown } = state;
  const words = { view, q: query, show: keep, flat: flag(isFlat), sort, down: flag(isDown) };
  const plain = { view: "files", q: "", show: "", flat: "", sort: VIEWS[view].sort, down: "" };
  const told = Object.entries(words).filter(([key, value]) => value !== plain[key]);
  drawHead();
  update();
  // Last: browsers refuse to change the address too often.
  history.replaceState(null, "", told.length ? `#${new URLSearchParams(told)}` : location.pathname);
}

function readAddress() {
  const words = new URLSearchParams(location.hash.slice(1));
  const view = Object.hasOwn(VIEWS, words.get("view") ?? "") ? words.get("view") : "files";
  const sort = VIEWS[view].columns.includes(words.get("sort")) ? words.get("sort") : VIEWS[view].sort;
  const keep = Object.hasOwn(KEEP, words.get("show") ?? "") ? (words.get("show") ?? "") : "";
  const [isFlat, isDown] = [words.has("flat"), words.has("down")];
  Object.assign(state, { view, sort, keep, query: words.get("q") ?? "", isFlat, isDown, current: 0 });
  $("search").value = state.query;
  $("state").value = state.keep;
  drawHead();
  update();
}

function listen() {
  const search = $("search");
  const setQuery = () => {
    state.query = search.value;
    state.current = 0;
    changed();
  };
  search.addEventListener("input", setQuery);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === "ArrowDown") moveTo(0);
    else if (event.key !== "Escape") return;
    else if (search.value) {
      search.value = "";
      setQuery();
    } else search.blur();
    event.preventDefault();
  });
  $("state").addEventListener("change", () => setKeep($("state").value));
  document.querySelector(".changed-never")?.addEventListener("click", (event) => {
    event.preventDefault();
    setKeep(CHANGED);
  });
  $("flat").addEventListener("click", setFlat);
  $("fold").addEventListener("click", foldAll);
  for (const tab of document.querySelectorAll("[role=tab]"))
    tab.addEventListener("click", () => show(tab.dataset.view));
  document.querySelector("[role=tablist]").addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const names = Object.keys(VIEWS);
    show(names[(names.indexOf(state.view) + by + names.length) % names.length]);
    $(`tab-${state.view}`).focus();
  });
  $("rows").tHead.addEventListener("click", (event) => {
    const key = event.target.closest("[data-sort]")?.dataset.sort;
    if (!key) return;
    sortBy(key);
    $("rows").tHead.querySelector(`[data-sort=${key}]`).focus();
  });
  body.addEventListener("click", (event) => {
    const row = event.target.closest(".row");
    if (!row || event.target.closest("a")) return;
    moveTo(Number(row.dataset.index));
    if (state.rows[state.current].children) open();
  });
  addEventListener("scroll", drawIfMoved, { passive: true });
  addEventListener("resize", drawIfMoved);
  addEventListener("hashchange", readAddress);
  for (const event of ["beforeprint", "afterprint"]) {
    addEventListener(event, () => {
      isOnPaper = event === "beforeprint";
      draw();
    });
  }
  onKeys({
    "/": () => search.select() ?? search.focus(),
    Escape: () => {
      search.value = "";
      setQuery();
    },
    j: move(1),
    k: move(-1),
    ArrowDown: inTable(move(1)),
    ArrowUp: inTable(move(-1)),
    ArrowRight: inTable(right),
    ArrowLeft: inTable(left),
    Home: inTable(() => moveTo(0)),
    End: inTable(() => moveTo(state.rows.length - 1)),
    Enter: inTable(open),
    1: () => show("files"),
    2: () => show("never"),
    3: () => show("hot"),
    f: () => (state.view === "files" ? setFlat() : false),
    d: () => (data.changes ? toggleChanges() : false),
  });
}

// Folders that hold nothing but one folder open with it.
if (files.length <= SMALL) for (const folder of folders.values()) folder.open = true;
else
  for (let folder = root; folder?.children; folder = folder.children.length === 1 && folder.children[0])
    folder.open = true;
listen();
readAddress();
