//! The nodes that hints speak of: the outermost one that starts at a token, and the branches of an `if`.

use swc_core::common::{Span, Spanned};
use swc_core::ecma::ast::{
    CatchClause, ClassDecl, ClassMember, Decl, Decorator, DefaultDecl, Expr, ExprOrSpread, IfStmt, JSXAttrOrSpread,
    JSXElementChild, Key, ModuleItem, ObjectPatProp, Param, ParamOrTsParamProp, Pat, Program, PropOrSpread, Stmt,
    SwitchCase, TryStmt, TsEnumMember, VarDeclarator,
};
use swc_core::ecma::visit::{Visit, VisitWith, noop_visit_type};

use crate::hint::Found;
use crate::hint::spelling::Branch;
use crate::parse::range_of;

/// A read-only visitor. The parser's own attachment of comments is of no use here: it hangs a comment on a token,
/// and several nodes begin at one.
pub(super) struct Outermost<'a> {
    /// Offsets of tokens; sorted.
    starts: Vec<u32>,
    /// Offsets of `if`s, and which branch; sorted.
    branches: Vec<(u32, Branch)>,
    found: &'a mut Found,
}

impl<'a> Outermost<'a> {
    pub(super) fn find(
        program: &Program,
        mut starts: Vec<u32>,
        mut branches: Vec<(u32, Branch)>,
        found: &'a mut Found,
    ) {
        starts.sort_unstable();
        branches.sort_unstable();
        program.visit_with(&mut Outermost { starts, branches, found });
    }

    /// Takes a node that starts at a hinted token. The first one asked is the outermost, and nothing in it needs
    /// to be asked again.
    fn takes(&mut self, span: Span) -> bool {
        let (start, end) = offsets(span);
        let takes = self.starts.binary_search(&start).is_ok();
        if takes {
            self.found.ranges.push((start, end));
        }
        takes
    }

    /// The same for what may have decorators and modifiers, between which a hint may stand too. `name` is where
    /// its name begins.
    fn takes_declaration(&mut self, span: Span, decorators: &[Decorator], name: Option<Span>) -> bool {
        let whole = decorators.first().map_or(span, |first| span.with_lo(first.span.lo.min(span.lo)));
        if self.takes(whole) {
            return true;
        }
        let head = decorators.last().map_or(span.lo, |last| last.span.hi);
        let takes = name.is_some_and(|name| self.has_start(offsets(Span::new(head, name.lo.max(head)))));
        if takes {
            self.found.ranges.push(offsets(whole));
        }
        takes
    }

    /// Whether a hint stands between two parts of a construct, before a keyword that starts no node. The range
    /// holds its end, where the second part starts.
    fn has_start(&self, (start, end): (u32, u32)) -> bool {
        let at = self.starts.partition_point(|known| *known < start);
        self.starts.get(at).is_some_and(|known| *known <= end)
    }

    /// Whether there is nothing to look for in this range.
    fn is_bare(&self, span: Span) -> bool {
        let (start, end) = offsets(span);
        let at = self.branches.partition_point(|(known, _)| *known < start);
        !self.has_start((start, end)) && self.branches.get(at).is_none_or(|(known, _)| *known > end)
    }

    /// Takes `second` if a hint stands before the keyword between `first` and it.
    fn takes_second(&mut self, first: Span, second: Span) {
        if self.has_start(offsets(Span::new(first.hi, second.lo))) {
            self.found.ranges.push(offsets(second.with_lo(first.hi)));
        }
    }
}

fn offsets(span: Span) -> (u32, u32) {
    let range = range_of(span);
    (range.start as u32, range.end as u32)
}

macro_rules! asked {
    ($($method:ident: $node:ty;)*) => {$(
        fn $method(&mut self, n: &$node) {
            if !self.takes(n.span()) {
                n.visit_children_with(self);
            }
        }
    )*};
}

impl Visit for Outermost<'_> {
    noop_visit_type!();

    asked! {
        visit_module_item: ModuleItem;
        visit_decl: Decl;
        visit_default_decl: DefaultDecl;
        visit_var_declarator: VarDeclarator;
        visit_switch_case: SwitchCase;
        visit_catch_clause: CatchClause;
        visit_ts_enum_member: TsEnumMember;
        visit_prop_or_spread: PropOrSpread;
        visit_expr_or_spread: ExprOrSpread;
        visit_param: Param;
        visit_param_or_ts_param_prop: ParamOrTsParamProp;
        visit_pat: Pat;
        visit_object_pat_prop: ObjectPatProp;
        visit_jsx_attr_or_spread: JSXAttrOrSpread;
        visit_jsx_element_child: JSXElementChild;
        visit_decorator: Decorator;
    }

    fn visit_stmt(&mut self, n: &Stmt) {
        // A class may begin before its span: at its decorators.
        if (matches!(n, Stmt::Decl(_)) || !self.is_bare(n.span())) && !self.takes(n.span()) {
            n.visit_children_with(self);
        }
    }

    fn visit_expr(&mut self, n: &Expr) {
        if (matches!(n, Expr::Class(_)) || !self.is_bare(n.span())) && !self.takes(n.span()) {
            n.visit_children_with(self);
        }
    }

    fn visit_if_stmt(&mut self, n: &IfStmt) {
        let start = offsets(n.span).0;
        if self.branches.binary_search(&(start, Branch::Then)).is_ok() {
            self.found.ranges.push(offsets(Span::new(n.test.span_hi(), n.cons.span_hi())));
        }
        let ignores_else = self.branches.binary_search(&(start, Branch::Else)).is_ok();
        match &n.alt {
            Some(alt) if ignores_else => self.found.ranges.push(offsets(Span::new(n.cons.span_hi(), alt.span_hi()))),
            Some(alt) => self.takes_second(n.cons.span(), alt.span()),
            None if ignores_else => self.found.missing_elses.push(start),
            None => {}
        }
        n.visit_children_with(self);
    }

    fn visit_try_stmt(&mut self, n: &TryStmt) {
        if let Some(finalizer) = &n.finalizer {
            let before = n.handler.as_ref().map_or(n.block.span, |handler| handler.span);
            self.takes_second(before, finalizer.span);
        }
        n.visit_children_with(self);
    }

    fn visit_class_decl(&mut self, n: &ClassDecl) {
        if !self.takes_declaration(n.class.span, &n.class.decorators, Some(n.ident.span)) {
            n.visit_children_with(self);
        }
    }

    fn visit_class_member(&mut self, n: &ClassMember) {
        let (decorators, name): (&[Decorator], _) = match n {
            ClassMember::Constructor(n) => (&[], Some(n.key.span())),
            ClassMember::Method(n) => (&n.function.decorators, Some(n.key.span())),
            ClassMember::PrivateMethod(n) => (&n.function.decorators, Some(n.key.span)),
            ClassMember::ClassProp(n) => (&n.decorators, Some(n.key.span())),
            ClassMember::PrivateProp(n) => (&n.decorators, Some(n.key.span)),
            ClassMember::AutoAccessor(n) => (&n.decorators, Some(key_span(&n.key))),
            ClassMember::TsIndexSignature(_) | ClassMember::Empty(_) | ClassMember::StaticBlock(_) => (&[], None),
        };
        if !self.takes_declaration(n.span(), decorators, name) {
            n.visit_children_with(self);
        }
    }
}

fn key_span(key: &Key) -> Span {
    match key {
        Key::Public(name) => name.span(),
        Key::Private(name) => name.span,
    }
}
