//! The pass: one visitor that plants a probe at every site, children first.
//!
//! The order is part of the format: ids follow the post-order of the tree, so what a construct holds comes
//! before the construct, left before right, and a function after everything in it. For
//!
//! ```js
//! function f(a) { if (a) { x(); } else if (b) { y(); } }
//! ```
//!
//! C and E are the inner `if` and its made `else`, G is the outer `if`, and I is the function.

mod continuation;
mod scope;
mod visit;

use std::sync::LazyLock;

use indexmap::IndexSet;
use pathlight_mapping::Site;
use rustc_hash::FxBuildHasher;
use swc_core::common::Span;
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::visit::VisitMutWith;

use crate::comments::CommentStore;
use crate::hint::Ignored;
use crate::name::{ANONYMOUS, Target, Targets};
use crate::plain::PlainCode;
use crate::wrapper::{Declared, Wrappers};
pub(crate) use continuation::PlantedContinuation;

/// How much is probed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Granularity {
    /// Functions only: the cheapest.
    Function,
    /// Functions and branches.
    #[default]
    Branch,
}

/// A planted probe; every offset is a byte offset in the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlantedProbe {
    pub(crate) site: Site,
    /// The recorded position.
    pub(crate) at: u32,
    /// The code that a hit counts.
    pub(crate) start: u32,
    /// Exclusive.
    pub(crate) end: u32,
    /// Index of the owning function's name.
    pub(crate) function: u32,
    /// Number of the owning function's probe in this file.
    pub(crate) owner: Option<u32>,
    /// Number of the decision's first probe in this file.
    pub(crate) decision: u32,
}

/// What the parser reads and the grammar does not allow, where a probe or stripping would hide it from the engine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotAllowed {
    pub(crate) what: &'static str,
    pub(crate) span: Span,
}

/// Where the file uses the array's name itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameUse {
    pub(crate) span: Span,
    pub(crate) binds: bool,
    /// In a function, where the name is the function's own.
    pub(crate) is_local: bool,
}

/// What the pass needs to know.
pub(crate) struct PassInput<'a> {
    pub(crate) array: &'a Atom,
    pub(crate) granularity: Granularity,
    /// Top-level statements have a value that someone may see.
    pub(crate) is_script: bool,
    pub(crate) text: &'a str,
    pub(crate) comments: &'a CommentStore<'a>,
    pub(crate) ignored: &'a Ignored,
    /// The text is TypeScript.
    pub(crate) is_typed: bool,
    /// The output is TypeScript, which may be checked again.
    pub(crate) keeps_types: bool,
    /// Whether something at this byte offset was written by a person.
    pub(crate) has_origin: &'a dyn Fn(u32) -> bool,
    /// If there is an input source map.
    pub(crate) wrappers: Option<&'a Wrappers<'a>>,
}

/// The visitor's state.
pub(crate) struct Pass<'a> {
    input: PassInput<'a>,
    /// Of JavaScript. Of TypeScript every node is visited: where its parser tries one reading and then another, it
    /// forgets what was wrong with the code.
    plain: Option<PlainCode>,
    probes: Vec<PlantedProbe>,
    continuations: Vec<PlantedContinuation>,
    /// Probes that wait for the probe of the function around them, each with the number of functions around it.
    unowned: Vec<(u32, usize)>,
    names: IndexSet<String, FxBuildHasher>,
    targets: Targets,
    /// Where the value of the expression visited next will be found.
    target: Option<Target>,
    /// The class whose members are visited.
    class: Option<Target>,
    /// Name of the function around.
    function: u32,
    function_depth: usize,
    /// Statements of the function around, visited so far, that lead elsewhere than behind themselves.
    exits: u32,
    /// In the body of a `with` or a wrapper's argument, where nothing is planted.
    is_silent: bool,
    /// The call that the variable around was declared with.
    declared: Option<Declared>,
    /// The function visited next is a wrapper.
    is_wrapper: bool,
    name_uses: Vec<NameUse>,
    global_names: GlobalNames,
    /// What is visited is strict mode code.
    is_strict: bool,
    not_allowed: Option<NotAllowed>,
    needs_repair: bool,
    lacks_origin: bool,
}

/// What the pass found and did.
pub(crate) struct PassOutput {
    pub(crate) probes: Vec<PlantedProbe>,
    pub(crate) continuations: Vec<PlantedContinuation>,
    pub(crate) names: Vec<String>,
    pub(crate) name_uses: Vec<NameUse>,
    pub(crate) global_names: GlobalNames,
    pub(crate) not_allowed: Option<NotAllowed>,
    /// The tree holds something for [`repair::repair`].
    pub(crate) needs_repair: bool,
    /// A probe is not there because no person wrote the code.
    pub(crate) lacks_origin: bool,
}

/// Which of the global object's names the file binds outside of functions.
#[derive(Debug, Default)]
pub(crate) struct GlobalNames {
    bound: [bool; Self::NAMES.len()],
}

impl GlobalNames {
    pub(crate) const NAMES: [&str; 4] = ["globalThis", "self", "window", "global"];

    /// Atoms compare by their address.
    fn bind(&mut self, name: &Atom) {
        static ATOMS: LazyLock<[Atom; GlobalNames::NAMES.len()]> = LazyLock::new(|| GlobalNames::NAMES.map(Atom::from));
        for (known, bound) in ATOMS.iter().zip(&mut self.bound) {
            *bound |= known == name;
        }
    }

    /// Whether the file binds `name` outside of functions.
    pub(crate) fn binds(&self, name: &str) -> bool {
        Self::NAMES.into_iter().zip(self.bound).any(|(known, bound)| bound && known == name)
    }
}

/// Plants every probe of `program`.
pub(crate) fn run(program: &mut impl for<'a> VisitMutWith<Pass<'a>>, input: PassInput<'_>) -> PassOutput {
    let mut pass = Pass {
        // What wraps modules is known by its calls.
        plain: (!input.is_typed && input.wrappers.is_none()).then(|| PlainCode::new(input.text, input.array)),
        input,
        probes: Vec::new(),
        continuations: Vec::new(),
        unowned: Vec::new(),
        names: IndexSet::default(),
        targets: Targets::default(),
        target: None,
        class: None,
        function: 0,
        function_depth: 0,
        exits: 0,
        is_silent: false,
        declared: None,
        is_wrapper: false,
        name_uses: Vec::new(),
        global_names: GlobalNames::default(),
        is_strict: false,
        not_allowed: None,
        needs_repair: false,
        lacks_origin: false,
    };
    pass.function = pass.intern(ANONYMOUS.to_owned());
    program.visit_mut_with(&mut pass);
    PassOutput {
        probes: pass.probes,
        continuations: pass.continuations,
        names: pass.names.into_iter().collect(),
        name_uses: pass.name_uses,
        global_names: pass.global_names,
        not_allowed: pass.not_allowed,
        needs_repair: pass.needs_repair,
        lacks_origin: pass.lacks_origin,
    }
}
