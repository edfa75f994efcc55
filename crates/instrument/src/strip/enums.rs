//! Enums: their members' values, as TypeScript computes them, and their names where initializers use them bare.
//!
//! swc knows the members of one block of a merged enum only, and computes values by rules of its own. Here every
//! constant initializer becomes a literal, and every other one says whether it is a string: those have no reverse
//! mapping. Source: `createEvaluator` of TypeScript 5.9.

mod constants;

use rustc_hash::{FxHashMap, FxHashSet};
use swc_core::common::{DUMMY_SP, SyntaxContext};
use swc_core::ecma::ast::{
    AssignExpr, AssignOp, AssignTarget, CallExpr, Callee, ComputedPropName, Expr, Id, Ident, MemberExpr, MemberProp,
    OptChainBase, Pat, Program, SimpleAssignTarget, TsEnumDecl, TsEnumMemberId, TsModuleDecl, UpdateExpr, VarDecl,
    VarDeclKind,
};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::utils::{ExprFactory, collect_decls};
use swc_core::ecma::visit::{Visit, VisitMut, VisitMutWith, VisitWith, noop_visit_mut_type, noop_visit_type};

use crate::strip::enums::constants::{Constant, Evaluated};
use crate::strip::references::{Members, References};
use crate::strip::spaces::{Space, Spaces};

/// The enums of a program that is resolved.
#[derive(Default)]
pub(super) struct Enums {
    /// The members of each, over all its parts.
    members: FxHashMap<Space, FxHashSet<Atom>>,
    /// Values of members, and of constants that name one.
    values: FxHashMap<Space, Value>,
    spaces: Spaces,
    unresolved: SyntaxContext,
}

struct Value {
    evaluated: Evaluated,
    of: Of,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Variable,
    Member,
    /// It stands for every use: the enum is not there when the program runs.
    ConstantMember,
}

impl Enums {
    pub(super) fn of(program: &Program, unresolved: SyntaxContext) -> Self {
        let mut found = Names(Vec::new());
        program.visit_with(&mut found);
        if found.0.is_empty() {
            return Self::default();
        }
        let mut enums = Self { spaces: Spaces::of(program), unresolved, ..Self::default() };
        for (name, members) in found.0 {
            enums.members.entry(enums.spaces.of_name(&name)).or_default().extend(members);
        }
        enums
    }

    /// Whether a member, after [`Self::evaluate`], is a string.
    pub(super) fn is_string(&self, member: &Space) -> bool {
        self.values.get(member).is_some_and(|value| value.evaluated.is_string)
    }

    /// Spells out the members that initializers of `program` use by their bare names.
    pub(super) fn spell_out_members(&self, program: &mut Program) {
        if !self.members.is_empty() {
            program.visit_mut_with(&mut Spelling(self));
        }
    }

    /// Gives every member its value, and every use of a constant enum's.
    pub(super) fn evaluate(&mut self, program: &mut Program) {
        if self.members.is_empty() {
            return;
        }
        program.visit_mut_with(&mut Evaluation { enums: self, is_ambient: false });
        if self.values.values().any(|value| value.of == Of::ConstantMember) {
            program.visit_mut_with(&mut Uses(self));
        }
    }

    /// Makes of `program`, whose enums are objects now, what `evaluate` said of the values that it could not compute.
    pub(super) fn settle(&self, program: &mut Program) {
        if !self.members.is_empty() {
            program.visit_mut_with(&mut Settling);
        }
    }

    fn constant_of_use(&self, n: &MemberExpr) -> Option<&Constant> {
        let space = self.spaces.of_member(n)?;
        self.values.get(&space).filter(|value| value.of == Of::ConstantMember)?.evaluated.value.as_ref()
    }
}

/// The enums' names and their members'.
struct Names(Vec<(Ident, Vec<Atom>)>);

impl Visit for Names {
    noop_visit_type!();

    fn visit_ts_enum_decl(&mut self, n: &TsEnumDecl) {
        self.0.push((n.id.clone(), n.members.iter().filter_map(|member| name_of(&member.id)).collect()));
        n.visit_children_with(self);
    }
}

pub(super) fn name_of(member: &TsEnumMemberId) -> Option<Atom> {
    match member {
        TsEnumMemberId::Ident(name) => Some(name.sym.clone()),
        TsEnumMemberId::Str(name) => name.value.as_atom().cloned(),
    }
}

struct Spelling<'a>(&'a Enums);

impl VisitMut for Spelling<'_> {
    noop_visit_mut_type!();

    fn visit_mut_ts_enum_decl(&mut self, n: &mut TsEnumDecl) {
        n.visit_mut_children_with(self);
        let Some(names) = self.0.members.get(&self.0.spaces.of_name(&n.id)) else { return };
        for value in n.members.iter_mut().filter_map(|member| member.init.as_mut()) {
            let bound: FxHashSet<Id> = collect_decls(value);
            let is_outside = |ident: &Ident| !bound.contains(&ident.to_id());
            value.visit_mut_with(&mut References::new(Members { owner: &n.id, names, is_outside }));
        }
    }
}

/// In the order of the text: what comes later has no value yet.
struct Evaluation<'a> {
    enums: &'a mut Enums,
    /// In what is only declared.
    is_ambient: bool,
}

impl VisitMut for Evaluation<'_> {
    noop_visit_mut_type!();

    fn visit_mut_ts_module_decl(&mut self, n: &mut TsModuleDecl) {
        let is_ambient = self.is_ambient || n.declare;
        let outer = std::mem::replace(&mut self.is_ambient, is_ambient);
        n.visit_mut_children_with(self);
        self.is_ambient = outer;
    }

    fn visit_mut_var_decl(&mut self, n: &mut VarDecl) {
        n.visit_mut_children_with(self);
        if n.kind != VarDeclKind::Const {
            return;
        }
        for declarator in &n.decls {
            if let (Pat::Ident(name), Some(value)) = (&declarator.name, &declarator.init)
                && name.type_ann.is_none()
            {
                let evaluated = self.enums.evaluate_one(value);
                if evaluated.value.is_some() {
                    let space = self.enums.spaces.of_name(&name.id);
                    self.enums.values.insert(space, Value { evaluated, of: Of::Variable });
                }
            }
        }
    }

    fn visit_mut_ts_enum_decl(&mut self, n: &mut TsEnumDecl) {
        n.visit_mut_children_with(self);
        let space = self.enums.spaces.of_name(&n.id);
        let of = if n.is_const { Of::ConstantMember } else { Of::Member };
        let is_unknown = (n.declare || self.is_ambient) && !n.is_const;
        let mut next = Some(0.0);
        for member in &mut n.members {
            let evaluated = match &member.init {
                Some(value) => self.enums.evaluate_one(value),
                None => Evaluated::number(next.filter(|_| !is_unknown)),
            };
            next = evaluated.as_number().map(|number| number + 1.0);
            let value = match (&evaluated.value, member.init.take()) {
                (Some(constant), _) => Box::new(constant.expr()),
                (None, Some(value)) => marked(if evaluated.is_string { STRING } else { OTHER }, value),
                (None, None) => marked(OTHER, Expr::undefined(DUMMY_SP)),
            };
            member.init = Some(value);
            if let Some(name) = name_of(&member.id) {
                self.enums.values.insert(space.member(&name), Value { evaluated, of });
            }
        }
    }
}

struct Uses<'a>(&'a Enums);

impl VisitMut for Uses<'_> {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        let member = match n {
            Expr::Member(member) => Some(&*member),
            Expr::OptChain(chain) => match &*chain.base {
                OptChainBase::Member(member) => Some(member),
                OptChainBase::Call(_) => None,
            },
            _ => None,
        };
        match member.and_then(|member| self.0.constant_of_use(member)) {
            Some(constant) => *n = constant.expr(),
            None => n.visit_mut_children_with(self),
        }
    }

    /// No value can stand there.
    fn visit_mut_update_expr(&mut self, _: &mut UpdateExpr) {}
}

/// Callees that no program has; they stand around initializers that are no constants, to which swc does nothing.
const STRING: &str = "#string";
const OTHER: &str = "#value";

fn marked(mark: &str, value: Box<Expr>) -> Box<Expr> {
    Ident::new_no_ctxt(mark.into(), DUMMY_SP).as_call(DUMMY_SP, vec![value.into()]).into()
}

fn take_marked(n: &mut Expr, mark: &str) -> Option<Box<Expr>> {
    let Expr::Call(CallExpr { callee: Callee::Expr(callee), args, .. }) = n else { return None };
    let is_marked = matches!(&**callee, Expr::Ident(name) if name.sym == *mark);
    if is_marked { args.pop().map(|arg| arg.expr) } else { None }
}

/// Turns `E[E["a"] = #string(value)] = "a"` into `E["a"] = value`, and `#value(value)` into `value`.
struct Settling;

impl VisitMut for Settling {
    noop_visit_mut_type!();

    fn visit_mut_expr(&mut self, n: &mut Expr) {
        if let Expr::Assign(AssignExpr {
            op: AssignOp::Assign,
            left: AssignTarget::Simple(SimpleAssignTarget::Member(MemberExpr { prop: MemberProp::Computed(key), .. })),
            ..
        }) = n
            && let ComputedPropName { expr: inner, .. } = key
            && let Expr::Assign(assign) = &mut **inner
            && let Some(value) = take_marked(&mut assign.right, STRING)
        {
            assign.right = value;
            let inner = std::mem::take(inner);
            *n = *inner;
        }
        if let Some(value) = take_marked(n, OTHER) {
            *n = *value;
        }
        n.visit_mut_children_with(self);
    }
}
