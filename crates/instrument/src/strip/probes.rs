//! Probes on their way through the transforms.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{CallExpr, Callee, Expr, ExprStmt, Ident, SeqExpr, Stmt, VarDeclarator};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::plant::{probe_at, probe_node};

/// Spells every probe as a call of a name that no program has: transforms drop positions, which are all that
/// tells a probe from a name, and may drop a name, which does nothing.
pub(super) struct ProbesToCalls;

/// No name begins so.
const MARK: char = '#';

impl VisitMut for ProbesToCalls {
    noop_visit_mut_type!();

    fn visit_mut_stmt(&mut self, n: &mut Stmt) {
        match n {
            Stmt::Debugger(debugger) => {
                if let Some(probe) = probe_at(debugger.span.lo) {
                    *n = Stmt::Expr(ExprStmt { span: DUMMY_SP, expr: Box::new(call(probe)) });
                }
            }
            other => other.visit_mut_children_with(self),
        }
    }

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        n.visit_mut_children_with(self);
        match n {
            Expr::Ident(ident) => {
                if let Some(probe) = probe_at(ident.span.lo) {
                    *n = call(probe);
                }
            }
            Expr::Paren(paren) => {
                if let Some(probe) = probe_at(paren.span.lo) {
                    let inner = std::mem::replace(&mut *paren.expr, Expr::Invalid(Default::default()));
                    let exprs = match inner {
                        Expr::Seq(mut sequence) => {
                            sequence.exprs.insert(0, Box::new(call(probe)));
                            sequence.exprs
                        }
                        other => vec![Box::new(call(probe)), Box::new(other)],
                    };
                    *paren.expr = Expr::Seq(SeqExpr { span: DUMMY_SP, exprs });
                    paren.span = DUMMY_SP;
                }
            }
            _ => {}
        }
    }
}

fn call(probe: u32) -> Expr {
    let name = Ident::new_no_ctxt(format!("{MARK}{probe}").into(), DUMMY_SP);
    Expr::Call(CallExpr { callee: Callee::Expr(Box::new(Expr::Ident(name))), ..CallExpr::default() })
}

/// The way back, and what the transforms forget.
pub(super) struct CallsToProbes;

impl VisitMut for CallsToProbes {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        match marked(n) {
            Some(probe) => *n = *probe_node(probe),
            None => n.visit_mut_children_with(self),
        }
    }

    fn visit_mut_var_declarator(&mut self, n: &mut VarDeclarator) {
        n.visit_mut_children_with(self);
        // The transform leaves the `!` of `let x!: T`.
        n.definite = false;
    }
}

fn marked(expr: &Expr) -> Option<u32> {
    let Expr::Call(CallExpr { callee: Callee::Expr(callee), .. }) = expr else { return None };
    let Expr::Ident(name) = &**callee else { return None };
    name.sym.strip_prefix(MARK)?.parse().ok()
}
