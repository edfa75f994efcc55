// What component libraries hold at the top of their modules.
import { forwardRef, memo } from "react";

export const Used = /*#__PURE__*/ forwardRef((props, ref) => (props.on ? ref : null));
export const Unused = /*#__PURE__*/ forwardRef((props, ref) => (props.on ? ref : null));
export const UnusedMemo = /*#__PURE__*/ memo(/*#__PURE__*/ forwardRef((props, ref) => (props.on ? ref : null)));
export class UnusedClass {
  static defaults = { a: 1 };
  method() {
    return this.a || 1;
  }
}
export var UnusedEnum = /*#__PURE__*/ (function (UnusedEnum) {
  UnusedEnum[(UnusedEnum["A"] = 0)] = "A";
  return UnusedEnum;
})({});
export function unusedFunction(a) {
  return a ? 1 : 2;
}
export const unusedArrow = (a) => a ?? 1;
