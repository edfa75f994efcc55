//! Whether a file that is no module by its words becomes one, since the JSX runtime is imported.
//!
//! As in TypeScript and the bundlers: a file with JSX for the automatic runtime is a module, unless it says
//! otherwise by its extension, by an option, or by speaking CommonJS.

use swc_core::common::Spanned;
use swc_core::ecma::ast::{
    CallExpr, Callee, Expr, ExprStmt, Ident, MemberExpr, Module, ModuleDecl, ModuleItem, ParenExpr, Program, Script,
    Stmt,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use crate::parse::SourceType;
use crate::strip::found::Found;
use crate::strip::{JsxRuntime, StripOptions};
use crate::syntax::{Item, directives};

/// Whether a script will import its JSX runtime: it has to be read as a module, which is strict.
pub(super) fn becomes_module(program: &Program, source_type: SourceType, options: &StripOptions, text: &str) -> bool {
    let imports_runtime = options.jsx == JsxRuntime::Automatic && !text.contains("@jsxRuntime classic")
        || options.jsx == JsxRuntime::Classic && text.contains("@jsxRuntime automatic");
    match program {
        Program::Script(script) => {
            source_type == SourceType::Auto
                && imports_runtime
                && Found::of(script, false).jsx
                && !speaks_common_js(script)
        }
        Program::Module(_) => false,
    }
}

/// swc takes the empty statements of a module away, of which one may be what keeps a string from being a directive.
pub(super) fn keep_strings(program: &mut Program) {
    let Program::Module(Module { body, .. }) = program else { return };
    let start = directives(body);
    for item in &mut body[start..] {
        if item.is_string()
            && let ModuleItem::Stmt(Stmt::Expr(ExprStmt { expr, .. })) = item
        {
            let string = std::mem::take(expr);
            **expr = ParenExpr { span: string.span(), expr: string }.into();
        }
    }
}

/// Makes a script of a module that is CommonJS once its types are gone.
pub(super) fn settle_common_js(program: &mut Program) {
    if let Program::Module(Module { span, body, shebang }) = program
        && body.iter().all(ModuleItem::is_stmt)
    {
        let body = body.drain(..).filter_map(ModuleItem::stmt).collect();
        *program = Program::Script(Script { span: *span, body, shebang: shebang.take() });
    }
}

/// Puts the `export {}` of a module that has lost its imports where the last one stood: swc writes it at the end, but
/// with that one's span, so that comments before the import would come behind code that it stood before.
pub(super) fn place_mark(program: &mut Program) {
    let Program::Module(Module { body, .. }) = program else { return };
    let mark = match body.last() {
        Some(ModuleItem::ModuleDecl(ModuleDecl::ExportNamed(n))) if n.specifiers.is_empty() && n.src.is_none() => {
            n.span
        }
        _ => return,
    };
    if let Some(at) = body.iter().position(|item| item.span_lo() > mark.lo)
        && let Some(mark) = body.pop()
    {
        body.insert(at, mark);
    }
}

/// Gives `work` a module: some of swc's transforms finish their work in one, and pass over a script.
pub(super) fn as_module(program: &mut Program, work: impl FnOnce(&mut Program)) {
    let Program::Script(script) = program else { return work(program) };
    let body = script.body.drain(..).map(ModuleItem::Stmt).collect();
    *program = Program::Module(Module { span: script.span, body, shebang: script.shebang.take() });
    work(program);
    settle_common_js(program);
}

/// Whether anything is loaded or exported in CommonJS's way.
fn speaks_common_js(program: &impl VisitWith<CommonJs>) -> bool {
    let mut found = CommonJs(false);
    program.visit_with(&mut found);
    found.0
}

struct CommonJs(bool);

impl Visit for CommonJs {
    noop_visit_type!();

    fn visit_call_expr(&mut self, n: &CallExpr) {
        self.0 |= matches!(&n.callee, Callee::Expr(callee) if is_named(callee, &["require"]));
        n.visit_children_with(self);
    }

    fn visit_member_expr(&mut self, n: &MemberExpr) {
        self.0 |= is_named(&n.obj, &["module", "exports", "require"]);
        n.visit_children_with(self);
    }
}

fn is_named(expr: &Expr, names: &[&str]) -> bool {
    matches!(expr, Expr::Ident(Ident { sym, .. }) if names.contains(&&**sym))
}
