//! Nodes without a probe of their own: equal in every field.

use swc_core::common::{EqIgnoreSpan, Spanned};
use swc_core::ecma::ast::*;
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::visit::{Visit, VisitWith};

use super::directive::is_ambient;
use super::walk::{Alike, Same, Sealed, Walk, equal, nodes, same_variant, variants};

nodes! {
    ThisExpr {} - span;
    Super {} - span;
    JSXEmptyExpr {} - span;
    JSXOpeningFragment {} - span;
    JSXClosingFragment {} - span;
    EmptyStmt {} - span;
    DebuggerStmt {} - span;
    Null {} - span;
    Invalid {} - span;

    Ident [sym, optional] {} - span, ctxt;
    IdentName [sym] {} - span;
    PrivateName [name] {} - span;
    Bool [value] {} - span;
    BigInt [value, raw] {} - span;
    Regex [exp, flags] {} - span;
    JSXText [value, raw] {} - span;
    MetaPropExpr [kind] {} - span;
    Import [phase] {} - span;

    ArrayLit { elems } - span;
    ObjectLit { props } - span;
    SpreadElement { expr } - dot3_token;
    UnaryExpr [op] { arg } - span;
    UpdateExpr [op, prefix] { arg } - span;
    MemberExpr { obj, prop } - span;
    SuperPropExpr { obj, prop } - span;
    OptCall { callee, type_args, args } - span, ctxt;
    OptChainExpr [optional] { base } - span;
    SeqExpr { exprs } - span;
    Tpl { exprs, quasis } - span;
    TaggedTpl { tag, type_params, tpl } - span, ctxt;
    YieldExpr [delegate] { arg } - span;
    AwaitExpr { arg } - span;
    ParenExpr { expr } - span;
    ComputedPropName { expr } - span;
    TsAsExpr { expr, type_ann } - span;
    TsSatisfiesExpr { expr, type_ann } - span;
    TsTypeAssertion { type_ann, expr } - span;
    TsConstAssertion { expr } - span;
    TsNonNullExpr { expr } - span;
    TsInstantiation { expr, type_args } - span;

    KeyValueProp { key, value };
    AssignProp { key, value } - span;

    ArrayPat [optional] { elems, type_ann } - span;
    ObjectPat [optional] { props, type_ann } - span;
    AssignPat { left, right } - span;
    RestPat { arg, type_ann } - span, dot3_token;
    KeyValuePatProp { key, value };
    AssignPatProp { key, value } - span;
    Param { decorators, pat } - span;
    TsParamProp [accessibility, is_override, readonly] { decorators, param } - span;

    ExprStmt { expr } - span;
    ReturnStmt { arg } - span;
    ThrowStmt { arg } - span;
    LabeledStmt { label, body } - span;
    BreakStmt { label } - span;
    ContinueStmt { label } - span;
    TryStmt { block, handler, finalizer } - span;
    CatchClause { param, body } - span;
    BlockStmt { stmts } - span, ctxt;
    VarDecl [kind, declare] { decls } - span, ctxt;
    UsingDecl [is_await] { decls } - span;

    Class [is_abstract] { decorators, type_params, super_class, super_type_params, implements, body } - span, ctxt;
    Decorator { expr } - span;
    ClassProp [is_static, accessibility, is_abstract, is_optional, is_override, readonly, declare, definite]
        { decorators, key, type_ann, value } - span;
    PrivateProp [is_static, accessibility, is_optional, is_override, readonly, definite]
        { decorators, key, type_ann, value } - span, ctxt;
    AutoAccessor [is_static, accessibility, is_abstract, is_override, definite]
        { decorators, key, type_ann, value } - span;

    ImportDecl [type_only, phase] { specifiers, src, with } - span;
    ExportDecl { decl } - span;
    NamedExport [type_only] { specifiers, src, with } - span;
    ExportDefaultDecl { decl } - span;
    ExportDefaultExpr { expr } - span;
    ExportAll [type_only] { src, with } - span;
    ExportNamespaceSpecifier { name } - span;
    ExportDefaultSpecifier { exported };
    ExportNamedSpecifier [is_type_only] { orig, exported } - span;
    TsExportAssignment { expr } - span;
    TsEnumDecl [declare, is_const] { id, members } - span;
    TsEnumMember { id, init } - span;
    TsNamespaceDecl [declare, global] { id, body } - span;
    // `module M` is printed as `namespace M`.
    TsModuleDecl [declare, global] { id, body } - span, namespace;

    JSXElement { opening, children, closing } - span;
    JSXFragment { opening, children, closing } - span;
    JSXOpeningElement [self_closing] { name, type_args, attrs } - span;
    JSXClosingElement { name } - span;
    JSXAttr { name, value } - span;
    JSXExprContainer { expr } - span;
    JSXSpreadChild { expr } - span;
    JSXMemberExpr { obj, prop } - span;
    JSXNamespacedName { ns, name } - span;
}

variants! {
    Stmt {
        Block, Empty, Debugger, With, Return, Labeled, Break, Continue, If, Switch, Throw, Try, While, DoWhile, For,
        ForIn, ForOf, Decl, Expr
    }
    ModuleItem { ModuleDecl, Stmt }
    ModuleDecl {
        Import, ExportDecl, ExportNamed, ExportDefaultDecl, ExportDefaultExpr, ExportAll, TsImportEquals,
        TsExportAssignment, TsNamespaceExport
    }
    DefaultDecl { Class, Fn, TsInterfaceDecl }
    ImportSpecifier { Named, Default, Namespace }
    ExportSpecifier { Namespace, Default, Named }
    ModuleExportName { Ident, Str }
    VarDeclOrExpr { VarDecl, Expr }

    Lit { Str, Bool, Null, Num, BigInt, Regex, JSXText }
    Callee { Super, Import, Expr }
    MemberProp { Ident, PrivateName, Computed }
    SuperProp { Ident, Computed }
    OptChainBase { Member, Call }
    PropOrSpread { Spread, Prop }
    Prop { Shorthand, KeyValue, Assign, Getter, Setter, Method }
    PropName { Ident, Str, Num, Computed, BigInt }
    Key { Private, Public }

    AssignTarget { Simple, Pat }
    SimpleAssignTarget {
        Ident, Member, SuperProp, Paren, OptChain, TsAs, TsSatisfies, TsNonNull, TsTypeAssertion, TsInstantiation,
        Invalid
    }
    AssignTargetPat { Array, Object, Invalid }
    Pat { Ident, Array, Rest, Object, Assign, Invalid, Expr }
    ObjectPatProp { KeyValue, Assign, Rest }
    ParamOrTsParamProp { TsParamProp, Param }
    TsParamPropParam { Ident, Assign }
    TsEnumMemberId { Ident, Str }
    TsModuleName { Ident, Str }
    TsNamespaceBody { TsModuleBlock, TsNamespaceDecl }

    JSXElementName { Ident, JSXMemberExpr, JSXNamespacedName }
    JSXObject { JSXMemberExpr, Ident }
    JSXAttrOrSpread { JSXAttr, SpreadElement }
    JSXAttrName { Ident, JSXNamespacedName }
    JSXAttrValue { Str, JSXExprContainer, JSXElement, JSXFragment }
    JSXElementChild { JSXText, JSXExprContainer, JSXSpreadChild, JSXElement, JSXFragment }
    JSXExpr { JSXEmptyExpr, Expr }
}

impl Alike for ExprOrSpread {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { spread, expr } = self;
        walk.enter(self.span(), input.span());
        equal("spread", &spread.is_some(), &input.spread.is_some(), walk)?;
        expr.alike(&input.expr, walk)
    }
}

impl Alike for NewExpr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, ctxt: _, callee, args, type_args } = self;
        walk.enter(self.span(), input.span());
        callee.alike(&input.callee, walk)?;
        type_args.alike(&input.type_args, walk)?;
        let none = Vec::new();
        walk.enter(self.span(), input.span());
        equal("new with arguments", &args.is_some(), &input.args.is_some(), walk)?;
        args.as_ref().unwrap_or(&none).alike(input.args.as_ref().unwrap_or(&none), walk)
    }
}

/// The language reads every line break of a template as LF, and so it is printed.
impl Alike for TplElement {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, tail, cooked, raw } = self;
        walk.enter(self.span, input.span);
        equal("template", tail, &input.tail, walk)?;
        equal("template", cooked, &input.cooked, walk)?;
        let read = |raw: &Atom| raw.replace("\r\n", "\n").replace('\r', "\n");
        equal("template", &read(raw), &read(&input.raw), walk)
    }
}

/// `for (\u0061sync of x)` becomes `for ((async) of x)`.
impl Alike for ForHead {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        if let (Self::Pat(output), Self::Pat(input)) = (self, input)
            && let (Pat::Expr(output), Pat::Ident(input)) = (&**output, &**input)
            && output.is_paren()
            && input.sym == *"async"
            && output.unwrap_parens().is_ident_ref_to("async")
        {
            return Ok(());
        }
        same_variant!(ForHead, self, input, walk, VarDecl UsingDecl Pat)
    }
}

/// The same number to the bit, and written alike; `1 .x` may become `1..x`.
impl Alike for Number {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, value, raw } = self;
        walk.enter(self.span, input.span);
        equal("number", &value.to_bits(), &input.value.to_bits(), walk)?;
        let undotted = |raw: &Option<Atom>| raw.as_ref().map(|raw| raw.trim_end_matches('.').to_owned());
        equal("number", &undotted(raw), &undotted(&input.raw), walk)
    }
}

/// The same text, and written alike. An enum's member named by a template has no text of its own in the parser's tree.
impl Alike for Str {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, value, raw } = self;
        walk.enter(self.span, input.span);
        equal("string", value, &input.value, walk)?;
        if input.raw.is_none() { Ok(()) } else { equal("string", raw, &input.raw, walk) }
    }
}

/// Nodes that bind their names.
macro_rules! binding_nodes {
    ($($name:ident [$($value:ident),*] $binding:ident { $($part:ident),* } $(- $skipped:ident)?;)*) => { $(
        impl Alike for $name {
            fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
                let Self { $($value,)* $binding, $($part,)* $($skipped: _)? } = self;
                walk.enter(self.span(), input.span());
                walk.bind($binding, &input.$binding);
                $(equal(concat!(stringify!($name), ".", stringify!($value)), $value, &input.$value, walk)?;)*
                $binding.alike(&input.$binding, walk)?;
                $($part.alike(&input.$part, walk)?;)*
                Ok(())
            }
        }
    )* };
}

binding_nodes! {
    BindingIdent [] id { type_ann };
    ClassDecl [declare] ident { class };
    ImportDefaultSpecifier [] local {} - span;
    ImportStarAsSpecifier [] local {} - span;
    ImportNamedSpecifier [is_type_only] local { imported } - span;
}

impl Alike for Decl {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let is_ambient = is_ambient(self);
        let sealed = walk.sealed.or(is_ambient.then_some(Sealed::Ambient));
        let is_ambient = walk.is_ambient || is_ambient;
        let parts =
            |walk: &mut Walk<'_>| walk.with(|walk| &mut walk.sealed, sealed, |walk| declared(self, input, walk));
        walk.with(|walk| &mut walk.is_ambient, is_ambient, parts)
    }
}

/// A field's decorators run though nothing else of it may be there, and are given its key.
impl Alike for ClassMember {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let is_ambient = match input {
            Self::Method(ClassMethod { function, .. }) | Self::PrivateMethod(PrivateMethod { function, .. }) => {
                function.body.is_none()
            }
            Self::ClassProp(field) => (field.declare || field.is_abstract) && field.decorators.is_empty(),
            Self::AutoAccessor(field) => field.is_abstract && field.decorators.is_empty(),
            _ => false,
        };
        let sealed = walk.sealed.or(is_ambient.then_some(Sealed::Ambient));
        walk.with(|walk| &mut walk.sealed, sealed, |walk| member(self, input, walk))
    }
}

fn member(output: &ClassMember, input: &ClassMember, walk: &mut Walk<'_>) -> Same {
    same_variant!(
        ClassMember, output, input, walk, Constructor Method PrivateMethod ClassProp PrivateProp TsIndexSignature Empty
        StaticBlock AutoAccessor
    )
}

fn declared(output: &Decl, input: &Decl, walk: &mut Walk<'_>) -> Same {
    same_variant!(Decl, output, input, walk, Class Fn Var Using TsInterface TsTypeAlias TsEnum TsModule)
}

impl Alike for ClassExpr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { ident, class } = self;
        if let (Some(output), Some(input)) = (ident, &input.ident) {
            walk.bind(output, input);
        }
        ident.alike(&input.ident, walk)?;
        class.alike(&input.class, walk)
    }
}

impl Alike for TsModuleBlock {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, body } = self;
        walk.with(|walk| &mut walk.completion_seen, false, |walk| body.alike(&input.body, walk))
    }
}

impl Alike for StaticBlock {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, body } = self;
        let statements = |walk: &mut Walk<'_>| body.alike(&input.body, walk);
        walk.with(
            |walk| &mut walk.completion_seen,
            false,
            |walk| walk.with(|walk| &mut walk.is_inside, true, statements),
        )
    }
}

/// Types hold no code: swc's own comparison, and what it passes over.
macro_rules! types {
    ($($name:ident)*) => { $(
        impl Alike for $name {
            fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
                let is_alike = self.eq_ignore_span(input) && Spelling::of(self) == Spelling::of(input);
                if is_alike { Ok(()) } else { Err(walk.differs(stringify!($name), self.span(), input.span())) }
            }
        }
    )* };
}

types! {
    TsType TsTypeAnn TsTypeParamDecl TsTypeParamInstantiation TsInterfaceDecl TsTypeAliasDecl TsIndexSignature
    TsThisParam TsExprWithTypeArgs TsImportEqualsDecl TsNamespaceExportDecl
}

/// How literals are written and which names are optional: of no account to `EqIgnoreSpan`.
#[derive(PartialEq, Default)]
struct Spelling {
    literals: Vec<Option<Atom>>,
    optional: Vec<bool>,
}

impl Spelling {
    fn of(node: &impl VisitWith<Self>) -> Self {
        let mut spelling = Self::default();
        node.visit_with(&mut spelling);
        spelling
    }
}

impl Visit for Spelling {
    fn visit_ident(&mut self, ident: &Ident) {
        self.optional.push(ident.optional);
    }

    fn visit_str(&mut self, literal: &Str) {
        self.literals.push(literal.raw.clone());
    }

    fn visit_number(&mut self, literal: &Number) {
        self.literals.push(literal.raw.clone());
    }

    fn visit_big_int(&mut self, literal: &BigInt) {
        self.literals.push(literal.raw.clone());
    }
}
