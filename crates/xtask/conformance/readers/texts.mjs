// Positions in texts, and the tokens that stand at them.

// Ends of lines as ECMAScript has them; swc's source maps leave the two separators out.
export const ECMASCRIPT_ENDS = /\r\n|[\n\r\u2028\u2029]/g;
export const SWC_ENDS = /\r\n|[\n\r]/g;

// A text with its lines.
export class Text {
  constructor(text, ends = ECMASCRIPT_ENDS) {
    this.text = text;
    this.starts = [0];
    for (const { index, 0: end } of text.matchAll(ends)) this.starts.push(index + end.length);
  }

  // Offset of a line and a column, both from 0; undefined if there is no such place.
  offset(line, column) {
    if (!(line >= 0 && line < this.starts.length && column >= 0)) return undefined;
    const offset = this.starts[line] + column;
    const next = this.starts[line + 1] ?? this.text.length + 1;
    return offset < next ? offset : undefined;
  }
}

const WORD = /[\p{ID_Continue}$\u200c\u200d#@\\]+/uy;
const QUOTED = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'/y;
const ENDS_WITH_WORD = /[\p{ID_Continue}$\u200c\u200d#@\\]+$/u;
const LONGEST_WORD = 200;

// The word, the string, or the one character that begins at `offset`; "" at blanks and at the end.
export function tokenAt(text, offset) {
  for (const pattern of [WORD, QUOTED]) {
    pattern.lastIndex = offset;
    const found = pattern.exec(text);
    if (found) return found[0];
  }
  return (text[offset] ?? "").trim();
}

// The word or the one character that ends at `offset`.
export function tokenBefore(text, offset) {
  const head = text.slice(Math.max(0, offset - LONGEST_WORD), offset);
  return ENDS_WITH_WORD.exec(head)?.[0] ?? (head.at(-1) ?? "").trim();
}

// What the printer may put between a token and the place that stands for its start, and what it may put between
// or leave out at an end: `(x)=>…`, `(probe, x)`, `do … while (x)` without its semicolon, `static x = 1;` with one.
const BEFORE_START = /[(-]/y;
const BEHIND_END = /(?:\s|[;)]|\/\*(?:[^*]|\*(?!\/))*\*\/)+$/;

// How a segment ties two places together: both begin the same token, or both end it, exactly or but for what the
// printer added there. undefined if the places have nothing in common.
export function tie(generated, at, original, from) {
  const token = tokenAt(original, from);
  if (token && token === tokenAt(generated, at)) return "start";
  BEFORE_START.lastIndex = at;
  if (token && BEFORE_START.test(generated) && token === tokenAt(generated, at + 1)) return "start, printed around";
  const before = tokenBefore(original, from);
  if (before && before === tokenBefore(generated, at)) return "end";
  const head = generated.slice(Math.max(0, at - LONGEST_WORD), at).replace(BEHIND_END, "");
  if (before && before === tokenBefore(head, head.length)) return "end, printed around";
  if (before === ";" && tokenBefore(generated, at) === tokenBefore(original, from - 1)) return "end, printed around";
  return undefined;
}
