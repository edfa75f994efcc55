//! Sequences as they are written: swc's fixer leaves out functions and literals whose values nothing takes, and a
//! function's probes with it.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{CallExpr, Callee, Expr, Ident, ParenExpr, Program, SeqExpr, UnaryExpr, UnaryOp};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

/// Does `work`, to which no sequence of `program` shows a function or a literal that others follow.
pub(super) fn keeping_all(program: &mut Program, work: impl FnOnce(&mut Program)) {
    let mut cover = Cover { is_needed: false };
    program.visit_mut_with(&mut cover);
    work(program);
    if cover.is_needed {
        program.visit_mut_with(&mut Uncover);
    }
}

/// No name is this; a call is left where it is.
const COVER: &str = "#";

struct Cover {
    is_needed: bool,
}

impl Cover {
    /// A value that nothing takes.
    fn cover(&mut self, unused: &mut Expr) {
        match unused {
            Expr::Paren(inner) => self.cover(&mut inner.expr),
            Expr::Unary(UnaryExpr { op: UnaryOp::Void, arg, .. }) => self.cover(arg),
            Expr::Seq(sequence) => {
                if let Some(last) = sequence.exprs.last_mut() {
                    self.cover(last);
                }
            }
            Expr::Fn(_) | Expr::Arrow(_) | Expr::Lit(_) => {
                self.is_needed = true;
                let callee = Callee::Expr(Box::new(Ident::new_no_ctxt(COVER.into(), DUMMY_SP).into()));
                let covered = std::mem::replace(unused, Expr::Invalid(Default::default()));
                *unused = CallExpr { callee, args: vec![covered.into()], ..CallExpr::default() }.into();
            }
            _ => {}
        }
    }
}

impl VisitMut for Cover {
    noop_visit_mut_type!();

    fn visit_mut_seq_expr(&mut self, n: &mut SeqExpr) {
        n.visit_mut_children_with(self);
        if let Some((_, others)) = n.exprs.split_last_mut() {
            others.iter_mut().for_each(|unused| self.cover(unused));
        }
    }
}

struct Uncover;

impl VisitMut for Uncover {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        n.visit_mut_children_with(self);
        let Expr::Call(CallExpr { callee: Callee::Expr(callee), args, .. }) = n else { return };
        if !matches!(&**callee, Expr::Ident(name) if name.sym == *COVER) {
            return;
        }
        let Some(covered) = args.pop() else { return };
        *n = match *covered.expr {
            // It may be the first of a statement.
            function @ Expr::Fn(_) => ParenExpr { span: DUMMY_SP, expr: Box::new(function) }.into(),
            other => other,
        };
    }
}
