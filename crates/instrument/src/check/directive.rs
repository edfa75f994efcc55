//! Directives (ECMAScript 11.2.1), which stay first.

use swc_core::ecma::ast::{
    ClassDecl, Decl, Expr, ExprStmt, FnDecl, Lit, ModuleDecl, ModuleItem, Stmt, Str, TsNamespaceBody,
};

/// A statement, in a script as in a module.
pub(super) trait Item {
    fn statement(&self) -> Option<&Stmt>;

    /// Whether only TypeScript reads it. Imports count as such, of which it alone knows whether they are of types.
    fn is_for_types(&self) -> bool {
        matches!(self.statement(), Some(Stmt::Decl(declaration)) if is_for_types(declaration))
    }
}

impl Item for Stmt {
    fn statement(&self) -> Option<&Stmt> {
        Some(self)
    }
}

impl Item for ModuleItem {
    fn statement(&self) -> Option<&Stmt> {
        self.as_stmt()
    }

    fn is_for_types(&self) -> bool {
        match self {
            Self::Stmt(statement) => statement.is_for_types(),
            Self::ModuleDecl(declaration) => match declaration {
                ModuleDecl::Import(_) => true,
                ModuleDecl::ExportDecl(export) => is_for_types(&export.decl),
                ModuleDecl::ExportNamed(export) => export.type_only,
                ModuleDecl::ExportAll(export) => export.type_only,
                ModuleDecl::TsImportEquals(import) => import.is_type_only,
                _ => false,
            },
        }
    }
}

fn is_for_types(declaration: &Decl) -> bool {
    let has_code = match declaration {
        Decl::TsInterface(_) | Decl::TsTypeAlias(_) => false,
        Decl::Fn(function) => function.function.body.is_some(),
        Decl::TsModule(space) => space.body.as_ref().is_some_and(namespace_has_code),
        _ => true,
    };
    !has_code || is_ambient(declaration)
}

fn namespace_has_code(body: &TsNamespaceBody) -> bool {
    match body {
        TsNamespaceBody::TsModuleBlock(block) => block.body.iter().any(|item| !item.is_for_types()),
        TsNamespaceBody::TsNamespaceDecl(inner) => namespace_has_code(&inner.body),
    }
}

/// Whether it says `declare`.
pub(super) fn is_ambient(declaration: &Decl) -> bool {
    match declaration {
        Decl::Class(ClassDecl { declare, .. }) | Decl::Fn(FnDecl { declare, .. }) => *declare,
        Decl::Var(variables) => variables.declare,
        Decl::TsEnum(declaration) => declaration.declare,
        Decl::TsModule(space) => space.declare,
        Decl::Using(_) | Decl::TsInterface(_) | Decl::TsTypeAlias(_) => false,
    }
}

/// How many items there are up to the last directive.
pub(super) fn directives<T: Item>(items: &[T]) -> usize {
    let mut length = 0;
    for (at, item) in items.iter().enumerate() {
        if item.statement().is_some_and(|statement| directive(statement).is_some()) {
            length = at + 1;
        } else if !item.is_for_types() {
            break;
        }
    }
    length
}

/// A string alone, without parentheses.
fn directive(statement: &Stmt) -> Option<&Str> {
    let Stmt::Expr(ExprStmt { expr, .. }) = statement else { return None };
    match &**expr {
        Expr::Lit(Lit::Str(text)) => Some(text),
        _ => None,
    }
}

/// Whether the first statements have this directive, spelled without escapes.
pub(super) fn has_directive(statements: &[Stmt], wanted: &str) -> bool {
    let own = &statements[..directives(statements)];
    own.iter().filter_map(|one| directive(one)?.raw.as_ref()).any(|raw| raw[1..raw.len() - 1] == *wanted)
}
