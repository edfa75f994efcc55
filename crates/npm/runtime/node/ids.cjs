// Ids as code spells them, VLQ (`"C"`) or number (`1`), and the number behind both.

"use strict";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const CONTINUES = 32;

/** Ids are dense from 1 and below this: more probes no build has, and a stray number must not take all memory. */
const MOST_IDS = 1 << 22;

/** The number of an id, from 1; 0 if it is none. */
function toNumber(id) {
  const number = typeof id === "string" ? fromVlq(id) : id;
  return Number.isInteger(number) && number > 0 && number < MOST_IDS ? number : 0;
}

function fromVlq(text) {
  let value = 0;
  for (let at = 0, scale = 1; at < text.length; at++, scale *= CONTINUES) {
    const digit = DIGITS.indexOf(text[at]);
    if (digit < 0) return 0;
    value += (digit % CONTINUES) * scale;
    // The lowest bit is the sign: odd values are negative, which no id is.
    if (digit < CONTINUES) return at === text.length - 1 && value % 2 === 0 ? value / 2 : 0;
  }
  return 0;
}

/** The VLQ spelling of a number from 1. */
function toVlq(number) {
  let text = "";
  let rest = number * 2;
  do {
    const digit = rest % CONTINUES;
    rest = Math.floor(rest / CONTINUES);
    text += DIGITS[rest > 0 ? digit + CONTINUES : digit];
  } while (rest > 0);
  return text;
}

module.exports = { MOST_IDS, toNumber, toVlq };
