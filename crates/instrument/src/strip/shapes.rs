//! What the values of a type look like: of which primitive types they are, and how many types of objects.

use rustc_hash::FxHashMap;
use swc_core::ecma::ast::{
    Id, TsConditionalType, TsEntityName, TsIntersectionType, TsKeywordTypeKind, TsLit, TsType, TsTypeElement,
    TsTypeOperatorOp, TsTypeRef, TsUnionOrIntersectionType,
};

use crate::strip::NullChecks;
use crate::strip::types::{DeclaredType, Kind, Types};

pub(super) const NUMBER: u16 = 1;
pub(super) const STRING: u16 = 1 << 1;
const BOOLEAN: u16 = 1 << 2;
const BIG_INT: u16 = 1 << 3;
const SYMBOL: u16 = 1 << 4;
const NULL: u16 = 1 << 5;
const UNDEFINED: u16 = 1 << 6;
const VOID: u16 = 1 << 7;
const FUNCTION: u16 = 1 << 8;
const ARRAY: u16 = 1 << 9;

const OBJECTS: u16 = FUNCTION | ARRAY;

/// How deep types are followed that speak of one another.
const DEPTH: usize = 32;

/// How many types are looked at for one name; a few lines can speak of each other in more ways than time allows.
pub(super) const STEPS: usize = 10_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// One of these, and nothing else.
    Of(u16),
    /// An object, or more than one type of functions or arrays, or anything.
    Other,
    /// It is not declared here.
    Unknown,
}

impl Shape {
    pub(super) const NEVER: Self = Self::Of(0);

    pub(super) const fn of(flags: u16) -> Self {
        Self::Of(flags)
    }

    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Of(left), Self::Of(right)) if left & right & OBJECTS == 0 => Self::Of(left | right),
            _ => Self::Other,
        }
    }

    /// A primitive type with a brand is what it was.
    fn and(self, other: Self) -> Self {
        let primitive = |shape: Self| match shape {
            Self::Of(flags) if flags & OBJECTS == 0 => Some(flags),
            _ => None,
        };
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => match (primitive(self), primitive(other)) {
                (Some(left), Some(right)) => Self::Of(left & right),
                (Some(flags), None) | (None, Some(flags)) => Self::Of(flags),
                (None, None) => Self::Other,
            },
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Unknown => Kind::Unknown,
            Self::Of(flags) if flags & !(UNDEFINED | VOID) == 0 || flags == NULL => Kind::Void,
            Self::Of(BOOLEAN) => Kind::Global("Boolean"),
            Self::Of(NUMBER) => Kind::Global("Number"),
            Self::Of(BIG_INT) => Kind::Global("BigInt"),
            Self::Of(STRING) => Kind::Global("String"),
            Self::Of(SYMBOL) => Kind::Global("Symbol"),
            Self::Of(FUNCTION) => Kind::Global("Function"),
            Self::Of(ARRAY) => Kind::Global("Array"),
            Self::Of(_) | Self::Other => Kind::Global("Object"),
        }
    }
}

/// What the type parameters around a type are given.
type Given = FxHashMap<Id, Shape>;

impl Types {
    pub(super) fn shape_of_name(&self, entity: &TsEntityName) -> Shape {
        self.steps.set(STEPS);
        // Its own parameters are given nothing.
        self.of_entity(entity, &[], DEPTH)
    }

    fn of_entity(&self, entity: &TsEntityName, given: &[Shape], depth: usize) -> Shape {
        let Some(declared) = self.find(entity) else { return Shape::Unknown };
        if declared.is_class() {
            return Shape::Other;
        }
        match &declared.ty {
            None => Shape::Unknown,
            Some(_) if depth == 0 => Shape::Other,
            Some(DeclaredType::Enum(shape)) => *shape,
            Some(DeclaredType::Interface { is_callable, bases }) => {
                if self.is_callable(*is_callable, bases, depth) {
                    Shape::Of(FUNCTION)
                } else {
                    Shape::Other
                }
            }
            Some(DeclaredType::Alias { params, ty }) => {
                let given = params.iter().cloned().zip(given.iter().copied()).collect();
                self.shape(ty, &given, depth - 1)
            }
            Some(DeclaredType::Parameter(constraint)) => match constraint {
                Some(constraint) => match self.shape(constraint, &Given::default(), depth - 1) {
                    primitive @ Shape::Of(flags) if flags & OBJECTS == 0 => primitive,
                    _ => Shape::Other,
                },
                None => Shape::Other,
            },
        }
    }

    fn shape(&self, ty: &TsType, given: &Given, depth: usize) -> Shape {
        if depth == 0 || !self.takes_step() {
            return Shape::Other;
        }
        let inner = |ty: &TsType| self.shape(ty, given, depth - 1);
        match ty {
            TsType::TsParenthesizedType(n) => inner(&n.type_ann),
            TsType::TsKeywordType(n) => of_keyword(n.kind),
            TsType::TsLitType(n) => of_literal(&n.lit),
            TsType::TsFnOrConstructorType(n) => {
                if n.is_ts_fn_type() {
                    Shape::Of(FUNCTION)
                } else {
                    Shape::Other
                }
            }
            TsType::TsTypeLit(n) => {
                let is_callable = n.members.iter().any(|member| member.is_ts_call_signature_decl());
                if is_callable { Shape::Of(FUNCTION) } else { Shape::Other }
            }
            TsType::TsArrayType(_) | TsType::TsTupleType(_) => Shape::Of(ARRAY),
            TsType::TsTypeOperator(n) => match n.op {
                TsTypeOperatorOp::ReadOnly => inner(&n.type_ann),
                TsTypeOperatorOp::Unique => Shape::Of(SYMBOL),
                TsTypeOperatorOp::KeyOf => self.keys(&n.type_ann),
            },
            TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsUnionType(n)) => {
                let shapes = n.types.iter().map(|ty| inner(ty));
                self.without_null(shapes.fold(Shape::NEVER, Shape::or))
            }
            TsType::TsUnionOrIntersectionType(TsUnionOrIntersectionType::TsIntersectionType(n)) => {
                let TsIntersectionType { types, .. } = n;
                types.iter().map(|ty| inner(ty)).reduce(Shape::and).unwrap_or(Shape::Other)
            }
            // Which of the two only the checker knows; where both are one kind, it is that.
            TsType::TsConditionalType(TsConditionalType { true_type, false_type, .. }) => {
                inner(true_type).or(inner(false_type))
            }
            TsType::TsTypeRef(TsTypeRef { type_name, type_params, .. }) => {
                if let TsEntityName::Ident(name) = type_name
                    && let Some(shape) = given.get(&name.to_id())
                {
                    return *shape;
                }
                let arguments: Vec<_> =
                    type_params.iter().flat_map(|list| &list.params).map(|argument| inner(argument)).collect();
                self.of_entity(type_name, &arguments, depth - 1)
            }
            _ => Shape::Other,
        }
    }

    /// `null` and `undefined` are in every type where TypeScript does not check for them.
    fn without_null(&self, shape: Shape) -> Shape {
        match shape {
            Shape::Of(flags) if self.nulls == NullChecks::Loose => Shape::Of(flags & !(NULL | UNDEFINED)),
            shape => shape,
        }
    }

    /// `keyof { a: string }`
    fn keys(&self, ty: &TsType) -> Shape {
        match ty {
            TsType::TsParenthesizedType(n) => self.keys(&n.type_ann),
            TsType::TsTypeLit(n) => {
                let is_named = n.members.iter().all(|member| match member {
                    TsTypeElement::TsPropertySignature(n) => !n.computed && n.key.is_ident(),
                    TsTypeElement::TsMethodSignature(n) => !n.computed && n.key.is_ident(),
                    _ => false,
                });
                if is_named && !n.members.is_empty() { Shape::Of(STRING) } else { Shape::Other }
            }
            _ => Shape::Other,
        }
    }
}

pub(super) fn of_literal(literal: &TsLit) -> Shape {
    Shape::Of(match literal {
        TsLit::Number(_) => NUMBER,
        TsLit::Str(_) | TsLit::Tpl(_) => STRING,
        TsLit::Bool(_) => BOOLEAN,
        TsLit::BigInt(_) => BIG_INT,
    })
}

pub(super) fn of_keyword(kind: TsKeywordTypeKind) -> Shape {
    Shape::Of(match kind {
        TsKeywordTypeKind::TsNumberKeyword => NUMBER,
        TsKeywordTypeKind::TsBooleanKeyword => BOOLEAN,
        TsKeywordTypeKind::TsBigIntKeyword => BIG_INT,
        TsKeywordTypeKind::TsStringKeyword => STRING,
        TsKeywordTypeKind::TsSymbolKeyword => SYMBOL,
        TsKeywordTypeKind::TsNullKeyword => NULL,
        TsKeywordTypeKind::TsUndefinedKeyword => UNDEFINED,
        TsKeywordTypeKind::TsVoidKeyword => VOID,
        TsKeywordTypeKind::TsNeverKeyword => 0,
        TsKeywordTypeKind::TsAnyKeyword
        | TsKeywordTypeKind::TsUnknownKeyword
        | TsKeywordTypeKind::TsObjectKeyword
        | TsKeywordTypeKind::TsIntrinsicKeyword => return Shape::Other,
    })
}
