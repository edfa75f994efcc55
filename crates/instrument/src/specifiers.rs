//! Module specifiers of stripped files: `./shape.ts` becomes `./shape.js`, as the file itself does.
//!
//! Only relative ones, whose file is stripped in the same run. Source: TypeScript's
//! `rewriteRelativeImportExtensions`.

use swc_core::ecma::ast::{
    CallExpr, Callee, ExportAll, Expr, ImportDecl, Lit, NamedExport, Program, Str, TsExternalModuleRef,
};
use swc_core::ecma::visit::{VisitMut, VisitMutWith};

/// Renames every relative specifier of `program` that ends as TypeScript files do; JSX stays JSX if `keeps_jsx`.
pub(crate) fn rename(program: &mut Program, keeps_jsx: bool) {
    program.visit_mut_with(&mut Specifiers { keeps_jsx });
}

struct Specifiers {
    keeps_jsx: bool,
}

impl Specifiers {
    fn rename(&self, specifier: &mut Str) {
        let Some(text) = specifier.value.as_str() else { return };
        if !(text.starts_with("./") || text.starts_with("../")) {
            return;
        }
        let Some((stem, extension)) = text.rsplit_once('.') else { return };
        let extension = match extension {
            _ if stem.ends_with(".d") => return,
            "ts" => "js",
            "mts" => "mjs",
            "cts" => "cjs",
            "tsx" | "jsx" if self.keeps_jsx => "jsx",
            "tsx" | "jsx" => "js",
            _ => return,
        };
        specifier.value = format!("{stem}.{extension}").into();
        specifier.raw = None;
    }
}

impl VisitMut for Specifiers {
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

    fn visit_mut_ts_external_module_ref(&mut self, n: &mut TsExternalModuleRef) {
        self.rename(&mut n.expr);
    }

    /// `import("./shape.ts")` and CommonJS's `require("./shape.ts")`.
    fn visit_mut_call_expr(&mut self, n: &mut CallExpr) {
        n.visit_mut_children_with(self);
        let loads = match &n.callee {
            Callee::Import(_) => true,
            Callee::Expr(callee) => matches!(&**callee, Expr::Ident(name) if name.sym == *"require"),
            Callee::Super(_) => false,
        };
        if let (true, Some(Expr::Lit(Lit::Str(specifier)))) = (loads, n.args.first_mut().map(|first| &mut *first.expr))
        {
            self.rename(specifier);
        }
    }
}
