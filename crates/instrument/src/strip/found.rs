//! What a program holds that no engine runs.

use swc_core::common::Span;
use swc_core::ecma::ast::{
    AutoAccessor, ClassExpr, ClassMember, ClassProp, Decorator, DefaultDecl, JSXElement, JSXFragment, Key, Param,
    PrivateMethod, PrivateProp, TsExportAssignment, TsExternalModuleRef, TsParamProp,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

/// What there is to strip.
#[derive(Default)]
pub(super) struct Found {
    /// JSX is not to be stripped.
    keeps_jsx: bool,
    pub(super) jsx: bool,
    pub(super) decorators: bool,
    pub(super) accessors: bool,
    /// `export =` or `import x = require()`, which become CommonJS.
    pub(super) common_js: bool,
    /// One that only the legacy proposal knows.
    pub(super) legacy_only: Option<Span>,
    /// One that only the standard knows, and on what it stands.
    pub(super) standard_only: Option<(Span, &'static str)>,
}

impl Found {
    /// Looks through `program`, whose JSX stays if `keeps_jsx`.
    pub(super) fn of(program: &impl VisitWith<Self>, keeps_jsx: bool) -> Self {
        let mut found = Self { keeps_jsx, ..Self::default() };
        program.visit_with(&mut found);
        found
    }

    pub(super) fn any(&self) -> bool {
        self.jsx || self.decorators || self.accessors
    }

    fn legacy(&mut self, decorators: &[Decorator]) {
        let first = decorators.first().map(|decorator| decorator.span);
        self.legacy_only = self.legacy_only.or(first);
    }

    fn standard(&mut self, decorators: &[Decorator], on: &'static str) {
        let first = decorators.first().map(|decorator| (decorator.span, on));
        self.standard_only = self.standard_only.or(first);
    }
}

const PRIVATE: &str = "a private member";
const EXPRESSION: &str = "a class that is an expression";

impl Visit for Found {
    noop_visit_type!();

    fn visit_class_expr(&mut self, n: &ClassExpr) {
        self.standard(&n.class.decorators, EXPRESSION);
        for member in &n.class.body {
            match member {
                ClassMember::Method(n) => self.standard(&n.function.decorators, EXPRESSION),
                ClassMember::ClassProp(n) => self.standard(&n.decorators, EXPRESSION),
                ClassMember::AutoAccessor(n) => self.standard(&n.decorators, EXPRESSION),
                _ => {}
            }
        }
        n.visit_children_with(self);
    }

    /// A class here is a declaration, in the tree's words an expression.
    fn visit_default_decl(&mut self, n: &DefaultDecl) {
        match n {
            DefaultDecl::Class(n) => n.class.visit_with(self),
            other => other.visit_children_with(self),
        }
    }

    fn visit_ts_export_assignment(&mut self, n: &TsExportAssignment) {
        self.common_js = true;
        n.visit_children_with(self);
    }

    fn visit_ts_external_module_ref(&mut self, _: &TsExternalModuleRef) {
        self.common_js = true;
    }

    fn visit_decorator(&mut self, n: &Decorator) {
        self.decorators = true;
        n.visit_children_with(self);
    }

    fn visit_auto_accessor(&mut self, n: &AutoAccessor) {
        self.accessors = true;
        if n.is_abstract {
            self.legacy(&n.decorators);
        }
        if let Key::Private(_) = n.key {
            self.standard(&n.decorators, PRIVATE);
        }
        n.visit_children_with(self);
    }

    fn visit_private_method(&mut self, n: &PrivateMethod) {
        self.standard(&n.function.decorators, PRIVATE);
        n.visit_children_with(self);
    }

    fn visit_private_prop(&mut self, n: &PrivateProp) {
        self.standard(&n.decorators, PRIVATE);
        n.visit_children_with(self);
    }

    fn visit_class_prop(&mut self, n: &ClassProp) {
        // There is no field that the standard's decorators could be given.
        if n.declare || n.is_abstract {
            self.legacy(&n.decorators);
        }
        n.visit_children_with(self);
    }

    fn visit_param(&mut self, n: &Param) {
        self.legacy(&n.decorators);
        n.visit_children_with(self);
    }

    fn visit_ts_param_prop(&mut self, n: &TsParamProp) {
        self.legacy(&n.decorators);
        n.visit_children_with(self);
    }

    fn visit_jsx_element(&mut self, n: &JSXElement) {
        self.jsx |= !self.keeps_jsx;
        n.visit_children_with(self);
    }

    fn visit_jsx_fragment(&mut self, n: &JSXFragment) {
        self.jsx |= !self.keeps_jsx;
        n.visit_children_with(self);
    }
}
