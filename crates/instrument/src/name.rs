//! What a function is called: its best assignment target.
//!
//! `var f = function g() {}` is `f`; `x.y.z = () => 1` is `x.y.z`; a method `m` of `const o = { … }` is `o.m`, one
//! of a class `C` is `C.prototype.m`, a static one `C.m`. A target is looked for through `||`, `&&`, `??`, `?:`,
//! commas, parentheses and TypeScript's casts. A function expression without a target has its own name;
//! callbacks, returned functions and code outside functions are `<Anonymous>`.
//!
//! Of a path of more than [`LONGEST`] characters only the end is spelled, behind a `…`: the names of functions that
//! lie ever deeper would grow with the square of the file.

use smallvec::SmallVec;
use swc_core::ecma::ast::{AssignTarget, Expr, Ident, Key, MemberExpr, MemberProp, Pat, PropName, SimpleAssignTarget};
use swc_core::ecma::atoms::Atom;
use swc_core::ecma::utils::number::ToJsString;

use crate::syntax::{known_key, known_name, uncast};

/// The name of what has none, as Closure spells it.
pub(crate) const ANONYMOUS: &str = "<Anonymous>";

/// Characters of a path that are spelled.
pub(crate) const LONGEST: usize = 1000;

/// The path to the place where a value will be found, as a chain from its last part to its first.
///
/// Most values are no functions: nothing is spelled out before a function asks for it.
#[derive(Debug, Default)]
pub(crate) struct Targets {
    parts: Vec<Part>,
}

/// Index of a path's last part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Target(u32);

#[derive(Debug)]
struct Part {
    parent: Option<Target>,
    text: Atom,
    spelling: Spelling,
}

#[derive(Clone, Copy, Debug)]
enum Spelling {
    /// `a` or `.a`
    Name,
    /// `['a b']`
    Quoted,
    /// `[0]`, `[Symbol.iterator]`
    Bracketed,
}

impl Targets {
    /// A path of one name.
    pub(crate) fn name(&mut self, name: &Atom) -> Target {
        self.add(None, name.clone(), Spelling::Name)
    }

    /// `parent.prototype`
    pub(crate) fn prototype(&mut self, parent: Option<Target>) -> Option<Target> {
        parent.map(|parent| self.add(Some(parent), "prototype".into(), Spelling::Name))
    }

    /// `parent.constructor`
    pub(crate) fn constructor(&mut self, parent: Option<Target>) -> Target {
        self.add(parent, "constructor".into(), Spelling::Name)
    }

    /// The path of a member with this key; `None` if only running the program could tell its name.
    pub(crate) fn member(&mut self, parent: Option<Target>, key: &PropName) -> Option<Target> {
        let (text, spelling) = match key {
            PropName::Ident(name) => (name.sym.clone(), Spelling::Name),
            PropName::Computed(computed) => computed_key(&computed.expr)?,
            _ => spelled(known_name(key)?),
        };
        Some(self.add(parent, text, spelling))
    }

    /// `parent.#name`
    pub(crate) fn private(&mut self, parent: Option<Target>, name: &Atom) -> Target {
        self.add(parent, format!("#{name}").into(), Spelling::Name)
    }

    /// The same for an auto-accessor's key.
    pub(crate) fn key(&mut self, parent: Option<Target>, key: &Key) -> Option<Target> {
        match key {
            Key::Public(key) => self.member(parent, key),
            Key::Private(name) => Some(self.private(parent, &name.name)),
        }
    }

    /// What an assignment assigns to: a name or a path of names.
    pub(crate) fn assigned(&mut self, target: &AssignTarget) -> Option<Target> {
        match target {
            AssignTarget::Simple(SimpleAssignTarget::Ident(name)) => Some(self.name(&name.sym)),
            AssignTarget::Simple(SimpleAssignTarget::Member(member)) => self.path(member),
            _ => None,
        }
    }

    /// What a declaration or default value binds, if it is one name.
    pub(crate) fn bound(&mut self, pattern: &Pat) -> Option<Target> {
        match pattern {
            Pat::Ident(name) => Some(self.name(&name.sym)),
            _ => None,
        }
    }

    fn path(&mut self, member: &MemberExpr) -> Option<Target> {
        let parent = match &*member.obj {
            Expr::Ident(name) => self.name(&name.sym),
            Expr::This(_) => self.add(None, "this".into(), Spelling::Name),
            Expr::Member(inner) => self.path(inner)?,
            _ => return None,
        };
        let (text, spelling) = match &member.prop {
            MemberProp::Ident(name) => (name.sym.clone(), Spelling::Name),
            MemberProp::PrivateName(name) => return Some(self.private(Some(parent), &name.name)),
            MemberProp::Computed(computed) => computed_key(&computed.expr)?,
        };
        Some(self.add(Some(parent), text, spelling))
    }

    fn add(&mut self, parent: Option<Target>, text: Atom, spelling: Spelling) -> Target {
        self.parts.push(Part { parent, text, spelling });
        Target((self.parts.len() - 1) as u32)
    }

    /// How many parts there are; see [`Self::forget_after`].
    pub(crate) fn mark(&self) -> usize {
        self.parts.len()
    }

    /// Forgets what was added after the mark, so that memory does not grow with the file.
    pub(crate) fn forget_after(&mut self, mark: usize) {
        self.parts.truncate(mark);
    }

    /// The path's text, or the end of a long one.
    pub(crate) fn spell(&self, target: Target) -> String {
        // From the last to the first.
        let mut pieces = SmallVec::<[[&str; 3]; 8]>::new();
        let (mut bytes, mut chars) = (0, 0);
        let mut next = Some(target);
        while let Some(Target(at)) = next
            && chars <= LONGEST
        {
            let part = &self.parts[at as usize];
            let (open, close) = match part.spelling {
                Spelling::Name if part.parent.is_some() => (".", ""),
                Spelling::Name => ("", ""),
                Spelling::Quoted => ("['", "']"),
                Spelling::Bracketed => ("[", "]"),
            };
            let piece = [open, end_of(&part.text), close];
            bytes += piece.iter().map(|text| text.len()).sum::<usize>();
            chars += piece.iter().map(|text| text.chars().count()).sum::<usize>();
            pieces.push(piece);
            next = part.parent;
        }
        let mut text = String::with_capacity(bytes);
        pieces.iter().rev().flatten().for_each(|piece| text.push_str(piece));
        match text.char_indices().nth(chars.saturating_sub(LONGEST)) {
            Some((passed, _)) if passed > 0 => format!("…{}", &text[passed..]),
            _ => text,
        }
    }
}

/// All that can be spelled of a part, and one character more if there are more.
fn end_of(text: &str) -> &str {
    text.char_indices().nth_back(LONGEST).map_or(text, |(at, _)| &text[at..])
}

/// As a program would say it: `.a`, `[0]`, `['a b']`.
fn spelled(name: Atom) -> (Atom, Spelling) {
    let mut chars = name.chars();
    let spelling = if chars.next().is_some_and(Ident::is_valid_start) && chars.all(Ident::is_valid_continue) {
        Spelling::Name
    } else if name.parse().is_ok_and(|number: f64| number.to_js_string() == *name) {
        Spelling::Bracketed
    } else {
        Spelling::Quoted
    };
    (name, spelling)
}

/// Keys that say their name without running: literals and plain paths like `Symbol.iterator`.
fn computed_key(key: &Expr) -> Option<(Atom, Spelling)> {
    if let Some(name) = known_key(key) {
        return Some(spelled(name));
    }
    let mut text = String::new();
    plain_path(uncast(key), &mut text)?;
    Some((text.into(), Spelling::Bracketed))
}

fn plain_path(expr: &Expr, out: &mut String) -> Option<()> {
    match expr {
        Expr::Ident(name) => out.push_str(&name.sym),
        Expr::Member(MemberExpr { obj, prop: MemberProp::Ident(name), .. }) => {
            plain_path(obj, out)?;
            out.push('.');
            out.push_str(&name.sym);
        }
        _ => return None,
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paths_are_spelled_from_their_end() {
        let mut targets = Targets::default();
        let mut path = |names: &[&str]| {
            let mut path = targets.name(&names[0].into());
            for name in &names[1..] {
                path = targets.add(Some(path), (*name).into(), Spelling::Name);
            }
            targets.spell(path)
        };
        let longest = format!("{}.b", "a".repeat(LONGEST - 2));
        assert_eq!(path(&[&"a".repeat(LONGEST - 2), "b"]), longest);
        assert_eq!(path(&["x", &"a".repeat(LONGEST - 2), "b"]), format!("…{longest}"));
        assert_eq!(path(&[&"é".repeat(LONGEST + 1)]), format!("…{}", "é".repeat(LONGEST)));
    }
}
