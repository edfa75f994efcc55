//! The top level: hashbang, directives, the statement that makes sure of the array, the rest.

use swc_core::common::Spanned;
use swc_core::ecma::ast::Program;

use super::directive::{Item, directives};
use super::error::CheckErrorKind;
use super::probe::{header, made_statement};
use super::site::check_form;
use super::walk::{Alike, Finding, Made, Same, Walk, each_alike, equal};

pub(super) fn alike(output: &Program, input: &Program, declares: bool, walk: &mut Walk<'_>) -> Same {
    match (output, input) {
        (Program::Script(output), Program::Script(input)) => {
            equal("hashbang", &output.shebang, &input.shebang, walk)?;
            items(&output.body, &input.body, declares, walk)
        }
        (Program::Module(output), Program::Module(input)) => {
            equal("hashbang", &output.shebang, &input.shebang, walk)?;
            items(&output.body, &input.body, declares, walk)
        }
        _ => Err(walk.differs("script or module", output.span(), input.span())),
    }
}

fn items<T: Item + Alike + Spanned>(output: &[T], input: &[T], declares: bool, walk: &mut Walk<'_>) -> Same {
    let (head, rest) = output.split_at(directives(input).min(output.len()));
    each_alike(head, &input[..head.len()], walk)?;
    let written = &input[head.len()..];
    let array = walk.array;
    // What strips types puts declarations of its own before everything.
    let most = if walk.is_stripped { rest.len() } else { 1 };
    let made = rest.iter().take(most).enumerate().find_map(|(at, item)| {
        let (globals, form) = made_statement(item.statement()?, array, |expression| header(expression, array))?;
        Some((at, globals, form, item.span()))
    });
    match &made {
        Some((at, _, form, place)) => {
            walk.made.push(Made::header(*place));
            let (before, after) = written.split_at((*at).min(written.len()));
            if !walk.is_stripped {
                check_form(*form, *place, after.iter().filter_map(Item::statement), walk)?;
            }
            each_alike(&rest[..*at], before, walk)?;
            each_alike(&rest[at + 1..], after, walk)?;
        }
        None => each_alike(rest, written, walk)?,
    }

    let wrong = |kind, at| Err(Box::new(Finding { kind, output: at, input: None }));
    match made {
        None if declares && !walk.found.is_empty() => return wrong(CheckErrorKind::NoHeader, None),
        None => {}
        Some((_, globals, _, place)) => {
            let is_bound = globals.iter().any(|name| walk.globals_bound.contains(name));
            if !declares || walk.found.is_empty() || is_bound {
                return wrong(CheckErrorKind::WrongHeader, Some(place.lo));
            }
        }
    }
    match walk.array_bound {
        Some((output, input)) if !walk.found.is_empty() => {
            let kind = CheckErrorKind::ArrayBound;
            Err(Box::new(Finding { kind, output: Some(output), input: Some(input) }))
        }
        _ => Ok(()),
    }
}
