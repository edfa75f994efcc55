//! Continuations: how often the rest of a list of statements runs, behind one that may be left.
//!
//! Whoever comes to a statement comes out behind it or leaves it by one of its exits, so its end is reached as often
//! as the statement less its exits; or, where that says it in fewer probes, as often as all the ways to its end taken
//! together: both ends of an `if`, every `break` of a `switch`. Of
//!
//! ```js
//! function f(list) {             // C…I are the probes
//!   for (const a of list) {      // E
//!     if (a) return a;           // C, and D for the `else` that nobody wrote
//!     log(a);                    // a continuation: D
//!   }
//!   return null;                 // a continuation: I − C
//! }
//! ```
//!
//! What a call throws is nowhere written, nor how often a `with` is left, in which no probe stands. A count may be too
//! high for that, never too low: an exit is taken off only if nothing that is caught on the way to it could have led
//! elsewhere.

use smallvec::{SmallVec, smallvec};
use swc_core::common::Spanned;
use swc_core::ecma::ast::{Decl, Expr, IfStmt, LabeledStmt, Lit, Stmt, SwitchStmt, TryStmt};
use swc_core::ecma::atoms::Atom;

use crate::parse::FIRST;
use crate::plant::{first_probe, is_planted, last_test_probe};
use crate::syntax::is_else_if;

/// A continuation; offsets are byte offsets in the input, probes are numbers in the file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct PlantedContinuation {
    pub(crate) start: u32,
    /// Exclusive.
    pub(crate) end: u32,
    /// Not empty.
    pub(crate) plus: Vec<u32>,
    pub(crate) minus: Vec<u32>,
}

/// Adds the continuations in a body in which every probe stands; what it holds in functions of its own is passed by.
/// `probe` is the body's own.
pub(super) fn find<'s>(
    statements: impl Iterator<Item = &'s Stmt>,
    probe: Option<u32>,
    found: &mut Vec<PlantedContinuation>,
) {
    let mut flow = Flow { exits: Vec::new(), found };
    flow.list(statements, &probe.map(Count::of));
}

/// A count of more probes than this is not worth its place in the mapping.
const MOST_TERMS: usize = 24;

/// Nearly all counts are of one probe, or of one less another.
type Terms = SmallVec<[u32; 4]>;

/// How often something runs, in hits of probes.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Count {
    plus: Terms,
    minus: Terms,
    /// Whether it may be taken off another count.
    is_exact: bool,
}

impl Count {
    fn of(probe: u32) -> Self {
        Self { plus: smallvec![probe], minus: Terms::new(), is_exact: true }
    }

    fn never() -> Self {
        Self { plus: Terms::new(), minus: Terms::new(), is_exact: true }
    }

    /// `None` if it has too many terms.
    fn and(mut self, other: &Self) -> Option<Self> {
        self.is_exact &= other.is_exact;
        add(&other.plus, &mut self.plus, &mut self.minus);
        add(&other.minus, &mut self.minus, &mut self.plus);
        (self.terms() <= MOST_TERMS).then_some(self)
    }

    /// As [`Self::and`].
    fn less(self, other: &Self) -> Option<Self> {
        self.and(&Self { plus: other.minus.clone(), minus: other.plus.clone(), is_exact: other.is_exact })
    }

    fn terms(&self) -> usize {
        self.plus.len() + self.minus.len()
    }
}

/// Adds terms on one side, or takes them away on the other.
fn add(terms: &[u32], side: &mut Terms, opposite: &mut Terms) {
    for term in terms {
        match opposite.iter().position(|other| other == term) {
            Some(at) => drop(opposite.remove(at)),
            None => side.push(*term),
        }
    }
}

/// A count; `None` where it is not known.
type Known = Option<Count>;

/// How often control comes out behind a statement.
enum After {
    /// As often as it came to it.
    Same,
    Other(Known),
}

impl After {
    fn or(self, entry: &Known) -> Known {
        match self {
            Self::Same => entry.clone(),
            Self::Other(count) => count,
        }
    }

    fn never() -> Self {
        Self::Other(Some(Count::never()))
    }

    fn is_never(&self) -> bool {
        matches!(self, Self::Other(Some(count)) if count.terms() == 0)
    }
}

/// A statement that leaves others.
struct Exit {
    to: Goal,
    count: Known,
}

#[derive(PartialEq, Eq)]
enum Goal {
    Return,
    Throw,
    /// With its label.
    Break(Option<Atom>),
    Continue(Option<Atom>),
}

struct Flow<'f> {
    /// Those out of the statements around.
    exits: Vec<Exit>,
    found: &'f mut Vec<PlantedContinuation>,
}

impl Flow<'_> {
    fn list<'s>(&mut self, statements: impl Iterator<Item = &'s Stmt>, entry: &Known) -> After {
        // As long as nothing can be left before its end, that is `entry`.
        let mut changed: Option<Known> = None;
        let mut is_behind = false;
        let mut continuations = Vec::new();
        let mut end = 0;
        for statement in statements {
            if (is_behind || !continuations.is_empty()) && !is_planted(statement) {
                let span = statement.span();
                end = span.hi.0.saturating_sub(FIRST);
                // Functions are there before the list runs.
                let is_run = !matches!(statement, Stmt::Empty(_) | Stmt::Decl(Decl::Fn(_)));
                if is_run && std::mem::take(&mut is_behind) {
                    // What dead code is counted by: a probe less itself.
                    let first = entry.as_ref().and_then(|entry| entry.plus.first()).copied();
                    let count = changed.as_ref().unwrap_or(entry).as_ref();
                    continuations.extend(continuation(span.lo.0.saturating_sub(FIRST), count, first));
                }
            }
            let count = changed.as_ref().unwrap_or(entry);
            if let After::Other(after) = self.statement(statement, count) {
                let has_same_terms = |(a, b): (&Count, &Count)| a.plus == b.plus && a.minus == b.minus;
                is_behind |= !after.as_ref().zip(count.as_ref()).is_some_and(has_same_terms);
                changed = Some(after);
            }
        }
        self.found.extend(continuations.into_iter().map(|continuation| PlantedContinuation { end, ..continuation }));
        changed.map_or(After::Same, After::Other)
    }

    fn statement(&mut self, statement: &Stmt, entry: &Known) -> After {
        match statement {
            Stmt::Return(_) => self.exit(Goal::Return, entry),
            Stmt::Throw(_) => self.exit(Goal::Throw, entry),
            Stmt::Break(n) => self.exit(Goal::Break(n.label.as_ref().map(|label| label.sym.clone())), entry),
            Stmt::Continue(n) => self.exit(Goal::Continue(n.label.as_ref().map(|label| label.sym.clone())), entry),
            Stmt::Block(n) => self.list(n.stmts.iter(), entry),
            Stmt::If(n) => self.choice(n, entry, false).1,
            Stmt::Labeled(n) => self.labeled(n, entry),
            Stmt::Switch(n) => self.switch(n, entry, &[]),
            Stmt::Try(n) => self.attempt(n, entry),
            Stmt::With(n) => self.statement(&n.body, entry),
            _ => match body_of_loop(statement) {
                Some((body, is_endless)) => self.repeated(body, is_endless, entry, &[]),
                None => After::Same,
            },
        }
    }

    fn exit(&mut self, to: Goal, entry: &Known) -> After {
        self.exits.push(Exit { to, count: entry.clone() });
        After::never()
    }

    /// How often control came to an `if`, as its arms have it, if the caller asks for that; and how often it comes out.
    fn choice(&mut self, n: &IfStmt, entry: &Known, is_asked: bool) -> (Known, After) {
        let from = self.exits.len();
        let then = probe_in(&n.cons);
        let rest = || entry.clone()?.less(then.as_ref()?);
        let then_after = self.statement(&n.cons, &then);
        let (other, other_after) = match n.alt.as_deref() {
            None => (rest(), After::Same),
            Some(alt) if is_else_if(alt) => {
                let rest = rest();
                let (reached, after) = match alt {
                    Stmt::If(inner) => self.choice(inner, &rest, true),
                    _ => (None, self.statement(alt, &rest)),
                };
                (reached.or(rest), after)
            }
            Some(alt) => {
                let other = probe_in(alt);
                let after = self.statement(alt, &other);
                (other, after)
            }
        };
        let both = |then: Known, other: &Known| then?.and(other.as_ref()?);
        let reached = if is_asked { both(then.clone(), &other) } else { None };
        if let (After::Same, After::Same) = (&then_after, &other_after) {
            return (reached, After::Same);
        }
        let arrivals = both(then_after.or(&then), &other_after.or(&other));
        (reached, After::Other(self.shorter(arrivals, entry, from)))
    }

    fn labeled(&mut self, n: &LabeledStmt, entry: &Known) -> After {
        let mut labels = vec![n.label.sym.clone()];
        let mut body = &*n.body;
        while let Stmt::Labeled(inner) = body {
            labels.push(inner.label.sym.clone());
            body = &inner.body;
        }
        if let Stmt::Switch(n) = body {
            return self.switch(n, entry, &labels);
        }
        if let Some((body, is_endless)) = body_of_loop(body) {
            return self.repeated(body, is_endless, entry, &labels);
        }
        let from = self.exits.len();
        let after = self.statement(body, entry);
        let breaks = self.take(from, |goal| matches!(goal, Goal::Break(Some(label)) if labels.contains(label)));
        if breaks.is_empty() {
            return after;
        }
        self.settle(sum(breaks, after.or(entry)), entry, from)
    }

    fn repeated(&mut self, body: &Stmt, is_endless: bool, entry: &Known, labels: &[Atom]) -> After {
        let from = self.exits.len();
        self.statement(body, &probe_in(body));
        let is_own = |label: &Option<Atom>| label.as_ref().is_none_or(|label| labels.contains(label));
        self.take(from, |goal| matches!(goal, Goal::Continue(label) if is_own(label)));
        let breaks = self.take(from, |goal| matches!(goal, Goal::Break(label) if is_own(label)));
        let arrivals = if is_endless { sum(breaks, Some(Count::never())) } else { None };
        self.settle(arrivals, entry, from)
    }

    fn switch(&mut self, n: &SwitchStmt, entry: &Known, labels: &[Atom]) -> After {
        let from = self.exits.len();
        let mut last = None;
        let mut is_complete = false;
        for case in &n.cases {
            let made = last_test_probe(case);
            let count = made.or_else(|| first_probe(&case.cons)).map(Count::of);
            is_complete |= made.is_some() || case.test.is_none();
            last = if made.is_some() { count } else { self.list(case.cons.iter(), &count).or(&count) };
        }
        let breaks = self.take(from, |goal| match goal {
            Goal::Break(label) => label.as_ref().is_none_or(|label| labels.contains(label)),
            _ => false,
        });
        let arrivals = if is_complete { sum(breaks, last) } else { None };
        self.settle(arrivals, entry, from)
    }

    fn attempt(&mut self, n: &TryStmt, entry: &Known) -> After {
        let from = self.exits.len();
        let mut after = self.list(n.block.stmts.iter(), entry);
        if let Some(handler) = &n.handler {
            // What is caught goes on in the handler, from wherever it was thrown.
            self.take(from, |goal| *goal == Goal::Throw);
            self.doubt(from);
            let caught = self.list(handler.body.stmts.iter(), &None);
            after = match caught.is_never() {
                true => After::Other(inexact(after.or(entry))),
                false => self.settle(None, entry, from),
            };
        }
        if let Some(finalizer) = &n.finalizer {
            let inside = self.exits.len();
            let last = self.list(finalizer.stmts.iter(), entry);
            if self.exits.len() > inside {
                // It may go elsewhere than what was on its way.
                self.doubt(from);
                after = if last.is_never() { last } else { After::Other(inexact(after.or(entry))) };
            }
        }
        after
    }

    /// Takes away the exits from number `from` on that lead to what the caller knows, and returns their counts.
    fn take(&mut self, from: usize, is_taken: impl Fn(&Goal) -> bool) -> Vec<Known> {
        self.exits.extract_if(from.., |exit| is_taken(&exit.to)).map(|exit| exit.count).collect()
    }

    /// Of the exits from number `from` on no count may be taken off.
    fn doubt(&mut self, from: usize) {
        for exit in &mut self.exits[from..] {
            exit.count = inexact(exit.count.take());
        }
    }

    /// Behind a statement to which control came `entry` times, and whose exits are those from number `from` on.
    fn settle(&self, arrivals: Known, entry: &Known, from: usize) -> After {
        match self.exits.len() > from {
            true => After::Other(self.shorter(arrivals, entry, from)),
            false => After::Same,
        }
    }

    /// The sum of all ways to the end, or what is left of `entry` when the exits are taken off.
    fn shorter(&self, arrivals: Known, entry: &Known, from: usize) -> Known {
        let less_exit = |count: Count, exit: &Exit| match &exit.count {
            Some(taken) if taken.is_exact => count.less(taken),
            _ => Some(Count { is_exact: false, ..count }),
        };
        let left = entry.clone().and_then(|entry| self.exits[from..].iter().try_fold(entry, less_exit));
        match (arrivals, left) {
            (Some(arrivals), Some(left)) if left.is_exact && left.terms() < arrivals.terms() => Some(left),
            (None, left) => left,
            (arrivals, _) => arrivals,
        }
    }
}

/// A continuation from `start` on whose end is not known yet.
fn continuation(start: u32, count: Option<&Count>, first: Option<u32>) -> Option<PlantedContinuation> {
    let (mut plus, mut minus) = (count?.plus.clone(), count?.minus.clone());
    if plus.is_empty() {
        plus.push(first?);
        minus.push(first?);
    }
    Some(PlantedContinuation { start, end: start, plus: plus.into_vec(), minus: minus.into_vec() })
}

fn sum(counts: Vec<Known>, last: Known) -> Known {
    counts.into_iter().try_fold(last?, |sum, count| sum.and(&count?))
}

fn inexact(count: Known) -> Known {
    count.map(|count| Count { is_exact: false, ..count })
}

/// What counts a body or an arm.
fn probe_in(body: &Stmt) -> Known {
    match body {
        Stmt::Block(block) => first_probe(&block.stmts).map(Count::of),
        _ => None,
    }
}

/// The body of a loop, and whether only `break` ends it.
fn body_of_loop(statement: &Stmt) -> Option<(&Stmt, bool)> {
    let is_true = |test: &Expr| matches!(test, Expr::Lit(Lit::Bool(value)) if value.value);
    match statement {
        Stmt::For(n) => Some((&n.body, n.test.as_deref().is_none_or(is_true))),
        Stmt::ForIn(n) => Some((&n.body, false)),
        Stmt::ForOf(n) => Some((&n.body, false)),
        Stmt::While(n) => Some((&n.body, is_true(&n.test))),
        Stmt::DoWhile(n) => Some((&n.body, is_true(&n.test))),
        _ => None,
    }
}
