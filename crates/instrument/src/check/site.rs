//! Nodes with probes: the probe is taken out, and what is left must be the input's.

use pathlight_mapping::Site;
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::*;

use super::completion::{always_has_value, directives, has_directive, may_complete};
use super::error::CheckErrorKind;
use super::probe::{Form, is_anonymous_function, made_statement, named, probe};
use super::walk::{Alike, Finding, Made, Same, Sealed, Taken, Walk, each_alike, equal, same_variant};
use crate::parse::{FIRST, skip_trivia};

type Take<T> = Result<T, Box<Finding>>;

impl Alike for Expr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        if let Some(stray) = probe(self, walk) {
            return Err(walk.wrong(CheckErrorKind::StrayProbe(stray.id), self.span(), input.span()));
        }
        if let (Self::Paren(added), false) = (self, input.is_paren())
            && may_be_parenthesised(&added.expr)
        {
            return Expr::alike(&added.expr, input, walk);
        }
        same_variant!(Expr, self, input, walk,
            This Array Object Fn Unary Update Bin Assign Member SuperProp Cond Call New Seq Ident Lit Tpl TaggedTpl
            Arrow Class Yield MetaProp Await Paren JSXMember JSXNamespacedName JSXEmpty JSXElement JSXFragment
            TsTypeAssertion TsConstAssertion TsNonNull TsAs TsInstantiation TsSatisfies PrivateName OptChain Invalid)
    }
}

/// Whether parentheses around an expression mean nothing. They would end a directive and an optional chain, and
/// keep an assignment from naming a function only where they stand around its target, which is no expression.
fn may_be_parenthesised(expression: &Expr) -> bool {
    !matches!(expression, Expr::Lit(_) | Expr::OptChain(_) | Expr::Ident(_))
}

// Functions.

/// The parts of a function but its decorators and key; `counted` is the whole of it in the input.
fn function(output: &Function, input: &Function, counted: Span, walk: &mut Walk<'_>) -> Same {
    let Function {
        this_param,
        params,
        decorators: _,
        span: _,
        ctxt: _,
        body,
        is_generator,
        is_async,
        type_params,
        return_type,
    } = output;
    walk.enter(output.span, input.span);
    equal("generator", is_generator, &input.is_generator, walk)?;
    equal("async", is_async, &input.is_async, walk)?;
    let is_asm = input.body.as_ref().is_some_and(|body| has_directive(&body.stmts, "use asm"));
    in_function(walk, Site::Function, counted, is_asm, |walk| {
        type_params.alike(&input.type_params, walk)?;
        this_param.alike(&input.this_param, walk)?;
        params.alike(&input.params, walk)?;
        return_type.alike(&input.return_type, walk)?;
        optional_body(body.as_ref(), input.body.as_ref(), walk)
    })
}

/// Whether there is a body to be entered, and its probe.
enum Entered {
    No,
    Yes(Option<Taken>),
}

fn in_function(
    walk: &mut Walk<'_>,
    site: Site,
    counted: Span,
    is_asm: bool,
    parts: impl FnOnce(&mut Walk<'_>) -> Take<Entered>,
) -> Same {
    let this = walk.functions.len();
    walk.functions.push((walk.function, None));
    let sealed = walk.sealed.or(is_asm.then_some(Sealed::Asm));
    walk.with(
        |walk| &mut walk.sealed,
        sealed,
        |walk| {
            let entered = walk.with(
                |walk| &mut walk.completion_seen,
                false,
                |walk| walk.with(|walk| &mut walk.function, Some(this), parts),
            )?;
            if let Entered::Yes(probe) = entered {
                walk.functions[this].1 = walk.take_if(probe, site, counted.lo, counted)?;
            }
            Ok(())
        },
    )
}

fn optional_body(output: Option<&FunctionBody>, input: Option<&FunctionBody>, walk: &mut Walk<'_>) -> Take<Entered> {
    match (output, input) {
        (Some(output), Some(input)) => body(&output.stmts, &input.stmts, walk).map(Entered::Yes),
        (None, None) => Ok(Entered::No),
        _ => Err(walk.differs_here("body", output.is_some().to_string(), input.is_some().to_string())),
    }
}

/// Directives, the probe, the rest.
fn body(output: &[Stmt], input: &[Stmt], walk: &mut Walk<'_>) -> Take<Option<Taken>> {
    let mut first = directives(input).min(output.len());
    if walk.is_stripped {
        first +=
            input[first..].iter().zip(&output[first..]).take_while(|(_, made)| is_parameter_property(made)).count();
    }
    each_alike(&output[..first], &input[..first], walk)?;
    statements(&output[first..], &input[first..], walk)
}

/// `this.x = x`, which parameter properties become, before everything else in the body.
fn is_parameter_property(statement: &Stmt) -> bool {
    let Stmt::Expr(alone) = statement else { return false };
    let Expr::Assign(AssignExpr { left: AssignTarget::Simple(SimpleAssignTarget::Member(member)), right, .. }) =
        &*alone.expr
    else {
        return false;
    };
    member.obj.is_this()
        && matches!((&member.prop, &**right), (MemberProp::Ident(to), Expr::Ident(from)) if to.sym == from.sym)
}

/// The probe, if the output begins with one, and the rest.
fn statements(output: &[Stmt], input: &[Stmt], walk: &mut Walk<'_>) -> Take<Option<Taken>> {
    let (probe, rest) = first_probe(output, input, walk)?;
    each_alike(rest, input, walk)?;
    Ok(probe)
}

fn first_probe<'o>(output: &'o [Stmt], input: &[Stmt], walk: &mut Walk<'_>) -> Take<(Option<Taken>, &'o [Stmt])> {
    let Some((first, rest)) = output.split_first() else { return Ok((None, output)) };
    let Some((taken, form)) = made_statement(first, |expression| probe(expression, walk)) else {
        return Ok((None, output));
    };
    check_form(form, first.span(), input, walk)?;
    walk.made.push(Made::before(first.span()));
    Ok((Some(taken), rest))
}

/// A made statement is seen by `eval` and its like if no value follows it.
pub(super) fn check_form<'s>(
    form: Form,
    place: Span,
    rest: impl IntoIterator<Item = &'s Stmt>,
    walk: &Walk<'_>,
) -> Same {
    let kind = match form {
        Form::Plain if walk.completion_seen && !always_has_value(rest) => CheckErrorKind::CompletionValue,
        Form::Kept if !walk.completion_seen && !walk.is_stripped => CheckErrorKind::NeedlessForm,
        _ => return Ok(()),
    };
    Err(Box::new(Finding { kind, output: Some(place.lo), input: None }))
}

impl Alike for FnDecl {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { ident, declare, function: output } = self;
        walk.enter(self.span(), input.span());
        walk.bind(ident, &input.ident);
        equal("declare", declare, &input.declare, walk)?;
        ident.alike(&input.ident, walk)?;
        function(output, &input.function, input.function.span, walk)
    }
}

impl Alike for FnExpr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { ident, function: output } = self;
        walk.enter(self.span(), input.span());
        if let (Some(output), Some(input)) = (ident, &input.ident) {
            walk.bind(output, input);
        }
        ident.alike(&input.ident, walk)?;
        function(output, &input.function, input.function.span, walk)
    }
}

/// Methods and accessors of objects: the key, then the function, which begins at its first token.
macro_rules! object_members {
    ($($name:ident $(- $span:ident)?;)*) => { $(
        impl Alike for $name {
            fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
                let Self { key, function: output, $($span: _)? } = self;
                walk.enter(self.span(), input.span());
                key.alike(&input.key, walk)?;
                let start = input.span().lo.min(input.function.span.lo).min(input.key.span().lo);
                function(output, &input.function, input.span().with_lo(start), walk)
            }
        }
    )* };
}

object_members! {
    MethodProp;
    GetterProp - span;
    SetterProp - span;
}

/// A class member without its decorators.
fn member_span(span: Span, decorators: &[Decorator], walk: &Walk<'_>) -> Span {
    match decorators.last() {
        Some(last) if last.span.hi > span.lo => {
            span.with_lo(BytePos(skip_trivia(walk.input_text, last.span.hi.0 - FIRST) + FIRST))
        }
        _ => span,
    }
}

/// Methods of classes: flags, decorators, key, function.
macro_rules! class_methods {
    ($($name:ident)*) => { $(
        impl Alike for $name {
            fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
                let Self {
                    span: _, key, function: output, kind, is_static, accessibility, is_abstract, is_optional, is_override,
                } = self;
                walk.enter(self.span, input.span);
                equal("kind of method", kind, &input.kind, walk)?;
                equal("static", is_static, &input.is_static, walk)?;
                equal("accessibility", accessibility, &input.accessibility, walk)?;
                equal("abstract", is_abstract, &input.is_abstract, walk)?;
                equal("optional", is_optional, &input.is_optional, walk)?;
                equal("override", is_override, &input.is_override, walk)?;
                output.decorators.alike(&input.function.decorators, walk)?;
                key.alike(&input.key, walk)?;
                let counted = member_span(input.span, &input.function.decorators, walk);
                function(output, &input.function, counted, walk)
            }
        }
    )* };
}

class_methods! { ClassMethod PrivateMethod }

impl Alike for Constructor {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        // Its key is always `constructor`, in quotes or not.
        let Self { span: _, ctxt: _, key: _, params, body, accessibility, is_optional } = self;
        walk.enter(self.span, input.span);
        equal("accessibility", accessibility, &input.accessibility, walk)?;
        equal("optional", is_optional, &input.is_optional, walk)?;
        in_function(walk, Site::Function, input.span, false, |walk| {
            params.alike(&input.params, walk)?;
            optional_body(body.as_ref(), input.body.as_ref(), walk)
        })
    }
}

impl Alike for ArrowExpr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, ctxt: _, params, body: output_body, is_async, is_generator, type_params, return_type } =
            self;
        walk.enter(self.span, input.span);
        equal("async", is_async, &input.is_async, walk)?;
        equal("generator", is_generator, &input.is_generator, walk)?;
        let is_asm =
            matches!(&*input.body, ArrowFunctionBody::FunctionBody(body) if has_directive(&body.stmts, "use asm"));
        in_function(walk, Site::Arrow, input.span, is_asm, |walk| {
            type_params.alike(&input.type_params, walk)?;
            params.alike(&input.params, walk)?;
            return_type.alike(&input.return_type, walk)?;
            match (&**output_body, &*input.body) {
                (ArrowFunctionBody::FunctionBody(output), ArrowFunctionBody::FunctionBody(input)) => {
                    body(&output.stmts, &input.stmts, walk)
                }
                (ArrowFunctionBody::Expr(output), ArrowFunctionBody::Expr(input)) => wrapped(output, input, walk),
                (output, input) => Err(walk.differs("body", output.span(), input.span())),
            }
            .map(Entered::Yes)
        })
    }
}

// Statements.

/// A body of one statement: its block begins with the probe, and was made if there is none in the input.
fn arm(output: &Stmt, input: &Stmt, walk: &mut Walk<'_>) -> Take<Option<Taken>> {
    let (Stmt::Block(block), written) = (output, single(input)) else {
        output.alike(input, walk)?;
        return Ok(None);
    };
    let (probe, rest) = first_probe(&block.stmts, written, walk)?;
    if probe.is_none() {
        output.alike(input, walk)?;
        return Ok(None);
    }
    // An empty statement in a block says nothing.
    let is_empty = matches!(input, Stmt::Empty(_)) && rest.is_empty();
    if !is_empty {
        each_alike(rest, written, walk)?;
    }
    if !input.is_block() {
        walk.made.push(Made::aside(block.span.with_hi(block.span.lo + BytePos(1))));
        walk.made.push(Made::aside(block.span.with_lo(block.span.hi - BytePos(1))));
    }
    Ok(probe)
}

/// The statements of a block, or the statement itself.
fn single(statement: &Stmt) -> &[Stmt] {
    match statement {
        Stmt::Block(block) => &block.stmts,
        other => std::slice::from_ref(other),
    }
}

impl Alike for IfStmt {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, test, cons, alt } = self;
        let at = input.span.lo;
        test.alike(&input.test, walk)?;
        let then = arm(cons, &input.cons, walk)?;
        let (other, counted) = match (alt, &input.alt) {
            (None, None) => (None, input.span.with_lo(input.span.hi)),
            (Some(made), None) => (Some(made_else(made, self, walk, input.span)?), input.span.with_lo(input.span.hi)),
            (Some(output), Some(written)) if is_else_if(written) => {
                output.alike(written, walk)?;
                let then = walk.take_if(then, Site::IfThen, at, input.cons.span())?;
                walk.join(&[then]);
                return Ok(());
            }
            (Some(output), Some(written)) => (arm(output, written, walk)?, written.span()),
            (None, Some(written)) => return Err(walk.differs("else", self.span, written.span())),
        };
        walk.enter(self.span, input.span);
        let then = walk.take_if(then, Site::IfThen, at, input.cons.span())?;
        let other = walk.take_if(other, Site::IfElse, at, counted)?;
        walk.join(&[then, other]);
        Ok(())
    }
}

/// An `else` that holds an `if` and nothing else has no probe: the inner one has both.
fn is_else_if(written: &Stmt) -> bool {
    matches!(single(written), [Stmt::If(_)])
}

/// What was made around a probe takes its place among what was made.
fn replace_made(span: Span, walk: &mut Walk<'_>) {
    walk.made.pop();
    walk.made.push(Made::aside(span));
}

/// `else { probe; }`
fn made_else(made: &Stmt, output: &IfStmt, walk: &mut Walk<'_>, input: Span) -> Take<Taken> {
    if let Stmt::Block(block) = made
        && let (Some(probe), []) = first_probe(&block.stmts, &[], walk)?
    {
        replace_made(Span::new(output.cons.span().hi, block.span.hi), walk);
        return Ok(probe);
    }
    Err(walk.differs("else", made.span(), input))
}

impl Alike for SwitchStmt {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, body_ctxt: _, discriminant, cases } = self;
        discriminant.alike(&input.discriminant, walk)?;
        let has_default = input.cases.iter().any(|case| case.test.is_none());
        let (written, made) = match cases.split_last() {
            Some((last, written)) if !has_default && written.len() == input.cases.len() && last.test.is_none() => {
                (written, Some(last))
            }
            _ => (cases.as_slice(), None),
        };
        let mut probes = Vec::with_capacity(cases.len());
        for (at, (output, input_case)) in written.iter().zip(&input.cases).enumerate() {
            let falls_into_made = made.is_some() && at + 1 == written.len();
            probes.push((case(output, input_case, falls_into_made, walk)?, input_case));
        }
        walk.enter(self.span, input.span);
        equal("number of cases", &written.len(), &input.cases.len(), walk)?;
        let made = made.map(|made| made_default(made, walk, input.span)).transpose()?;
        let mut decision = Vec::with_capacity(cases.len());
        for (probe, case) in probes {
            let site = if case.test.is_some() { Site::SwitchCase } else { Site::SwitchDefault };
            decision.push(walk.take_if(probe, site, case.span.lo, case.span)?);
        }
        if !has_default {
            let end = input.span.with_lo(input.span.hi);
            decision.push(walk.take_if(made, Site::SwitchNoMatch, input.span.lo, end)?);
        }
        walk.join(&decision);
        Ok(())
    }
}

fn case(output: &SwitchCase, input: &SwitchCase, falls_into_made: bool, walk: &mut Walk<'_>) -> Take<Option<Taken>> {
    let SwitchCase { span: _, test, cons } = output;
    walk.enter(output.span, input.span);
    test.alike(&input.test, walk)?;
    let (probe, mut rest) = first_probe(cons, &input.cons, walk)?;
    if falls_into_made {
        match rest.split_last() {
            Some((Stmt::Break(made @ BreakStmt { label: None, .. }), before)) if before.len() == input.cons.len() => {
                walk.made.push(Made::aside(made.span));
                rest = before;
            }
            _ if may_complete(&input.cons) => {
                return Err(walk.wrong(CheckErrorKind::FallsIntoMade, output.span, input.span));
            }
            _ => {}
        }
    }
    each_alike(rest, &input.cons, walk)?;
    Ok(probe)
}

/// `default: probe;`
fn made_default(made: &SwitchCase, walk: &mut Walk<'_>, input: Span) -> Take<Taken> {
    match first_probe(&made.cons, &[], walk)? {
        (Some(probe), []) => {
            replace_made(made.span, walk);
            Ok(probe)
        }
        _ => Err(walk.differs("default", made.span, input)),
    }
}

/// The body of a loop; its probe is taken by [`loop_end`].
macro_rules! loops {
    ($($name:ident $([$($value:ident),*])? { $($before:ident),* } $({ $($after:ident),* })?;)*) => { $(
        impl Alike for $name {
            fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
                let Self { span: _, $($($value,)*)? $($before,)* body, $($($after,)*)? } = self;
                walk.enter(self.span, input.span);
                $($(equal(stringify!($value), $value, &input.$value, walk)?;)*)?
                $($before.alike(&input.$before, walk)?;)*
                let probe = arm(body, &input.body, walk)?;
                $($($after.alike(&input.$after, walk)?;)*)?
                walk.enter(self.span, input.span);
                walk.take_if(probe, Site::Loop, input.span.lo, input.body.span())?;
                Ok(())
            }
        }
    )* };
}

loops! {
    ForStmt { init, test, update };
    ForInStmt { left, right };
    ForOfStmt [is_await] { left, right };
    WhileStmt { test };
    DoWhileStmt {} { test };
}

impl Alike for WithStmt {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, obj, body } = self;
        obj.alike(&input.obj, walk)?;
        let sealed = walk.sealed.or(Some(Sealed::With));
        walk.with(|walk| &mut walk.sealed, sealed, |walk| body.alike(&input.body, walk))
    }
}

// Expressions.

/// `(probe, expression)`; parentheses of the input around the expression may have become these.
fn wrapped(output: &Expr, input: &Expr, walk: &mut Walk<'_>) -> Take<Option<Taken>> {
    let Some((probe, rest)) = split_wrapped(output, walk) else {
        output.alike(input, walk)?;
        return Ok(None);
    };
    wrapped_rest(rest, input, walk)?;
    Ok(Some(probe))
}

fn split_wrapped<'o>(output: &'o Expr, walk: &mut Walk<'_>) -> Option<(Taken, &'o [Box<Expr>])> {
    let Expr::Paren(paren) = output else { return None };
    let Expr::Seq(sequence) = &*paren.expr else { return None };
    let (first, rest) = sequence.exprs.split_first()?;
    let probe = probe(first, walk)?;
    walk.made.push(Made::before(Span::new(paren.span.lo, rest.first()?.span().lo)));
    walk.made.push(Made::aside(paren.span.with_lo(paren.span.hi - BytePos(1))));
    Some((probe, rest))
}

fn wrapped_rest(rest: &[Box<Expr>], input: &Expr, walk: &mut Walk<'_>) -> Same {
    match (rest, input.unwrap_parens()) {
        ([only], inner) => only.unwrap_parens().alike(inner, walk),
        (several, Expr::Seq(sequence)) => each_alike(several, &sequence.exprs, walk),
        (several, inner) => Err(walk.differs("sequence", several[0].span(), inner.span())),
    }
}

impl Alike for CondExpr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, test, cons, alt } = self;
        test.alike(&input.test, walk)?;
        let first = wrapped(cons, &input.cons, walk)?;
        let second = wrapped(alt, &input.alt, walk)?;
        walk.enter(self.span, input.span);
        let first = walk_expression(first, Site::Ternary, &input.cons, walk)?;
        let second = walk_expression(second, Site::Ternary, &input.alt, walk)?;
        walk.join(&[first, second]);
        Ok(())
    }
}

/// Takes the probe of an expression, which its parentheses do not belong to.
fn walk_expression(probe: Option<Taken>, site: Site, input: &Expr, walk: &mut Walk<'_>) -> Take<Option<usize>> {
    let counted = input.unwrap_parens().span();
    walk.take_if(probe, site, counted.lo, counted)
}

impl Alike for BinExpr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, op, left, right } = self;
        walk.enter(self.span, input.span);
        equal("operator", op, &input.op, walk)?;
        left.alike(&input.left, walk)?;
        if !matches!(op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing) {
            return right.alike(&input.right, walk);
        }
        let probe = wrapped(right, &input.right, walk)?;
        walk_expression(probe, Site::Logical, &input.right, walk)?;
        Ok(())
    }
}

impl Alike for AssignExpr {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        let Self { span: _, op, left, right } = self;
        walk.enter(self.span, input.span);
        equal("operator", op, &input.op, walk)?;
        left.alike(&input.left, walk)?;
        if !matches!(op, AssignOp::AndAssign | AssignOp::OrAssign | AssignOp::NullishAssign) {
            return right.alike(&input.right, walk);
        }
        let Some((probe, rest)) = split_wrapped(right, walk) else {
            right.alike(&input.right, walk)?;
            walk_expression(None, Site::LogicalAssign, &input.right, walk)?;
            return Ok(());
        };
        match &input.left {
            AssignTarget::Simple(SimpleAssignTarget::Ident(target)) if is_anonymous_function(&input.right) => {
                let [only] = rest else { return Err(walk.differs("sequence", right.span(), input.right.span())) };
                let Some(value) = named(only, &target.sym) else {
                    return Err(walk.wrong(CheckErrorKind::NameLost, right.span(), input.right.span()));
                };
                walk.made.push(Made::before(Span::new(only.span().lo, value.span().lo)));
                walk.made.push(Made::aside(Span::new(value.span().hi, only.span().hi)));
                value.alike(&input.right, walk)?;
            }
            _ => wrapped_rest(rest, &input.right, walk)?,
        }
        walk_expression(Some(probe), Site::LogicalAssign, &input.right, walk)?;
        Ok(())
    }
}
