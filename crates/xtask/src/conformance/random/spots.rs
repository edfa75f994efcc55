//! Where an instrumented program can be broken on purpose: its probes and what stands around them.

mod finder;

use std::ops::Range;

use swc_core::ecma::visit::VisitWith;

use super::excused::parse;
use super::grammar::Kind;
use crate::Failure;
use finder::Finder;

/// Byte offsets in the output.
type Part = Range<usize>;

/// A probe.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// The statement, or the call in front of a comma.
    pub(super) whole: Part,
    pub(super) id: Part,
}

/// A body that begins with a probe.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) mark: Mark,
    /// Its closing brace.
    pub(super) end: usize,
    /// Nothing follows the probe.
    pub(super) is_empty: bool,
}

/// A function with a block.
#[derive(Debug)]
pub(super) struct FunctionSpot {
    pub(super) body: Body,
    /// Behind the opening brace.
    pub(super) open: usize,
    pub(super) has_directives: bool,
    pub(super) is_async: bool,
    pub(super) is_generator: bool,
    /// Behind a `super()` that is a statement of the body.
    pub(super) super_call: Option<usize>,
    /// Where one parameter more could stand, and what would have to stand before it.
    pub(super) parameter: Option<(usize, &'static str)>,
}

/// `(probe, value)`
#[derive(Clone, Debug)]
pub(super) struct Arm {
    pub(super) mark: Mark,
    pub(super) value: Part,
    /// `{ f: value }.f`: what stands before and behind the value that keeps its name.
    pub(super) named: Option<(Part, Part)>,
    /// It means something by `this` or `arguments`, and would go on to be a program in another function.
    pub(super) is_bound: bool,
}

/// All spots of a program, in the order of the tree.
#[derive(Default, Debug)]
pub(super) struct Spots {
    pub(super) functions: Vec<FunctionSpot>,
    pub(super) thens: Vec<Body>,
    pub(super) elses: Vec<Body>,
    /// The ids of both branches.
    pub(super) decisions: Vec<(Part, Part)>,
    /// The whole loop, and its body.
    pub(super) loops: Vec<(Part, Body)>,
    /// Each `switch` with the probes of its cases.
    pub(super) switches: Vec<Vec<Mark>>,
    /// The `break` before a made `default`.
    pub(super) breaks: Vec<Part>,
    /// Arms of `?:`.
    pub(super) arms: Vec<Arm>,
    /// The whole expression, and its right side.
    pub(super) logical: Vec<(Part, Arm)>,
    pub(super) assigned: Vec<(Part, Arm)>,
    /// `{ let _ = probe; }`, and the probe in it.
    pub(super) kept: Vec<(Part, Part)>,
    /// `"use strict"` and its like.
    pub(super) directives: Vec<Part>,
    /// Functions and classes that are named by where they stand.
    pub(super) named: Vec<Part>,
    /// Members that are called.
    pub(super) callees: Vec<Part>,
    /// What `delete` and `typeof` are about.
    pub(super) operands: Vec<Part>,
    /// Chains in front of a member: `a?.b` in `a?.b.c`.
    pub(super) chains: Vec<Part>,
}

impl Spots {
    pub(super) fn of(code: &str, kind: Kind) -> Result<Self, Failure> {
        let (program, start) = parse(code, kind)?;
        let mut finder = Finder { code, start, found: Self::default() };
        program.visit_with(&mut finder);
        Ok(finder.found)
    }
}
