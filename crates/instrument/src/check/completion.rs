//! Completion values (ECMA-262, "Runtime Semantics: Evaluation" of statements) and what completes normally.

use swc_core::ecma::ast::Stmt;

/// Whether every completion of these statements has a value of their own, so that a value before them is not seen.
pub(super) fn always_has_value<'a>(statements: impl IntoIterator<Item = &'a Stmt>) -> bool {
    statements.into_iter().find_map(ends_search) == Some(true)
}

/// `Some` if a list's question is answered at this statement: no later one can take a value back.
fn ends_search(statement: &Stmt) -> Option<bool> {
    match statement {
        Stmt::Empty(_) | Stmt::Decl(_) | Stmt::Debugger(_) => None,
        Stmt::Break(_) | Stmt::Continue(_) => Some(false),
        Stmt::Labeled(labelled) => ends_search(&labelled.body),
        Stmt::Block(block) => block.stmts.iter().find_map(ends_search),
        // All of these replace an empty value by `undefined`, also in a `break` that passes through them.
        Stmt::If(_)
        | Stmt::Switch(_)
        | Stmt::Try(_)
        | Stmt::With(_)
        | Stmt::While(_)
        | Stmt::DoWhile(_)
        | Stmt::For(_)
        | Stmt::ForIn(_)
        | Stmt::ForOf(_) => Some(true),
        Stmt::Expr(_) | Stmt::Return(_) | Stmt::Throw(_) => Some(true),
    }
}

/// Whether control may reach the end of these statements. `break` and `continue` do not reach it.
pub(super) fn may_complete(statements: &[Stmt]) -> bool {
    statements.iter().all(may_statement_complete)
}

fn may_statement_complete(statement: &Stmt) -> bool {
    match statement {
        Stmt::Return(_) | Stmt::Throw(_) | Stmt::Break(_) | Stmt::Continue(_) => false,
        Stmt::Block(block) => may_complete(&block.stmts),
        Stmt::If(choice) => {
            may_statement_complete(&choice.cons) || choice.alt.as_deref().is_none_or(may_statement_complete)
        }
        Stmt::Try(attempt) => {
            let ends = attempt.finalizer.as_ref().is_none_or(|last| may_complete(&last.stmts));
            let caught = attempt.handler.as_ref().is_some_and(|handler| may_complete(&handler.body.stmts));
            ends && (may_complete(&attempt.block.stmts) || caught)
        }
        _ => true,
    }
}
