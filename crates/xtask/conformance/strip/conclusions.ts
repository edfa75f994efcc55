// What TypeScript concludes from a `switch` and from logical operators: it finds errors here when it does not.

type Kind = "a" | "b";
type Shape = { kind: "dot" } | { kind: "circle"; r: number } | { kind: "square"; side: number };
const enum Folded { A, B, C }
enum Kept { A, B = "b" }

export function leaves(kind: Kind): number {
  switch (kind) {
    case "a": return 1;
    case "b": { return 2; }
  }
}

export function assigns(kind: Kind): number {
  let n: number;
  switch (kind) {
    case "a": n = 1; break;
    case "b": n = 2;
  }
  return n;
}

export function infers(kind: Kind) {
  switch (kind) {
    case "a": return "x" as const;
    case "b": return "y" as const;
  }
}
export const inferred: () => "x" | "y" = () => infers("a");

export function generic<K extends Kind>(kind: K): number {
  switch (kind) {
    case "a": return 1;
    case "b": return 2;
  }
}

export function narrows(shape: Shape): number {
  switch (shape.kind) {
    case "dot": return 0;
    case "circle": return shape.r;
  }
  return shape.side;
}

export function optional(shape?: Shape): number {
  switch (shape?.kind) {
    case undefined: return -1;
    case "square": return shape.side;
    case "dot":
    case "circle": return shape.kind === "dot" ? 0 : shape.r;
  }
}

export function yes(value: string | number): string {
  switch (true) {
    case typeof value === "string": return value;
  }
  return value.toFixed();
}

export function nested(folded: Folded, kept: Kept): string {
  switch (folded) {
    case Folded.A: return "A";
    case Folded.B:
      switch (kept) {
        case Kept.A: return "BA";
        case Kept.B: try { return "BB"; } finally { String(kept); }
      }
    case Folded.C: return "C";
  }
}

export function some(n: number): string {
  let text = "";
  switch (n) {
    case 1: text = "one"; break;
    case 2:
  }
  switch (typeof n) {
    case "number": text += n.toFixed();
  }
  switch (n) {}
  return text;
}

const isDot = (shape: { kind: string }): shape is { kind: "dot"; at: number } => shape.kind === "dot";
const isCircle = (shape: { kind: string }): shape is { kind: "circle"; at: number; r: number } => shape.kind === "circle";

export function guards(shape: { kind: string }): number {
  if (isDot(shape) || isCircle(shape) && shape.r > 1) return shape.at;
  if (isDot(shape) || !(isCircle(shape) && shape.r > 0)) return -1;
  return shape.r;
}

const odd = { kind: "oval" } as unknown as Shape, none = "c" as Kind, nan = NaN as unknown as Kind;
export const results = [
  leaves("a"), leaves("b"), leaves(none), leaves(nan), assigns("a"), assigns("b"), assigns(none), infers("b"), infers(nan),
  generic(none), narrows({ kind: "circle", r: 1 }), narrows(odd), optional(), optional({ kind: "dot" }), optional(odd),
  yes("s"), yes(1), nested(0, Kept.A), nested(1, Kept.B), nested(3 as Folded, Kept.A), nested(1, "c" as Kept), some(1), some(2), some(3), some(NaN),
  guards({ kind: "dot" }), guards({ kind: "circle" }), guards(Object({ kind: "circle", r: 1 })), guards(Object({ kind: "circle", r: 2, at: 3 })),
];
