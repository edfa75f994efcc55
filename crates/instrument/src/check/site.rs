//! Statements and expressions with probes: the probe is taken out, and what is left must be the input's.

use pathlight_mapping::Site;
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::*;

use super::completion::{always_has_value, may_complete};
use super::error::CheckErrorKind;
use super::probe::{Form, is_anonymous_function, made_statement, named, naming, probe};
use super::walk::{Alike, Finding, Made, Same, Sealed, Taken, Walk, each_alike, equal, same_variant};

pub(super) type Take<T> = Result<T, Box<Finding>>;

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
        if let (true, Self::Paren(added), false) = (walk.is_stripped, input, self.is_paren())
            && may_be_parenthesised(&added.expr)
        {
            // What strips types puts some where there is no probe.
            return self.alike(&added.expr, walk);
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
    match expression {
        Expr::Lit(literal) => matches!(literal, Lit::Num(_)),
        other => !matches!(other, Expr::OptChain(_) | Expr::Ident(_)),
    }
}

// Statements.

/// The probe, if the output begins with one, and the rest.
pub(super) fn statements(output: &[Stmt], input: &[Stmt], walk: &mut Walk<'_>) -> Take<Option<Taken>> {
    let (probe, rest) = first_probe(output, input, walk)?;
    each_alike(rest, input, walk)?;
    Ok(probe)
}

fn first_probe<'o>(output: &'o [Stmt], input: &[Stmt], walk: &mut Walk<'_>) -> Take<(Option<Taken>, &'o [Stmt])> {
    let Some((first, rest)) = output.split_first() else { return Ok((None, output)) };
    let Some((taken, form)) = made_statement(first, walk.array, |expression| probe(expression, walk)) else {
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
            Some((last, written)) if !has_default && written.len() == input.cases.len() => (written, Some(last)),
            _ => (cases.as_slice(), None),
        };
        let mut probes = Vec::with_capacity(cases.len());
        for (at, (output, input_case)) in written.iter().zip(&input.cases).enumerate() {
            let falls_into_made = made.is_some() && at + 1 == written.len();
            probes.push((case(output, input_case, falls_into_made, walk)?, input_case));
        }
        walk.enter(self.span, input.span);
        equal("number of cases", &written.len(), &input.cases.len(), walk)?;
        let made = made.map(|made| no_match(made, &input.discriminant, walk, input.span)).transpose()?;
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

/// `default: probe;`, or a last case where `default` would mean something to what checks types. That narrows by the
/// cases of `switch (typeof x)` only if they are strings.
fn no_match(made: &SwitchCase, discriminant: &Expr, walk: &mut Walk<'_>, input: Span) -> Take<Taken> {
    let is_typeof = matches!(discriminant.unwrap_parens(), Expr::Unary(asked) if asked.op == UnaryOp::TypeOf);
    if walk.keeps_types && !is_typeof {
        return match made.test.as_deref().and_then(|test| last_test(test, &made.cons, walk)) {
            Some(probe) => {
                walk.made.push(Made::aside(made.span));
                Ok(probe)
            }
            None => Err(walk.differs("last case", made.span, input)),
        };
    }
    match (&made.test, first_probe(&made.cons, &[], walk)?) {
        (None, (Some(probe), [])) => {
            replace_made(made.span, walk);
            Ok(probe)
        }
        _ => Err(walk.differs("default", made.span, input)),
    }
}

/// `case (probe, 0 / 0 as never): throw 0;`
fn last_test(test: &Expr, body: &[Stmt], walk: &Walk<'_>) -> Option<Taken> {
    let is_zero = |expression: &Expr| matches!(expression, Expr::Lit(Lit::Num(number)) if number.value == 0.0);
    let (Expr::Paren(test), [Stmt::Throw(thrown)]) = (test, body) else { return None };
    let Expr::Seq(sequence) = &*test.expr else { return None };
    let [first, value] = sequence.exprs.as_slice() else { return None };
    let Expr::TsAs(TsAsExpr { expr, type_ann, .. }) = &**value else { return None };
    let TsType::TsKeywordType(TsKeywordType { kind: TsKeywordTypeKind::TsNeverKeyword, .. }) = &**type_ann else {
        return None;
    };
    let is_nan =
        matches!(&**expr, Expr::Bin(BinExpr { op: BinaryOp::Div, left, right, .. }) if is_zero(left) && is_zero(right));
    probe(first, walk).filter(|_| is_nan && is_zero(&thrown.arg))
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
pub(super) fn wrapped(output: &Expr, input: &Expr, walk: &mut Walk<'_>) -> Take<Option<Taken>> {
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
        // Without the probe, what strips types writes a 0 to keep an assignment from naming a function.
        ([only], Expr::Seq(sequence))
            if walk.is_stripped && matches!(&*sequence.exprs[0], Expr::Lit(Lit::Num(zero)) if zero.value == 0.0) =>
        {
            each_alike(std::slice::from_ref(only), &sequence.exprs[1..], walk)
        }
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
        if walk.is_stripped && is_logical(input) {
            return chain(self, input, walk);
        }
        left.alike(&input.left, walk)?;
        if is_logical(input) { right_side(right, &input.right, walk) } else { right.alike(&input.right, walk) }
    }
}

fn is_logical(operation: &BinExpr) -> bool {
    matches!(operation.op, BinaryOp::LogicalAnd | BinaryOp::LogicalOr | BinaryOp::NullishCoalescing)
}

/// Without probes, what strips types writes `a && (b && c)` as `a && b && c`, which is the same: the operands count.
fn chain(output: &BinExpr, input: &BinExpr, walk: &mut Walk<'_>) -> Same {
    let (mut operands, mut written) = (Vec::new(), Vec::new());
    let same = |found: &Expr| matches!(found.unwrap_parens(), Expr::Bin(found) if found.op == input.op);
    add_operands(output, None, &same, walk, &mut operands);
    add_written(input, &same, &mut written);
    equal("number of operands", &operands.len(), &written.len(), walk)?;
    for (at, ((probe, rest), input)) in operands.into_iter().zip(written).enumerate() {
        wrapped_rest(rest, input, walk)?;
        if at > 0 {
            walk_expression(probe, Site::Logical, input, walk)?;
        }
    }
    Ok(())
}

/// The operands of a chain of one operator, each with the probe before it; `first` is that of the first one.
fn add_operands<'o>(
    chain: &'o BinExpr,
    first: Option<Taken>,
    same: &impl Fn(&Expr) -> bool,
    walk: &mut Walk<'_>,
    operands: &mut Vec<(Option<Taken>, &'o [Box<Expr>])>,
) {
    let left = (first, std::slice::from_ref(&chain.left));
    let right = match split_wrapped(&chain.right, walk) {
        Some((probe, rest)) => (Some(probe), rest),
        None => (None, std::slice::from_ref(&chain.right)),
    };
    for (probe, rest) in [left, right] {
        match rest {
            [only] if same(only) => {
                if let Expr::Bin(inner) = only.unwrap_parens() {
                    add_operands(inner, probe, same, walk, operands);
                }
            }
            _ => operands.push((probe, rest)),
        }
    }
}

fn add_written<'i>(chain: &'i BinExpr, same: &impl Fn(&Expr) -> bool, operands: &mut Vec<&'i Expr>) {
    for side in [&chain.left, &chain.right] {
        match side.unwrap_parens() {
            Expr::Bin(inner) if same(side) => add_written(inner, same, operands),
            _ => operands.push(side),
        }
    }
}

/// The right side of a logical operator.
fn right_side(output: &Expr, input: &Expr, walk: &mut Walk<'_>) -> Same {
    let probe = if walk.keeps_types { first_operand(output, input, walk) } else { wrapped(output, input, walk) }?;
    walk_expression(probe, Site::Logical, input, walk)?;
    Ok(())
}

/// Where types are kept, the probe of a right side that is a logical operation stands before its first operand.
fn first_operand(output: &Expr, input: &Expr, walk: &mut Walk<'_>) -> Take<Option<Taken>> {
    match (output, input) {
        (Expr::Paren(output), Expr::Paren(input)) if leads_to_logical(&input.expr) => {
            first_operand(&output.expr, &input.expr, walk)
        }
        (Expr::Unary(output), Expr::Unary(input)) if output.op == input.op && leads_to_logical(&input.arg) => {
            walk.enter(output.span, input.span);
            first_operand(&output.arg, &input.arg, walk)
        }
        (Expr::Bin(output), Expr::Bin(input)) if is_logical(input) => {
            walk.enter(output.span, input.span);
            equal("operator", &output.op, &input.op, walk)?;
            let probe = first_operand(&output.left, &input.left, walk)?;
            right_side(&output.right, &input.right, walk)?;
            Ok(probe)
        }
        _ => wrapped(output, input, walk),
    }
}

/// A logical operation, negated or in parentheses or neither.
fn leads_to_logical(expression: &Expr) -> bool {
    match expression.unwrap_parens() {
        Expr::Bin(operation) => is_logical(operation),
        Expr::Unary(negation) if negation.op == UnaryOp::Bang => leads_to_logical(&negation.arg),
        _ => false,
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
        let value = match (naming(&input.left), rest) {
            (Some(target), [only]) => {
                let value = named(only, &target.sym);
                // What strips decorators has given an anonymous class of the input its name already.
                let made = walk.is_stripped && value.is_some() && named(&input.right, &target.sym).is_none();
                (made || is_anonymous_function(&input.right)).then_some((only, value))
            }
            _ => None,
        };
        match value {
            Some((_, None)) => return Err(walk.wrong(CheckErrorKind::NameLost, right.span(), input.right.span())),
            Some((only, Some(value))) => {
                walk.made.push(Made::before(Span::new(only.span().lo, value.span().lo)));
                walk.made.push(Made::aside(Span::new(value.span().hi, only.span().hi)));
                value.alike(&input.right, walk)?;
            }
            None => wrapped_rest(rest, &input.right, walk)?,
        }
        walk_expression(Some(probe), Site::LogicalAssign, &input.right, walk)?;
        Ok(())
    }
}
