// Top-level code that bundlers leave out if it is unused, and cannot judge with a probe in it.
const flag = /*#__PURE__*/ Math.random() > 2;
export const plainChoice = "a";
export const unusedChoice = flag ? { a: 1 } : { b: 2 };
export const unusedArgument = /*#__PURE__*/ Object.freeze(flag ? { a: 1 } : { b: 2 });
export const unusedCall = (function () {
  return 1;
})();
