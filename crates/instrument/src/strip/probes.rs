//! Probes on their way through the transforms.

use swc_core::common::DUMMY_SP;
use swc_core::ecma::ast::{CallExpr, Callee, Decl, Expr, ExprStmt, Ident, SeqExpr, Stmt, VarDeclKind, VarDeclarator};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::plant::{probe_at, probe_node};
use crate::syntax::directives;

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

/// Takes the probe out that an expression begins with, as a value does that an arrow returns.
pub(super) fn take_first_probe(expr: &mut Expr) -> Option<Expr> {
    match expr {
        Expr::Paren(inner) => take_first_probe(&mut inner.expr),
        Expr::Seq(sequence) if sequence.exprs.len() > 1 && marked(&sequence.exprs[0]).is_some() => {
            Some(*sequence.exprs.remove(0))
        }
        _ => None,
    }
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

    /// Names that the transforms need are declared first, before the probe; it comes first again.
    fn visit_mut_stmts(&mut self, n: &mut Vec<Stmt>) {
        let start = directives(n);
        let made = n[start..].iter().take_while(|statement| only_declares(statement)).count();
        if n.get(start + made).is_some_and(is_probe) {
            n[start..=start + made].rotate_right(1);
        }
        n.visit_mut_children_with(self);
    }

    fn visit_mut_var_declarator(&mut self, n: &mut VarDeclarator) {
        n.visit_mut_children_with(self);
        // The transform leaves the `!` of `let x!: T`.
        n.definite = false;
    }
}

/// `let a, b;`
fn only_declares(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Decl(Decl::Var(names))
        if names.kind == VarDeclKind::Let && names.decls.iter().all(|one| one.init.is_none()))
}

/// A probe in either of its forms.
fn is_probe(statement: &Stmt) -> bool {
    match statement {
        Stmt::Expr(alone) => marked(&alone.expr).is_some(),
        Stmt::Block(block) => matches!(block.stmts.as_slice(), [Stmt::Decl(Decl::Var(kept))]
            if kept.decls.iter().any(|one| one.init.as_deref().is_some_and(|init| marked(init).is_some()))),
        _ => false,
    }
}

fn marked(expr: &Expr) -> Option<u32> {
    let Expr::Call(CallExpr { callee: Callee::Expr(callee), .. }) = expr else { return None };
    let Expr::Ident(name) = &**callee else { return None };
    name.sym.strip_prefix(MARK)?.parse().ok()
}
