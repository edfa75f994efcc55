//! What the names of types stand for when the program runs, as far as one file tells.
//!
//! TypeScript asks its checker; here the file's own declarations answer, and what comes from elsewhere is unknown,
//! as it is to TypeScript when it reads one file alone. Source: `getTypeReferenceSerializationKind` of TypeScript 5.9.

use std::cell::Cell;

use rustc_hash::FxHashMap;
use swc_core::ecma::ast::{
    Class, ClassDecl, DefaultDecl, Expr, Id, Ident, ImportDecl, ImportSpecifier, Pat, Program, TsEntityName,
    TsEnumDecl, TsImportEqualsDecl, TsInterfaceDecl, TsModuleRef, TsType, TsTypeAliasDecl, TsTypeElement,
    TsTypeParamDecl, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith};

use crate::strip::NullChecks;
use crate::strip::enums::{Enums, name_of};
use crate::strip::shapes::{NUMBER, STEPS, STRING, Shape};
use crate::strip::spaces::{Space, Spaces};

/// What a name stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A value that constructs what the type describes.
    Class,
    /// A type whose values are made by the global of this name.
    Global(&'static str),
    /// A type without values, or of `null` and `undefined` only.
    Void,
    /// Maybe a class.
    Unknown,
}

/// The types that a program declares.
pub(super) struct Types {
    declared: FxHashMap<Space, Declared>,
    spaces: Spaces,
    pub(super) nulls: NullChecks,
    /// What is left of them for the name that is asked for.
    pub(super) steps: Cell<usize>,
}

/// All that is declared by one name.
#[derive(Default)]
pub(super) struct Declared {
    is_class: bool,
    /// A variable that may hold a class.
    is_variable: bool,
    /// An import, and whether it is of types only.
    import: Option<bool>,
    pub(super) ty: Option<DeclaredType>,
}

pub(super) enum DeclaredType {
    /// Of an enum or one of its members.
    Enum(Shape),
    Interface {
        is_callable: bool,
        bases: Vec<Space>,
    },
    Alias {
        params: Vec<Id>,
        ty: Box<TsType>,
    },
    /// A type parameter, and its constraint.
    Parameter(Option<Box<TsType>>),
}

impl Types {
    /// Of `program`, which is resolved; `enums` are evaluated.
    pub(super) fn of(program: &Program, enums: &Enums, nulls: NullChecks) -> Self {
        let types =
            Self { declared: FxHashMap::default(), spaces: Spaces::of(program), nulls, steps: Cell::new(STEPS) };
        let mut declarations = Declarations { types, enums };
        program.visit_with(&mut declarations);
        declarations.types
    }

    /// What `entity` stands for.
    pub(super) fn kind(&self, entity: &TsEntityName) -> Kind {
        let Some(declared) = self.find(entity) else {
            return match self.declared.get(&self.spaces.of_name(root_of(entity))) {
                Some(Declared { import: Some(true), .. }) => Kind::Global("Object"),
                _ => Kind::Unknown,
            };
        };
        if declared.is_class {
            return Kind::Class;
        }
        match declared.import {
            Some(true) => return Kind::Global("Object"),
            Some(false) => return Kind::Unknown,
            None if declared.is_variable => return Kind::Unknown,
            None => {}
        }
        match declared.ty {
            Some(_) => self.shape_of_name(entity).kind(),
            None => Kind::Unknown,
        }
    }

    pub(super) fn find(&self, entity: &TsEntityName) -> Option<&Declared> {
        self.declared.get(&self.spaces.of_entity(entity))
    }

    pub(super) fn takes_step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// Whether values of an interface can be called.
    pub(super) fn is_callable(&self, is_callable: bool, bases: &[Space], depth: usize) -> bool {
        let of_base = |base: &Space| match self.declared.get(base).and_then(|declared| declared.ty.as_ref()) {
            Some(DeclaredType::Interface { is_callable, bases }) => self.is_callable(*is_callable, bases, depth - 1),
            _ => false,
        };
        is_callable || depth > 0 && self.takes_step() && bases.iter().any(of_base)
    }
}

impl Declared {
    pub(super) fn is_class(&self) -> bool {
        self.is_class
    }
}

fn root_of(entity: &TsEntityName) -> &Ident {
    match entity {
        TsEntityName::Ident(name) => name,
        TsEntityName::TsQualifiedName(path) => root_of(&path.left),
    }
}

struct Declarations<'a> {
    types: Types,
    enums: &'a Enums,
}

impl Declarations<'_> {
    fn declared(&mut self, name: &Ident) -> &mut Declared {
        let space = self.types.spaces.of_name(name);
        self.types.declared.entry(space).or_default()
    }

    fn parameters(&mut self, parameters: Option<&TsTypeParamDecl>) {
        for parameter in parameters.iter().flat_map(|list| &list.params) {
            self.declared(&parameter.name).ty = Some(DeclaredType::Parameter(parameter.constraint.clone()));
        }
    }
}

impl Visit for Declarations<'_> {
    fn visit_class_decl(&mut self, n: &ClassDecl) {
        self.declared(&n.ident).is_class = true;
        n.visit_children_with(self);
    }

    fn visit_default_decl(&mut self, n: &DefaultDecl) {
        if let DefaultDecl::Class(class) = n
            && let Some(name) = &class.ident
        {
            self.declared(name).is_class = true;
        }
        n.visit_children_with(self);
    }

    fn visit_var_declarator(&mut self, n: &VarDeclarator) {
        let is_function = matches!(n.init.as_deref(), Some(Expr::Arrow(_) | Expr::Fn(_)));
        if let (Pat::Ident(name), false) = (&n.name, is_function) {
            self.declared(&name.id).is_variable = true;
        }
        n.visit_children_with(self);
    }

    fn visit_import_decl(&mut self, n: &ImportDecl) {
        for specifier in &n.specifiers {
            let is_type = match specifier {
                ImportSpecifier::Named(named) => named.is_type_only,
                ImportSpecifier::Default(_) | ImportSpecifier::Namespace(_) => false,
            };
            self.declared(specifier.local()).import = Some(n.type_only || is_type);
        }
    }

    fn visit_ts_import_equals_decl(&mut self, n: &TsImportEqualsDecl) {
        if let TsModuleRef::TsExternalModuleRef(_) = n.module_ref {
            self.declared(&n.id).import = Some(n.is_type_only);
        }
    }

    fn visit_ts_interface_decl(&mut self, n: &TsInterfaceDecl) {
        let calls = n.body.body.iter().any(|member| matches!(member, TsTypeElement::TsCallSignatureDecl(_)));
        let extended: Vec<_> = n.extends.iter().filter_map(|base| self.types.spaces.of_path(&base.expr)).collect();
        let ty = &mut self.declared(&n.id).ty;
        match ty {
            Some(DeclaredType::Interface { is_callable, bases }) => {
                *is_callable |= calls;
                bases.extend(extended);
            }
            _ => *ty = Some(DeclaredType::Interface { is_callable: calls, bases: extended }),
        }
        n.visit_children_with(self);
    }

    fn visit_ts_type_alias_decl(&mut self, n: &TsTypeAliasDecl) {
        self.parameters(n.type_params.as_deref());
        let params = n.type_params.iter().flat_map(|params| &params.params).map(|param| param.name.to_id()).collect();
        self.declared(&n.id).ty = Some(DeclaredType::Alias { params, ty: n.type_ann.clone() });
        n.visit_children_with(self);
    }

    /// Those of a method mean nothing around it.
    fn visit_class(&mut self, n: &Class) {
        self.parameters(n.type_params.as_deref());
        n.visit_children_with(self);
    }

    fn visit_ts_enum_decl(&mut self, n: &TsEnumDecl) {
        let space = self.types.spaces.of_name(&n.id);
        let mut all = Shape::NEVER;
        for member in &n.members {
            // One without a name that can be written is not spoken of.
            let Some(name) = name_of(&member.id) else { continue };
            let place = space.member(&name);
            let shape = Shape::of(if self.enums.is_string(&place) { STRING } else { NUMBER });
            all = all.or(shape);
            self.types.declared.entry(place).or_default().ty = Some(DeclaredType::Enum(shape));
        }
        let ty = &mut self.types.declared.entry(space).or_default().ty;
        *ty = Some(DeclaredType::Enum(match ty {
            Some(DeclaredType::Enum(before)) => before.or(all),
            _ if n.members.is_empty() => Shape::of(NUMBER),
            _ => all,
        }));
        n.visit_children_with(self);
    }
}
