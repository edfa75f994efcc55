//! A second count of what `?:`, `&&`, `||`, `??` and their assignments evaluate, which needs neither V8 nor the pass.
//!
//! In the program as it was written, every arm and right side is put behind a count of its own, `(recount(0), x)`;
//! what is counted at a place must be what the mapping's probe of that place counts.

use std::collections::HashMap;

use pathlight_mapping::{IdForm, Position, Probe, ProbeId, ProbeKind};
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::{AssignExpr, AssignTarget, BinExpr, BinaryOp, CondExpr, Expr, SimpleAssignTarget, WithStmt};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::excused::parse;
use super::grammar::Kind;
use crate::Failure;

/// A program that counts for itself.
pub(super) struct Recount {
    pub(super) text: String,
    /// The text of the probe's id at each place, by the number that the program counts.
    pub(super) ids: Vec<String>,
}

/// # Errors
/// If a place has no entry in the mapping.
pub(super) fn recount(text: &str, kind: Kind, form: IdForm, entries: &[(ProbeId, Probe)]) -> Result<Recount, Failure> {
    let (program, start) = parse(text, kind)?;
    let mut finder = Finder::default();
    program.visit_with(&mut finder);
    let known: HashMap<Position, ProbeId> = entries
        .iter()
        .filter(|(_, probe)| probe.kind == ProbeKind::Branch)
        .map(|(id, probe)| (probe.at, *id))
        .collect();
    let positions = positions(text);
    let offset = |at: BytePos| (at - start).0 as usize;
    let mut ids = Vec::new();
    let mut inserted = Vec::new();
    for (number, Place { code, recorded }) in finder.places.iter().enumerate() {
        let at = positions[offset(recorded.lo)];
        let id = known.get(&at).ok_or_else(|| format!("no branch is recorded at {at}"))?;
        ids.push(if form == IdForm::Vlq { id.to_string() } else { id.get().to_string() });
        // Inner places come first, so of several ends at one place theirs stand first, and their starts last.
        inserted.push((offset(code.hi), 0, number, ")".to_owned()));
        inserted.push((offset(code.lo), 1, usize::MAX - number, format!("(recount({number}), ")));
    }
    inserted.sort_unstable();
    let mut counting = String::with_capacity(text.len() * 2);
    let mut from = 0;
    for (at, _, _, part) in inserted {
        counting.push_str(&text[from..at]);
        counting.push_str(&part);
        from = at;
    }
    counting.push_str(&text[from..]);
    Ok(Recount { text: counting, ids })
}

/// The position of every byte: lines from 1, columns from 0 in UTF-16 code units.
fn positions(text: &str) -> Vec<Position> {
    let mut at = Position { line: 1, column: 0 };
    let mut positions = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        positions.resize(positions.len() + next.len_utf8(), at);
        match next {
            '\r' if rest.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => at = Position { line: at.line + 1, column: 0 },
            other => at.column += other.len_utf16() as u32,
        }
    }
    positions
}

struct Place {
    /// With its parentheses.
    code: Span,
    /// Without them.
    recorded: Span,
}

/// Places in post-order.
#[derive(Default)]
struct Finder {
    places: Vec<Place>,
}

impl Finder {
    fn place(&mut self, n: &Expr) {
        self.places.push(Place { code: n.span(), recorded: without_parentheses(n).span() });
    }
}

impl Visit for Finder {
    /// What stands in `with` is not probed: the object could have a property of the array's name.
    fn visit_with_stmt(&mut self, n: &WithStmt) {
        n.obj.visit_with(self);
    }

    fn visit_cond_expr(&mut self, n: &CondExpr) {
        n.visit_children_with(self);
        self.place(&n.cons);
        self.place(&n.alt);
    }

    fn visit_bin_expr(&mut self, n: &BinExpr) {
        n.visit_children_with(self);
        if matches!(n.op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing) {
            self.place(&n.right);
        }
    }

    /// A function that is assigned to a name would lose its own behind a comma, so it is not counted.
    fn visit_assign_expr(&mut self, n: &AssignExpr) {
        n.visit_children_with(self);
        let is_named = matches!(n.left, AssignTarget::Simple(SimpleAssignTarget::Ident(_)))
            && matches!(without_parentheses(&n.right), Expr::Fn(_) | Expr::Arrow(_) | Expr::Class(_));
        if n.op.may_short_circuit() && !is_named {
            self.place(&n.right);
        }
    }
}

fn without_parentheses(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => without_parentheses(&paren.expr),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_counts_for_itself() {
        let branch = |number, column| {
            let at = Position { line: 1, column };
            Some((ProbeId::new(number)?, Probe { kind: ProbeKind::Branch, file: 0, function: 0, at, extent: None }))
        };
        let entries: Vec<_> = [branch(1, 9), branch(2, 14), branch(3, 5)].into_iter().flatten().collect();
        let made = recount("a && (b ? c : d);", Kind::Script, IdForm::Vlq, &entries[..2]);
        assert!(made.is_err(), "the right side has no entry");
        let entries: Vec<_> = [branch(1, 10), branch(2, 14), branch(3, 6)].into_iter().flatten().collect();
        let made = recount("a && (b ? c : d);", Kind::Script, IdForm::Vlq, &entries).unwrap();
        assert_eq!(made.text, "a && (recount(2), (b ? (recount(0), c) : (recount(1), d)));");
    }
}
