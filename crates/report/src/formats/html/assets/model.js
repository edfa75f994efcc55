// The data of the index: files in a tree of folders, and the two rankings.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

function newFolder(name, path, parent) {
  return {
    name,
    path,
    parent,
    children: [],
    open: false,
    functions: [0, 0, 0],
    branches: [0, 0, 0],
    bytes: -1,
    hits: 0,
    bundle: [0, 0],
    changed: [0, 0],
  };
}

function addTo(folder, file) {
  for (const kind of ["functions", "branches", "bundle", "changed"]) {
    file[kind].forEach((number, i) => (folder[kind][i] += number));
  }
  if (file.bytes >= 0) folder.bytes = Math.max(folder.bytes, 0) + file.bytes;
  folder.hits += file.hits;
}

/** The folder of a path that ends with a slash, or of "": the top. */
function folderAt(path) {
  const known = folders.get(path);
  if (known) return known;
  const slash = path.slice(0, -1).lastIndexOf("/");
  const parent = folderAt(path.slice(0, slash + 1));
  const folder = newFolder(path.slice(slash + 1, -1) || "/", path, parent);
  parent.children.push(folder);
  folders.set(path, folder);
  return folder;
}

function addFile(file) {
  const slash = file.path.lastIndexOf("/");
  file.name = file.path.slice(slash + 1);
  file.parent = folderAt(file.path.slice(0, slash + 1));
  file.parent.children.push(file);
  for (let folder = file.parent; folder; folder = folder.parent) addTo(folder, file);
}

const files = data.files.map(([path, page, functions, branches, bytes, hits], i) => {
  const bundle = data.bundle?.[i] ?? [0, 0];
  const changed = data.changes?.lines[i] ?? [0, 0];
  return { path, page, functions, branches, bytes, hits, bundle, changed, search: path.toLowerCase() };
});
const touched = new Set(data.changes?.never);
const never = data.never.map(([file, line, what, why, bytes, passed], i) => {
  const place = `${files[file].path}:${line}`;
  return {
    rank: i + 1,
    file: files[file],
    line,
    place,
    what,
    why,
    bytes,
    passed,
    isChanged: touched.has(i),
    search: `${place} ${what}`.toLowerCase(),
  };
});
const hot = data.hot.map(([file, line, what, hits], i) => {
  const place = `${files[file].path}:${line}`;
  return { rank: i + 1, file: files[file], line, place, what, hits, search: `${place} ${what}`.toLowerCase() };
});
const root = newFolder("", "", undefined);
const folders = new Map([["", root]]);
files.forEach(addFile);

const neverRun = ([covered, total]) => total - covered;
const isDead = ({ functions, branches }) => functions[1] + branches[1] > 0 && functions[0] + branches[0] === 0;
const isRemoved = ({ functions, branches }) => functions[1] + branches[1] === 0 && functions[2] + branches[2] > 0;
/** Of a file, and of what is listed in it where that is told apart. */
const KEEP = {
  "": () => true,
  never: ({ functions, branches }) => neverRun(functions) + neverRun(branches) > 0,
  dead: isDead,
  full: ({ functions, branches }) => neverRun(functions) + neverRun(branches) === 0,
  removed: ({ functions, branches }) => functions[2] + branches[2] > 0,
  changed: (file, row) => row.isChanged ?? file.changed[1] > 0,
  "changed-never": (file, row) => row.isChanged ?? neverRun(file.changed) > 0,
};
