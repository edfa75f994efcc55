//! Module specifiers where types are stripped: `./shape.ts` becomes `./shape.js`, as the file itself does.
//!
//! Only relative ones, whose file is stripped in the same run, and in every file, also one that holds nothing to
//! strip. What `import()` is given is renamed when it runs, where only then it is known: bundlers read what is
//! known before, so that stays as plain as it was. Source: TypeScript's `rewriteRelativeImportExtensions`.

use swc_core::common::{DUMMY_SP, Span, Spanned};
use swc_core::ecma::ast::{
    ArrayLit, BinExpr, BinaryOp, CallExpr, Callee, ExportAll, Expr, ExprStmt, ImportDecl, Lit, MemberExpr, NamedExport,
    Program, Script, Stmt, Str, Tpl, TplElement,
};
use swc_core::ecma::utils::{ExprFactory, quote_ident};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::comments::CommentStore;
use crate::parse::{FileKind, Language, SourceType, parse};

/// Renames every relative specifier of `program` that ends as TypeScript files do; JSX stays JSX if `keeps_jsx`.
/// Returns whether there was any.
pub(crate) fn rename(program: &mut Program, keeps_jsx: bool) -> bool {
    let mut specifiers = Specifiers { keeps_jsx, renamed_any: false };
    program.visit_mut_with(&mut specifiers);
    specifiers.renamed_any
}

struct Specifiers {
    keeps_jsx: bool,
    renamed_any: bool,
}

impl Specifiers {
    fn rename(&mut self, specifier: End<'_>) {
        if let Some(name) = specifier.text().and_then(|text| self.new_name(text)) {
            specifier.set(name);
            self.renamed_any = true;
        }
    }

    fn new_name(&self, text: &str) -> Option<String> {
        if !is_relative(text) { None } else { self.new_end(text) }
    }

    fn new_end(&self, text: &str) -> Option<String> {
        if FileKind::of(text)?.is_declaration {
            return None;
        }
        let (stem, extension) = text.rsplit_once('.')?;
        let new = match extension {
            "ts" => "js",
            "mts" => "mjs",
            "cts" => "cjs",
            "tsx" | "jsx" if self.keeps_jsx => "jsx",
            "tsx" | "jsx" => "js",
            _ => return None,
        };
        (new != extension).then(|| format!("{stem}.{new}"))
    }

    /// What `import()` and `require()` are given: each branch of a choice is a specifier. Only the former's is
    /// renamed when it runs, as nobody can tell whose `require` a call is.
    fn rename_argument(&mut self, argument: &mut Expr, at_run_time: bool) {
        match argument {
            Expr::Lit(Lit::Str(specifier)) => self.rename(End::String(specifier)),
            Expr::Lit(_) => {}
            Expr::Tpl(Tpl { exprs, quasis, .. }) if exprs.is_empty() => {
                quasis.iter_mut().for_each(|quasi| self.rename(End::Template(quasi)));
            }
            Expr::Paren(inner) => self.rename_argument(&mut inner.expr, at_run_time),
            Expr::Seq(sequence) => {
                if let Some(last) = sequence.exprs.last_mut() {
                    self.rename_argument(last, at_run_time);
                }
            }
            Expr::Cond(choice) => {
                self.rename_argument(&mut choice.cons, at_run_time);
                self.rename_argument(&mut choice.alt, at_run_time);
            }
            _ if at_run_time => self.rename_when_run(argument),
            _ => {}
        }
    }

    /// Of a name that is put together, the end is renamed if it is known to belong to a relative one.
    fn rename_when_run(&mut self, argument: &mut Expr) {
        let start = known_start(argument).unwrap_or_default();
        if !is_relative(start) && !["", ".", ".."].contains(&start) {
            return;
        }
        let is_known = is_relative(start);
        if let Some(end) = known_end(argument)
            && let Some(text) = end.text().filter(|text| text.contains(['.', '/']))
        {
            match self.new_end(&format!("x{text}")) {
                None => return,
                Some(new) if is_known => {
                    self.renamed_any = true;
                    return end.set(new[1..].to_owned());
                }
                Some(_) => {}
            }
        }
        *argument = renamed_when_run(std::mem::take(argument), self.keeps_jsx);
        self.renamed_any = true;
    }
}

fn is_relative(specifier: &str) -> bool {
    specifier.starts_with("./") || specifier.starts_with("../")
}

impl VisitMut for Specifiers {
    noop_visit_mut_type!();

    fn visit_mut_import_decl(&mut self, n: &mut ImportDecl) {
        self.rename(End::String(&mut n.src));
    }

    fn visit_mut_named_export(&mut self, n: &mut NamedExport) {
        if let Some(specifier) = &mut n.src {
            self.rename(End::String(specifier));
        }
    }

    fn visit_mut_export_all(&mut self, n: &mut ExportAll) {
        self.rename(End::String(&mut n.src));
    }

    /// `import("./shape.ts")` and CommonJS's `require("./shape.ts")`, of which `import x = require()` is made.
    fn visit_mut_call_expr(&mut self, n: &mut CallExpr) {
        n.visit_mut_children_with(self);
        let loads = match &n.callee {
            Callee::Import(_) => true,
            Callee::Expr(callee) => matches!(&**callee, Expr::Ident(name) if name.sym == *"require"),
            Callee::Super(_) => false,
        };
        if let (true, Some(first)) = (loads, n.args.first_mut()) {
            self.rename_argument(&mut first.expr, matches!(n.callee, Callee::Import(_)));
        }
    }
}

/// How the value of an expression begins, as far as it is known; without a value it is not a string for sure.
fn known_start(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Lit(Lit::Str(text)) => text.value.as_str(),
        Expr::Tpl(template) => template.quasis.first()?.cooked.as_ref()?.as_str(),
        Expr::Bin(BinExpr { op: BinaryOp::Add, left, .. }) => known_start(left),
        Expr::Paren(inner) => known_start(&inner.expr),
        _ => None,
    }
}

/// The string or the part of a template that it ends with.
fn known_end(expr: &mut Expr) -> Option<End<'_>> {
    match expr {
        Expr::Lit(Lit::Str(text)) => Some(End::String(text)),
        Expr::Tpl(template) => template.quasis.last_mut().map(End::Template),
        Expr::Bin(BinExpr { op: BinaryOp::Add, right, .. }) => known_end(right),
        Expr::Paren(inner) => known_end(&mut inner.expr),
        _ => None,
    }
}

/// What a specifier's new end is written into.
enum End<'a> {
    String(&'a mut Str),
    Template(&'a mut TplElement),
}

impl End<'_> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::String(text) => text.value.as_str(),
            Self::Template(text) => text.cooked.as_ref()?.as_str(),
        }
    }

    fn set(self, new: String) {
        match self {
            Self::String(text) => (text.value, text.raw) = (new.into(), None),
            // What follows the last dot is all that is new, and nothing there is escaped.
            Self::Template(text) => {
                let stem = text.raw.rsplit_once('.').map(|(stem, _)| stem.to_owned()).unwrap_or_default();
                let extension = new.rsplit_once('.').map(|(_, extension)| extension).unwrap_or_default();
                text.raw = format!("{stem}.{extension}").into();
                text.cooked = Some(new.into());
            }
        }
    }
}

/// A specifier that gets its new name when it runs: one element of an array, since terser puts a function that is
/// called on the spot into `import()` as two arguments. Comments for bundlers stay first.
fn renamed_when_run(specifier: Expr, keeps_jsx: bool) -> Expr {
    let jsx = if keeps_jsx { "jsx" } else { "js" };
    let text = format!(
        r#"path => typeof path === "string" && /^\.\.?\//.test(path)
            ? path.replace(/\.[jt]sx$|(\.d)?(\.[^./]+?)?\.([cm]?)ts$/, (all, types = "", other = "", kind) =>
                kind === undefined ? ".{jsx}" : types && (!other || !kind) ? all : types + other + "." + kind + "js")
            : path"#
    );
    let parsed = parse(&text, Language::JavaScript, SourceType::Script, &CommentStore::new(&text));
    let Ok(Program::Script(Script { mut body, .. })) = parsed else { unreachable!("the text is an expression") };
    let Some(Stmt::Expr(ExprStmt { expr: mut renamer, .. })) = body.pop() else {
        unreachable!("it is the only statement")
    };
    renamer.visit_mut_with(&mut Placeless);
    let span = specifier.span();
    let alone = ArrayLit { span: DUMMY_SP, elems: vec![Some(specifier.as_arg())] };
    let renamed = alone.make_member(quote_ident!("map")).as_call(DUMMY_SP, vec![renamer.as_arg()]);
    MemberExpr { span, ..renamed.computed_member(0_f64) }.into()
}

/// What is made stands nowhere in the source.
struct Placeless;

impl VisitMut for Placeless {
    noop_visit_mut_type!();

    fn visit_mut_span(&mut self, n: &mut Span) {
        *n = DUMMY_SP;
    }
}
