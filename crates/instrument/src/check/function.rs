//! Functions, each with its probe first in the body, and the functions around them.

use pathlight_mapping::Site;
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::*;

use super::directive::{directives, has_directive};
use super::site::{Take, statements, wrapped};
use super::walk::{Alike, Same, Sealed, Taken, Walk, each_alike, equal};
use crate::parse::{FIRST, skip_trivia};

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
    in_function(walk, Site::Function, counted, sealed(input.body.as_ref()), |walk| {
        type_params.alike(&input.type_params, walk)?;
        this_param.alike(&input.this_param, walk)?;
        params.alike(&input.params, walk)?;
        return_type.alike(&input.return_type, walk)?;
        optional_body(body.as_ref(), input.body.as_ref(), walk)
    })
}

/// Why a function is left alone, its parameters included.
fn sealed(body: Option<&FunctionBody>) -> Option<Sealed> {
    match body {
        // Overloads have it in TypeScript: they are no code.
        None => Some(Sealed::Signature),
        Some(body) => has_directive(&body.stmts, "use asm").then_some(Sealed::Asm),
    }
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
    sealed: Option<Sealed>,
    parts: impl FnOnce(&mut Walk<'_>) -> Take<Entered>,
) -> Same {
    let is_wrapper = std::mem::take(&mut walk.is_wrapper);
    let this = walk.functions.len();
    walk.functions.push((walk.function, None));
    let sealed = walk.sealed.or(sealed);
    walk.with(
        |walk| &mut walk.sealed,
        sealed,
        |walk| {
            let inside = |walk: &mut Walk<'_>| walk.with(|walk| &mut walk.is_inside, true, parts);
            let entered = walk.with(
                |walk| &mut walk.completion_seen,
                false,
                |walk| walk.with(|walk| &mut walk.function, Some(this), inside),
            )?;
            if let Entered::Yes(probe) = entered {
                let own = walk.sealed.or(is_wrapper.then_some(Sealed::Wrapper));
                let take = |walk: &mut Walk<'_>| walk.take_if(probe, site, counted.lo, counted);
                walk.functions[this].1 = walk.with(|walk| &mut walk.sealed, own, take)?;
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
        let both = input[first..].iter().zip(&output[first..]);
        first += both.take_while(|(_, statement)| is_parameter_property(statement)).count();
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
        let sealed = input.body.is_none().then_some(Sealed::Signature);
        in_function(walk, Site::Function, input.span, sealed, |walk| {
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
        let sealed = match &*input.body {
            ArrowFunctionBody::FunctionBody(body) => sealed(Some(body)),
            ArrowFunctionBody::Expr(_) => None,
        };
        in_function(walk, Site::Arrow, input.span, sealed, |walk| {
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
