//! Completion values: what `eval` and a shell show of a script.

use swc_core::ecma::ast::Stmt;

/// Whether statements leave a completion value (ECMAScript 6.2.4 and the Evaluation of each statement).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Value {
    /// Whatever happens, a value replaces the one before.
    Always,
    /// They complete and leave the value before as it was.
    Never,
    /// They may be left by `break` or `continue` before there is a value.
    Unsure,
}

/// The value that running these statements in order leaves.
pub(crate) fn value_of(statements: &[Stmt]) -> Value {
    for statement in statements {
        let value = match statement {
            Stmt::Decl(_) | Stmt::Empty(_) | Stmt::Debugger(_) => Value::Never,
            Stmt::Break(_) | Stmt::Continue(_) => Value::Unsure,
            Stmt::Block(block) => value_of(&block.stmts),
            Stmt::Labeled(labeled) => value_of(std::slice::from_ref(&labeled.body)),
            // An `if` or loop without a value of its own has the value `undefined`.
            _ => Value::Always,
        };
        if value != Value::Never {
            return value;
        }
    }
    Value::Never
}
