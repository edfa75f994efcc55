//! What TypeScript's `emitDecoratorMetadata` tells the program about the types of what legacy decorators stand on:
//! more decorators, behind those of the program.
//!
//! ```ts
//! @dec m(x: string): Foo {}
//! // @dec @_ts_metadata("design:type", Function) @_ts_metadata("design:paramtypes", [String])
//! // @_ts_metadata("design:returntype", typeof Foo === "function" ? Foo : Object)
//! ```
//!
//! Source: `createRuntimeTypeSerializer` of TypeScript 5.9.

use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    AutoAccessor, BinaryOp, CallExpr, Callee, Class, ClassDecl, ClassMember, ClassMethod, CondExpr, Constructor,
    Decorator, Expr, Function, Ident, Key, MethodKind, Param, ParamOrTsParamProp, Pat, Program, TsEntityName,
    TsKeywordTypeKind, TsParamPropParam, TsType, TsTypeAnn, TsTypeOperatorOp, TsUnionOrIntersectionType, UnaryExpr,
    UnaryOp,
};
use swc_core::ecma::transforms::base::enable_helper;
use swc_core::ecma::utils::ExprFactory;
use swc_core::ecma::visit::{VisitMut, VisitMutWith, noop_visit_mut_type};

use crate::strip::NullChecks;
use crate::strip::legacy::{array, helper, is_this};
use crate::strip::pairs::{Pairs, is_accessor};
use crate::strip::shapes::{self, Shape};
use crate::strip::types::{Kind, Types};

/// Adds its metadata to everything decorated in `program`, which is resolved and still has its types. Globals are
/// names of `outside`.
pub(super) fn add(program: &mut Program, types: &Types, outside: SyntaxContext) {
    program.visit_mut_with(&mut Metadata { types, outside });
}

const HELPER: &str = "_ts_metadata";

/// Whether a decorator is one of those that are added here.
pub(super) fn is_metadata(decorator: &Expr) -> bool {
    match decorator {
        Expr::Call(CallExpr { callee: Callee::Expr(callee), .. }) => {
            // The program's own names have a place.
            matches!(&**callee, Expr::Ident(name) if name.sym == *HELPER && name.span.is_dummy())
        }
        _ => false,
    }
}

struct Metadata<'a> {
    types: &'a Types,
    outside: SyntaxContext,
}

impl VisitMut for Metadata<'_> {
    noop_visit_mut_type!();

    fn visit_mut_class_decl(&mut self, n: &mut ClassDecl) {
        if !n.declare {
            n.visit_mut_children_with(self);
        }
    }

    fn visit_mut_class(&mut self, n: &mut Class) {
        n.visit_mut_children_with(self);
        self.describe_class(n);
        let pairs = Pairs::of(&n.body);
        for at in 0..n.body.len() {
            let added = self.of_member(&n.body, &pairs, at);
            match &mut n.body[at] {
                ClassMember::Method(n) => n.function.decorators.extend(added),
                ClassMember::ClassProp(n) => n.decorators.extend(added),
                ClassMember::AutoAccessor(n) => n.decorators.extend(added),
                _ => {}
            }
        }
    }
}

impl Metadata<'_> {
    fn describe_class(&self, n: &mut Class) {
        let constructor = n.body.iter().find_map(|member| match member {
            ClassMember::Constructor(constructor) if constructor.body.is_some() => Some(constructor),
            _ => None,
        });
        let Some(Constructor { params, .. }) = constructor else { return };
        let is_decorated = |param: &ParamOrTsParamProp| match param {
            ParamOrTsParamProp::Param(param) => !param.decorators.is_empty(),
            ParamOrTsParamProp::TsParamProp(param) => !param.decorators.is_empty(),
        };
        if n.decorators.is_empty() && !params.iter().any(is_decorated) {
            return;
        }
        let types = params.iter().map(|param| match param {
            ParamOrTsParamProp::Param(param) => self.of_parameter(&param.pat),
            ParamOrTsParamProp::TsParamProp(param) => match &param.param {
                TsParamPropParam::Ident(name) => self.of_annotation(name.type_ann.as_deref()),
                TsParamPropParam::Assign(assign) => self.of_parameter(&assign.left),
            },
        });
        let types = array(types.map(|ty| self.expr(ty)).collect());
        n.decorators.push(decorator("design:paramtypes", types));
    }

    fn of_member(&self, members: &[ClassMember], pairs: &Pairs, at: usize) -> Vec<Decorator> {
        match &members[at] {
            ClassMember::Method(n) if n.function.body.is_none() => Vec::new(),
            ClassMember::Method(n) if is_accessor(n) => {
                if pairs.decorated_of(members, at) != Some(at) {
                    return Vec::new();
                }
                let other = pairs.other_of(members, at).and_then(|other| members[other].as_method());
                let of_kind = |kind: MethodKind| [Some(n), other].into_iter().flatten().find(|n| n.kind == kind);
                let (getter, setter) = (of_kind(MethodKind::Getter), of_kind(MethodKind::Setter));
                let ty = self.of_annotation(accessor_type(getter, setter));
                // A getter is given what its setter takes.
                let params = match setter {
                    Some(setter) if n.kind == MethodKind::Getter => &setter.function.params,
                    _ => &n.function.params,
                };
                vec![decorator("design:type", self.expr(ty)), decorator("design:paramtypes", self.parameters(params))]
            }
            ClassMember::Method(n) => self.of_method(&n.function),
            ClassMember::ClassProp(n) if !n.decorators.is_empty() => {
                vec![decorator("design:type", self.expr(self.of_annotation(n.type_ann.as_deref())))]
            }
            ClassMember::AutoAccessor(AutoAccessor { key: Key::Public(_), decorators, type_ann, .. })
                if !decorators.is_empty() =>
            {
                vec![decorator("design:type", self.expr(self.of_annotation(type_ann.as_deref())))]
            }
            _ => Vec::new(),
        }
    }

    fn of_method(&self, n: &Function) -> Vec<Decorator> {
        if n.decorators.is_empty() && n.params.iter().all(|param| param.decorators.is_empty()) {
            return Vec::new();
        }
        let returned = match &n.return_type {
            Some(annotation) => self.of_type(&annotation.type_ann, false),
            None if n.is_async && !n.is_generator => Serialized::Global("Promise"),
            None => Serialized::Void,
        };
        vec![
            decorator("design:type", self.global("Function")),
            decorator("design:paramtypes", self.parameters(&n.params)),
            decorator("design:returntype", self.expr(returned)),
        ]
    }

    fn parameters(&self, params: &[Param]) -> Expr {
        let own = params.iter().enumerate().filter(|(at, param)| *at > 0 || !is_this(param));
        array(own.map(|(_, param)| self.expr(self.of_parameter(&param.pat))).collect())
    }

    fn of_parameter(&self, pattern: &Pat) -> Serialized {
        match pattern {
            Pat::Ident(n) => self.of_annotation(n.type_ann.as_deref()),
            Pat::Array(n) => self.of_annotation(n.type_ann.as_deref()),
            Pat::Object(n) => self.of_annotation(n.type_ann.as_deref()),
            Pat::Assign(n) => self.of_parameter(&n.left),
            // What each of the rest is.
            Pat::Rest(n) => match n.type_ann.as_ref().map(|annotation| &*annotation.type_ann) {
                Some(TsType::TsArrayType(array)) => self.of_type(&array.elem_type, false),
                Some(TsType::TsTypeRef(list)) => match list.type_params.as_ref().map(|list| &*list.params) {
                    Some([element]) => self.of_type(element, false),
                    _ => Serialized::OBJECT,
                },
                _ => Serialized::OBJECT,
            },
            Pat::Invalid(_) | Pat::Expr(_) => Serialized::OBJECT,
        }
    }

    fn of_annotation(&self, annotation: Option<&TsTypeAnn>) -> Serialized {
        annotation.map_or(Serialized::OBJECT, |annotation| self.of_type(&annotation.type_ann, false))
    }

    /// What stands for a type. In a branch of a conditional type nothing is looked for when the program runs.
    fn of_type(&self, ty: &TsType, in_branch: bool) -> Serialized {
        match without_parentheses(ty) {
            TsType::TsKeywordType(n) => Serialized::of(shapes::of_keyword(n.kind)),
            TsType::TsFnOrConstructorType(_) => Serialized::Global("Function"),
            TsType::TsArrayType(_) | TsType::TsTupleType(_) => Serialized::Global("Array"),
            TsType::TsTypePredicate(n) if n.asserts => Serialized::Void,
            TsType::TsTypePredicate(_) => Serialized::Global("Boolean"),
            TsType::TsLitType(n) => Serialized::of(shapes::of_literal(&n.lit)),
            TsType::TsTypeRef(n) => match self.types.kind(&n.type_name) {
                Kind::Class => Serialized::Class(n.type_name.clone()),
                Kind::Global(name) => Serialized::Global(name),
                Kind::Void => Serialized::Void,
                Kind::Unknown if in_branch => Serialized::OBJECT,
                Kind::Unknown => Serialized::IfFunction(n.type_name.clone()),
            },
            TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsUnionType(n)) => {
                self.of_all(n.types.iter().map(|ty| &**ty), false, in_branch)
            }
            TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsIntersectionType(n)) => {
                self.of_all(n.types.iter().map(|ty| &**ty), true, in_branch)
            }
            TsType::TsConditionalType(n) => self.of_all([&*n.true_type, &*n.false_type].into_iter(), false, true),
            TsType::TsTypeOperator(n) if n.op == TsTypeOperatorOp::ReadOnly => self.of_type(&n.type_ann, in_branch),
            _ => Serialized::OBJECT,
        }
    }

    /// What stands for each of `types`, if that is one.
    fn of_all<'a>(
        &self,
        types: impl Iterator<Item = &'a TsType>,
        is_intersection: bool,
        in_branch: bool,
    ) -> Serialized {
        let mut common: Option<Serialized> = None;
        for ty in types.map(without_parentheses) {
            match keyword_of(ty) {
                Some(TsKeywordTypeKind::TsNeverKeyword) if is_intersection => return Serialized::Void,
                Some(TsKeywordTypeKind::TsNeverKeyword) => continue,
                Some(TsKeywordTypeKind::TsUnknownKeyword) if is_intersection => continue,
                Some(TsKeywordTypeKind::TsUnknownKeyword | TsKeywordTypeKind::TsAnyKeyword) => {
                    return Serialized::OBJECT;
                }
                Some(TsKeywordTypeKind::TsNullKeyword | TsKeywordTypeKind::TsUndefinedKeyword)
                    if self.types.nulls == NullChecks::Loose =>
                {
                    continue;
                }
                _ => {}
            }
            let serialized = self.of_type(ty, in_branch);
            let is_other = common.as_ref().is_some_and(|common| !common.equals(&serialized));
            if is_other || serialized.equals(&Serialized::OBJECT) {
                return Serialized::OBJECT;
            }
            common.get_or_insert(serialized);
        }
        common.unwrap_or(Serialized::Void)
    }

    fn global(&self, name: &str) -> Expr {
        Ident::new(name.into(), DUMMY_SP, self.outside).into()
    }

    fn expr(&self, serialized: Serialized) -> Expr {
        match serialized {
            Serialized::Void => *Expr::undefined(DUMMY_SP),
            Serialized::Global(name) => self.global(name),
            Serialized::Class(entity) => value_of(&entity),
            Serialized::IfFunction(entity) => Expr::Cond(CondExpr {
                span: DUMMY_SP,
                test: Box::new(is_function(&entity)),
                cons: Box::new(value_of(&entity)),
                alt: Box::new(self.global("Object")),
            }),
        }
    }
}

/// What stands for a type when the program runs.
enum Serialized {
    Void,
    Global(&'static str),
    Class(TsEntityName),
    /// What the name means then, or `Object`.
    IfFunction(TsEntityName),
}

impl Serialized {
    const OBJECT: Self = Self::Global("Object");

    /// Of a type that has no name.
    fn of(shape: Shape) -> Self {
        match shape.kind() {
            Kind::Global(name) => Self::Global(name),
            Kind::Void => Self::Void,
            Kind::Class | Kind::Unknown => Self::OBJECT,
        }
    }

    /// Whether both are spelled alike.
    fn equals(&self, other: &Self) -> bool {
        let spelled = |serialized: &Self| match serialized {
            Self::Void => None,
            Self::Global(name) => Some((true, (*name).to_owned())),
            Self::Class(entity) => Some((true, spelling(entity))),
            Self::IfFunction(entity) => Some((false, spelling(entity))),
        };
        spelled(self) == spelled(other)
    }
}

fn spelling(entity: &TsEntityName) -> String {
    match entity {
        TsEntityName::Ident(name) => name.sym.to_string(),
        TsEntityName::TsQualifiedName(path) => format!("{}.{}", spelling(&path.left), path.right.sym),
    }
}

fn value_of(entity: &TsEntityName) -> Expr {
    match entity {
        TsEntityName::Ident(name) => name.clone().into(),
        TsEntityName::TsQualifiedName(path) => value_of(&path.left).make_member(path.right.clone()).into(),
    }
}

/// `typeof a !== "undefined" && a.b !== void 0 && typeof a.b.c === "function"`
fn is_function(entity: &TsEntityName) -> Expr {
    let is_typed = type_of(value_of(entity)).make_bin(BinaryOp::EqEqEq, text("function"));
    match entity {
        TsEntityName::Ident(_) => is_typed,
        TsEntityName::TsQualifiedName(path) => is_there(&path.left).make_bin(BinaryOp::LogicalAnd, is_typed),
    }
}

fn is_there(entity: &TsEntityName) -> Expr {
    match entity {
        TsEntityName::Ident(_) => type_of(value_of(entity)).make_bin(BinaryOp::NotEqEq, text("undefined")),
        TsEntityName::TsQualifiedName(path) => {
            let is_defined = value_of(entity).make_bin(BinaryOp::NotEqEq, *Expr::undefined(DUMMY_SP));
            is_there(&path.left).make_bin(BinaryOp::LogicalAnd, is_defined)
        }
    }
}

fn type_of(value: Expr) -> Expr {
    Expr::Unary(UnaryExpr { span: DUMMY_SP, op: UnaryOp::TypeOf, arg: Box::new(value) })
}

fn text(value: &str) -> Expr {
    Expr::Lit(value.into())
}

fn decorator(key: &str, value: Expr) -> Decorator {
    let call = helper(HELPER, enable_helper!(ts_metadata), vec![text(key), value]);
    Decorator { span: DUMMY_SP, expr: Box::new(call) }
}

/// What the setter takes or else what the getter returns.
fn accessor_type<'a>(getter: Option<&'a ClassMethod>, setter: Option<&'a ClassMethod>) -> Option<&'a TsTypeAnn> {
    let taken = setter.and_then(|setter| {
        let value = setter.function.params.iter().find(|param| !is_this(param))?;
        match &value.pat {
            Pat::Ident(n) => n.type_ann.as_deref(),
            Pat::Array(n) => n.type_ann.as_deref(),
            Pat::Object(n) => n.type_ann.as_deref(),
            _ => None,
        }
    });
    taken.or_else(|| getter?.function.return_type.as_deref())
}

fn without_parentheses(ty: &TsType) -> &TsType {
    match ty {
        TsType::TsParenthesizedType(inner) => without_parentheses(&inner.type_ann),
        ty => ty,
    }
}

fn keyword_of(ty: &TsType) -> Option<TsKeywordTypeKind> {
    match ty {
        TsType::TsKeywordType(n) => Some(n.kind),
        _ => None,
    }
}
