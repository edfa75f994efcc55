// Reports to a folder: one file a process, replaced as a whole or not at all.

"use strict";

const { mkdirSync, renameSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** Writes `<folder>/<name>`. A reader of the folder never sees half of it. */
function writeWhole(folder, name, text) {
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `.${name}.tmp`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, join(folder, name));
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Keeps the file of this process up to date. */
class FileOutput {
  #folder;
  #reader;

  constructor(folder, reader) {
    this.#folder = folder;
    this.#reader = reader;
  }

  flush() {
    const report = this.#reader.takeAll();
    if (report) writeWhole(this.#folder, fileName(this.#reader.session), `${JSON.stringify(report)}\n`);
  }

  tick = this.flush;
  finish = this.flush;
}

/** The session is what makes it unique: process ids come again. */
const fileName = (session) => `pathlight-${process.pid}-${session}.json`;

module.exports = { FileOutput, fileName, writeWhole };
