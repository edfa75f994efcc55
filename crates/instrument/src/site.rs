//! THE TABLE: where JavaScript can branch, what is planted there, and what is left alone on purpose.
//!
//! One row a site, in the order of the methods in `pass/visit.rs`; the fixture folder of a row has the site's name.
//! Silence is a decision too: the second table says what has no probe of its own, and why.
//!
//! Where types are kept, what TypeScript concludes from the code stays the same: a made `else` or block leads nowhere
//! new, a made `default` would, and a comma hides operands. It finds errors that it did not find before in
//!
//! - a `switch (typeof x)` without `default` whose cases are exhaustive: they may be nothing but strings, so that the
//!   `default` has to be made after all (TS2366, TS2454). An own `default` is the remedy;
//! - a line below `@ts-ignore` or `@ts-expect-error` that probes or the printer make several of;
//! - a file that declares a `globalThis` of its own which may be undefined (TS18048);
//! - under `allowUnreachableCode: false`, a last case that ends in an exhaustive `switch` (TS7027).
//!
//! Who has them checks the types of the sources, not of what was made of them.

pub use pathlight_mapping::Site;

/// One row of the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its site; the kind is [`Site::kind`].
    pub site: Site,
    /// What the programmer wrote; `▸` is where the probe runs.
    pub construct: &'static str,
    /// How the probe gets there.
    pub planted: &'static str,
    /// The position that the mapping records.
    pub position: &'static str,
}

/// Every site.
pub const ROWS: [Row; 11] = [
    Row {
        site: Site::Function,
        construct: "`function f() {▸}`, methods, accessors, constructors",
        planted: "first in the body, after directives and before `super()`",
        position: "the function; a member's first token",
    },
    Row {
        site: Site::Arrow,
        construct: "`() => {▸}`, `() => ▸a`",
        planted: "first in the body; around an expression body",
        position: "the arrow: `async` or its parameters",
    },
    Row {
        site: Site::IfThen,
        construct: "`if (a) ▸`",
        planted: "first in the block, made if missing",
        position: "the `if`",
    },
    Row {
        site: Site::IfElse,
        construct: "`else ▸`, written or not",
        planted: "first in the block, made if missing",
        position: "its `if`",
    },
    Row { site: Site::SwitchCase, construct: "`case a: ▸`", planted: "first in the case", position: "the `case`" },
    Row { site: Site::SwitchDefault, construct: "`default: ▸`", planted: "first in it", position: "the `default`" },
    Row {
        site: Site::SwitchNoMatch,
        construct: "a `switch` without `default`",
        planted: "in a `default` made last, in the test of a last case where types are kept; a `break` before it",
        position: "the `switch`",
    },
    Row {
        site: Site::Loop,
        construct: "`for`, `for-in`, `for-of`, `for await`, `while`, `do`: `for (;;) ▸`",
        planted: "first in the body, a block made if missing",
        position: "the loop's keyword",
    },
    Row { site: Site::Ternary, construct: "`a ? ▸b : ▸c`", planted: "around each arm", position: "the arm" },
    Row {
        site: Site::Logical,
        construct: "`a && ▸b`, `||`, `??`",
        planted: "around the right side; where types are kept, around the first operand of `b && c`, `!(b || c)`",
        position: "the right side",
    },
    Row {
        site: Site::LogicalAssign,
        construct: "`a &&= ▸b`, `||=`, `??=`",
        planted: "around the assigned value; a function that the assignment names keeps its name",
        position: "the right side",
    },
];

/// What has no probe of its own, and why. What it holds is probed, unless the row says otherwise.
pub const SILENT: [(&str, &str); 15] = [
    ("`else if`, and an `else` block that holds nothing but an `if`", "the inner `if` has both probes"),
    ("`try`, `catch`, `finally`", "each runs or not with what it holds"),
    ("`?.`", "as in Closure; the chain's parts are no statements of their own"),
    ("default values of parameters and patterns", "a wrapped default would lose the name it gives"),
    ("class fields, static blocks, computed keys, decorators", "they run whenever the class or object is made"),
    ("the constructor of a class that has none", "no one wrote it"),
    ("a loop that is never entered, and its end", "as in Closure; the hits of its body say it"),
    ("code behind `yield` and `await`", "a function is hit once, when its body begins, however often it is resumed"),
    ("labels, blocks, top-level code", "they run whenever what is around them runs"),
    ("`with` bodies, and all they hold", "every name in them, the array's too, is looked up in the object first"),
    (
        "`Object.defineProperty(exports, …, { get })`, `Object.keys(…).forEach(…)` that pass on a module's exports",
        "Node finds the names of CommonJS exports by their text, as compilers print it",
    ),
    (
        "the function that a compiler put around an `enum` or a `namespace`, and its argument, by an input source map",
        "no one wrote them, and they run once",
    ),
    ("functions with `\"use asm\"`, and all they hold", "a probe would end their validation"),
    ("`declare`, overloads, abstract members, `const enum`", "nothing of them runs"),
    ("what a hint covers, and what has no original in an input source map", "it was asked for; no one wrote it"),
];
