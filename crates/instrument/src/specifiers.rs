//! Module specifiers where types are stripped: `./shape.ts` becomes `./shape.js`, as the file itself does.
//!
//! Only relative ones, whose file is stripped in the same run, and in every file, also one that holds nothing to
//! strip. Source: TypeScript's
//! `rewriteRelativeImportExtensions`.

use swc_core::ecma::ast::{CallExpr, Callee, ExportAll, Expr, ImportDecl, Lit, NamedExport, Program, Str, Tpl};
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::parse::FileKind;

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
    fn rename(&mut self, specifier: &mut Str) {
        if let Some(name) = specifier.value.as_str().and_then(|text| self.new_name(text)) {
            specifier.value = name.into();
            specifier.raw = None;
            self.renamed_any = true;
        }
    }

    fn new_name(&self, text: &str) -> Option<String> {
        if !(text.starts_with("./") || text.starts_with("../")) || FileKind::of(text)?.is_declaration {
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

    /// What `import()` and `require()` are given: each branch of a choice is a specifier.
    fn rename_argument(&mut self, argument: &mut Expr) {
        match argument {
            Expr::Lit(Lit::Str(specifier)) => self.rename(specifier),
            Expr::Tpl(Tpl { exprs, quasis, .. }) if exprs.is_empty() => {
                for quasi in quasis {
                    let text = quasi.cooked.as_ref().and_then(|text| text.as_str());
                    if let Some(name) = text.and_then(|text| self.new_name(text)) {
                        quasi.raw = name.as_str().into();
                        quasi.cooked = Some(name.into());
                        self.renamed_any = true;
                    }
                }
            }
            Expr::Paren(inner) => self.rename_argument(&mut inner.expr),
            Expr::Seq(sequence) => {
                if let Some(last) = sequence.exprs.last_mut() {
                    self.rename_argument(last);
                }
            }
            Expr::Cond(choice) => {
                self.rename_argument(&mut choice.cons);
                self.rename_argument(&mut choice.alt);
            }
            _ => {}
        }
    }
}

impl VisitMut for Specifiers {
    noop_visit_mut_type!();

    fn visit_mut_import_decl(&mut self, n: &mut ImportDecl) {
        self.rename(&mut n.src);
    }

    fn visit_mut_named_export(&mut self, n: &mut NamedExport) {
        if let Some(specifier) = &mut n.src {
            self.rename(specifier);
        }
    }

    fn visit_mut_export_all(&mut self, n: &mut ExportAll) {
        self.rename(&mut n.src);
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
            self.rename_argument(&mut first.expr);
        }
    }
}
