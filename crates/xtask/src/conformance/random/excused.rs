//! Which probes V8's block coverage cannot check exactly, told from the instrumented program's structure.
//!
//! V8 counts a function when it is called and a loop's body before its variables are bound, and has no range at all
//! for some expressions. A probe excused here must still not count more than V8 does.

use std::collections::BTreeMap;

use swc_core::common::sync::Lrc;
use swc_core::common::{FileName, SourceMap};
use swc_core::ecma::ast::{
    ArrowExpr, ArrowFunctionBody, AssignExpr, CallExpr, Callee, Constructor, Decl, EsVersion, Expr, ForHead, ForInStmt,
    ForOfStmt, Function, Lit, MemberExpr, ParamOrTsParamProp, Pat, Program, Stmt,
};
use swc_core::ecma::parser::{EsSyntax, Syntax, parse_file_as_commonjs, parse_file_as_module, parse_file_as_script};
use swc_core::ecma::visit::{Visit, VisitWith};

use super::grammar::Kind;
use crate::Failure;

/// Why V8 may count more than a probe.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Excuse {
    Generator,
    Parameters,
    LoopHead,
    LogicalAssignment,
}

impl Excuse {
    /// Name and reason in the committed counters.
    pub(super) const fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Generator => ("generator not started", "V8 counts the call, the probe the first resumption"),
            Self::Parameters => ("throwing parameters", "V8 counts the call, the probe the body"),
            Self::LoopHead => ("throwing loop head", "V8 counts the round, the probe the body"),
            Self::LogicalAssignment => ("logical assignment", "V8 has no range for its right side"),
        }
    }
}

/// The probes of an instrumented program that are excused, by the text of their id.
pub(super) fn excused(code: &str, kind: Kind) -> Result<BTreeMap<String, Excuse>, Failure> {
    let sources: Lrc<SourceMap> = Lrc::default();
    let file = sources.new_source_file(FileName::Anon.into(), code.to_owned());
    let syntax = Syntax::Es(EsSyntax::default());
    let (target, mut recovered) = (EsVersion::latest(), Vec::new());
    let program = match kind {
        Kind::Script => parse_file_as_script(&file, syntax, target, None, &mut recovered).map(Program::Script),
        Kind::CommonJs => parse_file_as_commonjs(&file, syntax, target, None, &mut recovered).map(Program::Script),
        Kind::Module => parse_file_as_module(&file, syntax, target, None, &mut recovered).map(Program::Module),
    };
    let program = program.map_err(|error| format!("the output does not parse: {}", error.kind().msg()))?;
    let mut finder = Finder::default();
    program.visit_with(&mut finder);
    Ok(finder.excused)
}

#[derive(Default)]
struct Finder {
    excused: BTreeMap<String, Excuse>,
}

impl Finder {
    fn excuse(&mut self, probe: Option<String>, excuse: Excuse) {
        if let Some(id) = probe {
            self.excused.insert(id, excuse);
        }
    }

    fn loop_head(&mut self, head: &ForHead, body: &Stmt) {
        let binds_a_name = match head {
            ForHead::VarDecl(declaration) => declaration.decls.iter().all(|one| matches!(one.name, Pat::Ident(_))),
            ForHead::UsingDecl(_) => true,
            // Even a name can be a constant.
            ForHead::Pat(_) => false,
        };
        if let (false, Stmt::Block(block)) = (binds_a_name, body) {
            self.excuse(first_probe(&block.stmts), Excuse::LoopHead);
        }
    }
}

impl Visit for Finder {
    fn visit_function(&mut self, n: &Function) {
        n.visit_children_with(self);
        let Some(body) = &n.body else { return };
        if n.is_generator {
            self.excuse(first_probe(&body.stmts), Excuse::Generator);
        } else if n.params.iter().any(|param| may_throw(&param.pat)) {
            self.excuse(first_probe(&body.stmts), Excuse::Parameters);
        }
    }

    fn visit_constructor(&mut self, n: &Constructor) {
        n.visit_children_with(self);
        let throws = n.params.iter().any(|param| matches!(param, ParamOrTsParamProp::Param(param) if may_throw(&param.pat)));
        if let (true, Some(body)) = (throws, &n.body) {
            self.excuse(first_probe(&body.stmts), Excuse::Parameters);
        }
    }

    fn visit_arrow_expr(&mut self, n: &ArrowExpr) {
        n.visit_children_with(self);
        if !n.params.iter().any(may_throw) {
            return;
        }
        let probe = match &*n.body {
            ArrowFunctionBody::FunctionBody(body) => first_probe(&body.stmts),
            ArrowFunctionBody::Expr(expr) => first_in_comma(expr),
        };
        self.excuse(probe, Excuse::Parameters);
    }

    fn visit_for_of_stmt(&mut self, n: &ForOfStmt) {
        n.visit_children_with(self);
        self.loop_head(&n.left, &n.body);
    }

    fn visit_for_in_stmt(&mut self, n: &ForInStmt) {
        n.visit_children_with(self);
        self.loop_head(&n.left, &n.body);
    }

    fn visit_assign_expr(&mut self, n: &AssignExpr) {
        n.visit_children_with(self);
        if n.op.may_short_circuit() {
            self.excuse(first_in_comma(&n.right), Excuse::LogicalAssignment);
        }
    }
}

/// Whether binding the parameter runs code.
fn may_throw(parameter: &Pat) -> bool {
    match parameter {
        Pat::Ident(_) => false,
        Pat::Rest(rest) => may_throw(&rest.arg),
        _ => true,
    }
}

/// The probe that a body begins with, after directives.
fn first_probe(statements: &[Stmt]) -> Option<String> {
    let is_directive = |statement: &&Stmt| matches!(statement, Stmt::Expr(text) if matches!(&*text.expr, Expr::Lit(Lit::Str(_))));
    match statements.iter().find(|statement| !is_directive(statement))? {
        Stmt::Expr(statement) => probe_id(&statement.expr),
        // Where a script's value could be seen: `{ let _ = probe; }`.
        Stmt::Block(block) => match block.stmts.first()? {
            Stmt::Decl(Decl::Var(declaration)) => probe_id(declaration.decls.first()?.init.as_ref()?),
            _ => None,
        },
        _ => None,
    }
}

/// The probe of `(probe, value)`.
fn first_in_comma(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Paren(paren) => first_in_comma(&paren.expr),
        Expr::Seq(comma) => probe_id(comma.exprs.first()?),
        _ => None,
    }
}

/// The id in `ist_arr.push(id)`.
fn probe_id(expr: &Expr) -> Option<String> {
    let Expr::Call(CallExpr { callee: Callee::Expr(callee), args, .. }) = expr else { return None };
    let Expr::Member(MemberExpr { obj, .. }) = &**callee else { return None };
    match (&**obj, &*args.first()?.expr) {
        (Expr::Ident(array), Expr::Lit(Lit::Str(id))) if array.sym == *"ist_arr" => Some(id.value.as_str()?.to_owned()),
        (Expr::Ident(array), Expr::Lit(Lit::Num(id))) if array.sym == *"ist_arr" => Some(id.value.to_string()),
        _ => None,
    }
}
