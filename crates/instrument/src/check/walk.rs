//! Both trees side by side: what every node has to do, and what is known on the way.

use std::fmt;

use pathlight_mapping::{IdForm, ProbeId, Site};
use rustc_hash::FxHashMap;
use swc_core::common::{BytePos, Span, Spanned};
use swc_core::ecma::ast::Ident;
use swc_core::ecma::atoms::Atom;

use super::error::CheckErrorKind;
use crate::parse::range_of;
use crate::wrapper::{Declared, Wrappers};

/// The end of a comparison: what differs first.
pub(super) type Same = Result<(), Box<Finding>>;

/// An error with its places still as spans.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) kind: CheckErrorKind,
    pub(super) output: Option<BytePos>,
    pub(super) input: Option<BytePos>,
}

/// A node of the output that must be the input's once its probes are taken out. Parts are visited in the order of
/// the source, so that probes are found in the order of their ids.
pub(super) trait Alike {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same;
}

/// A probe that was taken out, with what its place says of it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) id: ProbeId,
    pub(super) site: Site,
    /// In the output.
    pub(super) place: BytePos,
    /// The construct's start in the input.
    pub(super) at: BytePos,
    /// What it counts, in the input.
    pub(super) counted: Span,
    /// Index into [`Walk::functions`]: the function around it.
    pub(super) owner: Option<usize>,
    /// Index into [`Walk::found`]: the first probe of its decision.
    pub(super) decision: usize,
}

/// Text of the output that was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    pub(super) span: Span,
    pub(super) parts: Parts,
}

/// Which comments before made text are parted by it from the token behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Parts {
    None,
    /// Those that speak of the token, but not those of the file.
    OfToken,
    All,
}

/// What must be left alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sealed {
    With,
    Asm,
    Signature,
    Ambient,
    Reexport,
    Wrapper,
}

impl Sealed {
    fn name(self) -> &'static str {
        match self {
            Self::With => "the body of a `with`",
            Self::Reexport => "a call that passes on the exports of a CommonJS module",
            Self::Wrapper => "what a compiler put around an enum or a namespace",
            Self::Asm => "a function with \"use asm\"",
            Self::Signature => "a function without a body",
            Self::Ambient => "what is declared to TypeScript alone",
        }
    }
}

/// What is known on the way.
pub(super) struct Walk<'a> {
    pub(super) output_text: &'a str,
    pub(super) input_text: &'a str,
    pub(super) array: &'a str,
    pub(super) ids: IdForm,
    /// Whether types were stripped: completion values and the order of probes may be others.
    pub(super) is_stripped: bool,
    /// Whether the output is TypeScript, whose types may be checked.
    pub(super) keeps_types: bool,
    /// Whether branches are probed, and not only functions.
    pub(super) branches: bool,
    /// Whether every site must have its probe.
    pub(super) complete: bool,
    /// Whether the statements here give a script its completion value.
    pub(super) completion_seen: bool,
    pub(super) sealed: Option<Sealed>,
    /// If there is an input source map.
    pub(super) wrappers: Option<&'a Wrappers<'a>>,
    /// The call that the variable around is declared with, in the input.
    pub(super) declared: Option<Declared>,
    /// Whether the function met next is a wrapper.
    pub(super) is_wrapper: bool,
    pub(super) found: Vec<Found>,
    /// The function around, as an index into `functions`.
    pub(super) function: Option<usize>,
    /// Every function of the input: the function around it and its probe, as indices.
    pub(super) functions: Vec<(Option<usize>, Option<usize>)>,
    /// What was made, in the output: no token of the input.
    pub(super) made: Vec<Made>,
    /// Starts of nodes of the input, and of the same nodes in the output as they are met.
    pub(super) wanted: FxHashMap<BytePos, Option<BytePos>>,
    /// Where the file binds the array's name, in output and input.
    pub(super) array_bound: Option<(BytePos, BytePos)>,
    /// Whether names that are bound here are unknown at the top level: in a function or a static block.
    pub(super) is_inside: bool,
    /// Whether what is declared here is declared to TypeScript alone: it binds nothing.
    pub(super) is_ambient: bool,
    /// Names of the global object that the file binds outside of those.
    pub(super) globals_bound: Vec<Atom>,
    /// Start of the nearest nodes.
    at: (BytePos, BytePos),
}

/// The names by which a statement may reach the global object.
pub(super) const GLOBALS: [&str; 4] = ["globalThis", "self", "window", "global"];

impl<'a> Walk<'a> {
    pub(super) fn new(output_text: &'a str, input_text: &'a str, array: &'a str, ids: IdForm) -> Self {
        Self {
            output_text,
            input_text,
            array,
            ids,
            is_stripped: false,
            keeps_types: false,
            branches: true,
            complete: false,
            completion_seen: false,
            sealed: None,
            wrappers: None,
            declared: None,
            is_wrapper: false,
            found: Vec::new(),
            function: None,
            functions: Vec::new(),
            made: Vec::new(),
            wanted: FxHashMap::default(),
            array_bound: None,
            is_inside: false,
            is_ambient: false,
            globals_bound: Vec::new(),
            at: (BytePos(1), BytePos(1)),
        }
    }

    /// Notes where the walk is.
    pub(super) fn enter(&mut self, output: Span, input: Span) {
        self.at = (output.lo, input.lo);
        if !self.wanted.is_empty()
            && let Some(place) = self.wanted.get_mut(&input.lo)
        {
            place.get_or_insert(output.lo);
        }
    }

    /// The value of `part` is another where the walk is.
    pub(super) fn differs_here(&self, part: &'static str, output: String, input: String) -> Box<Finding> {
        let kind = CheckErrorKind::Differs { part, output, input };
        Box::new(Finding { kind, output: Some(self.at.0), input: Some(self.at.1) })
    }

    /// These nodes are not alike.
    pub(super) fn differs(&self, part: &'static str, output: Span, input: Span) -> Box<Finding> {
        let kind = CheckErrorKind::Differs {
            part,
            output: excerpt(self.output_text, output),
            input: excerpt(self.input_text, input),
        };
        Box::new(Finding { kind, output: Some(output.lo), input: Some(input.lo) })
    }

    /// Something is wrong at these nodes.
    pub(super) fn wrong(&self, kind: CheckErrorKind, output: Span, input: Span) -> Box<Finding> {
        Box::new(Finding { kind, output: Some(output.lo), input: Some(input.lo) })
    }

    /// Notes that a name is bound.
    pub(super) fn bind(&mut self, output: &Ident, input: &Ident) {
        if self.is_ambient {
            return;
        }
        if output.sym == *self.array {
            self.array_bound.get_or_insert((output.span.lo, input.span.lo));
        }
        if !self.is_inside && GLOBALS.contains(&&*output.sym) {
            self.globals_bound.push(output.sym.clone());
        }
    }

    /// Takes a probe out, after everything in its construct.
    pub(super) fn take(&mut self, probe: Taken, site: Site, at: BytePos, counted: Span) -> Result<usize, Box<Finding>> {
        let index = self.found.len();
        let Taken { id, place } = probe;
        self.found.push(Found { id, site, place: place.lo, at, counted, owner: self.function, decision: index });
        let forbidden = match self.sealed {
            Some(sealed) => Some(sealed.name()),
            None if !self.branches && !matches!(site, Site::Function | Site::Arrow) => Some("a branch"),
            None => None,
        };
        match forbidden {
            Some(name) => {
                let kind = CheckErrorKind::ForbiddenProbe { id, place: name };
                Err(Box::new(Finding { kind, output: Some(place.lo), input: Some(at) }))
            }
            None => Ok(index),
        }
    }

    /// [`Self::take`], or no probe where there may be none.
    pub(super) fn take_if(
        &mut self,
        probe: Option<Taken>,
        site: Site,
        at: BytePos,
        counted: Span,
    ) -> Result<Option<usize>, Box<Finding>> {
        if let Some(probe) = probe {
            return self.take(probe, site, at, counted).map(Some);
        }
        let is_function = matches!(site, Site::Function | Site::Arrow);
        if self.complete && self.sealed.is_none() && (self.branches || is_function) {
            let kind = CheckErrorKind::MissingProbe(site);
            return Err(Box::new(Finding { kind, output: Some(self.at.0), input: Some(at) }));
        }
        Ok(None)
    }

    /// The probes belong to one decision.
    pub(super) fn join(&mut self, probes: &[Option<usize>]) {
        let Some(first) = probes.iter().flatten().min().copied() else { return };
        for probe in probes.iter().flatten() {
            self.found[*probe].decision = first;
        }
    }

    /// Runs `work` with another value of what `field` selects.
    pub(super) fn with<T: Copy, R>(
        &mut self,
        field: impl Fn(&mut Self) -> &mut T,
        value: T,
        work: impl FnOnce(&mut Self) -> R,
    ) -> R {
        let before = std::mem::replace(field(self), value);
        let result = work(self);
        *field(self) = before;
        result
    }
}

/// A probe as it stands in the output.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) id: ProbeId,
    pub(super) place: Span,
}

/// The head of what stands at a span.
fn excerpt(text: &str, span: Span) -> String {
    const MOST: usize = 40;
    let shown = text.get(range_of(span)).unwrap_or_default();
    let line = shown.lines().next().unwrap_or_default();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < shown.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

impl<T: Alike> Alike for Box<T> {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        (**self).alike(input, walk)
    }
}

impl<T: Alike + Spanned> Alike for Option<T> {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        match (self, input) {
            (Some(output), Some(input)) => output.alike(input, walk),
            (None, None) => Ok(()),
            (Some(output), None) => {
                Err(walk.differs_here("added", excerpt(walk.output_text, output.span()), String::new()))
            }
            (None, Some(input)) => {
                Err(walk.differs_here("lost", String::new(), excerpt(walk.input_text, input.span())))
            }
        }
    }
}

impl<T: Alike + Spanned> Alike for Vec<T> {
    fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
        each_alike(self, input, walk)
    }
}

/// Pairwise, and as many.
pub(super) fn each_alike<T: Alike + Spanned>(outputs: &[T], inputs: &[T], walk: &mut Walk<'_>) -> Same {
    for (output, input) in outputs.iter().zip(inputs) {
        output.alike(input, walk)?;
    }
    match (outputs.get(inputs.len()), inputs.get(outputs.len())) {
        (Some(added), _) => Err(walk.differs_here("added", excerpt(walk.output_text, added.span()), String::new())),
        (_, Some(lost)) => Err(walk.differs_here("lost", String::new(), excerpt(walk.input_text, lost.span()))),
        (None, None) => Ok(()),
    }
}

/// Equal values.
pub(super) fn equal<T: PartialEq + fmt::Debug>(part: &'static str, output: &T, input: &T, walk: &Walk<'_>) -> Same {
    if output == input {
        return Ok(());
    }
    Err(walk.differs_here(part, format!("{output:?}"), format!("{input:?}")))
}

/// Structs: values in brackets, then all parts in the order of the source. Naming every field makes a new one in
/// swc's tree an error here.
macro_rules! nodes {
    ($($name:ident $([$($value:ident),*])? { $($part:ident),* } $(- $($skipped:ident),*)?;)*) => { $(
        impl Alike for $name {
            fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
                let Self { $($($value,)*)? $($part,)* $($($skipped: _,)*)? } = self;
                walk.enter(self.span(), input.span());
                $($(equal(concat!(stringify!($name), ".", stringify!($value)), $value, &input.$value, walk)?;)*)?
                $($part.alike(&input.$part, walk)?;)*
                Ok(())
            }
        }
    )* };
}

/// The same variant of an enum, and alike.
macro_rules! same_variant {
    ($name:ident, $output:ident, $input:ident, $walk:ident, $($variant:ident)*) => {{
        $walk.enter($output.span(), $input.span());
        match $output {
            $($name::$variant(output) => {
                let $name::$variant(input) = $input else {
                    return Err($walk.differs(stringify!($name), $output.span(), $input.span()));
                };
                output.alike(input, $walk)
            })*
        }
    }};
}

/// Enums.
macro_rules! variants {
    ($($name:ident { $($variant:ident),* })*) => { $(
        impl Alike for $name {
            fn alike(&self, input: &Self, walk: &mut Walk<'_>) -> Same {
                same_variant!($name, self, input, walk, $($variant)*)
            }
        }
    )* };
}

pub(super) use {nodes, same_variant, variants};
