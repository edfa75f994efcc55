/**
 * @fileoverview Externs for Closure Compiler: the global that probes push to.
 * Closure must not rename it. Give this file to `--externs`, of Closure Compiler or of pathlight.
 * @externs
 */

/** @type {!Array<string|number>} */
var ist_arr;
