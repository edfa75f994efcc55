//! What every part of the generator shares: the choices, the names in scope, and what may stand here.
//!
//! The grammar is a set of tables of [`Rule`]s. Programs end because every loop and every function body calls
//! `tick()`, which throws when the program has run long enough; see the runner's `realm.js`.

use std::collections::BTreeMap;

use super::choices::Choices;
use super::dialect::Dialect;
use super::layout::Layout;

/// One form of statement, expression, member …
pub(super) struct Rule<T> {
    pub(super) name: &'static str,
    pub(super) weight: u32,
    /// Whether it may stand here.
    pub(super) when: fn(&Generator) -> bool,
    pub(super) write: fn(&mut Generator) -> T,
}

pub(super) const fn rule<T>(name: &'static str, weight: u32, write: fn(&mut Generator) -> T) -> Rule<T> {
    Rule { name, weight, when: |_| true, write }
}

impl<T> Rule<T> {
    pub(super) const fn when(mut self, when: fn(&Generator) -> bool) -> Self {
        self.when = when;
        self
    }
}

/// How the program's top level is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Script,
    CommonJs,
    Module,
}

impl Kind {
    /// As the runner calls it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::CommonJs => "commonjs",
            Self::Module => "module",
        }
    }
}

/// What a variable holds when nothing went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    Anything,
    Object,
    Array,
    Function,
    Generator,
    AsyncFunction,
    AsyncGenerator,
    Class,
}

/// A name in scope.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub(super) name: String,
    pub(super) holds: Holds,
    pub(super) is_constant: bool,
}

/// What may stand here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Context {
    pub(super) is_strict: bool,
    /// `return`.
    pub(super) returns: bool,
    /// `yield`.
    pub(super) yields: bool,
    /// `await`.
    pub(super) awaits: bool,
    /// `arguments` of a function, not of the module.
    pub(super) arguments: bool,
    pub(super) new_target: bool,
    pub(super) super_property: bool,
    pub(super) super_call: bool,
    /// `break` without a label.
    pub(super) breaks: bool,
    /// `continue` without a label.
    pub(super) continues: bool,
    /// Nothing on the way into this code ticks, so calls must.
    pub(super) calls_tick: bool,
    /// In a `for` head, where a bare `in` would end it.
    pub(super) no_in: bool,
    /// Something around catches what is thrown here.
    pub(super) is_caught: bool,
}

/// A label in scope.
#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) name: String,
    pub(super) is_loop: bool,
}

/// A private name in scope.
#[derive(Clone, Debug)]
pub(super) struct Private {
    pub(super) name: String,
    pub(super) is_callable: bool,
}

/// Writes one program.
pub(super) struct Generator {
    pub(super) choices: Choices,
    pub(super) dialect: Dialect,
    pub(super) kind: Kind,
    pub(super) layout: Layout,
    pub(super) context: Context,
    pub(super) scopes: Vec<Vec<Variable>>,
    pub(super) labels: Vec<Label>,
    pub(super) privates: Vec<Private>,
    /// How often each form was written.
    pub(super) forms: BTreeMap<&'static str, u64>,
    fresh: u32,
    /// Forms that may still be written before only the smallest are.
    room: u32,
    depth: u32,
}

/// Forms are nested at most so deep.
const DEPTH: u32 = 9;

impl Generator {
    pub(super) fn new(choices: Choices, dialect: Dialect) -> Self {
        Self {
            choices,
            dialect,
            kind: Kind::Script,
            layout: Layout::PLAIN,
            context: Context::default(),
            scopes: vec![Vec::new()],
            labels: Vec::new(),
            privates: Vec::new(),
            forms: BTreeMap::new(),
            fresh: 0,
            room: 0,
            depth: 0,
        }
    }

    /// Sets how large the program may grow.
    pub(super) fn make_room(&mut self, forms: u32) {
        self.room = forms;
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.choices.below(bound as u32) as usize
    }

    /// True once in `of` times; the simplest choice is `false`.
    pub(super) fn once_in(&mut self, of: u32) -> bool {
        self.choices.below(of) + 1 == of && of > 1
    }

    /// One of these; the first is the simplest.
    pub(super) fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len())]
    }

    /// Writes one form of the table; only those that the grammar allows here.
    pub(super) fn pick<T>(&mut self, rules: &[Rule<T>]) -> T {
        let allowed = |this: &Self, rule: &Rule<T>| this.dialect.has(rule.name) && (rule.when)(this);
        let total: u32 = rules.iter().filter(|rule| allowed(self, rule)).map(|rule| rule.weight).sum();
        let mut choice = self.choices.below(total);
        let chosen = rules.iter().filter(|rule| allowed(self, rule)).find(|rule| {
            let is_chosen = choice < rule.weight;
            choice = choice.wrapping_sub(rule.weight);
            is_chosen
        });
        let rule = chosen.unwrap_or(&rules[0]);
        *self.forms.entry(rule.name).or_default() += 1;
        self.room = self.room.saturating_sub(1);
        self.depth += 1;
        let written = (rule.write)(self);
        self.depth -= 1;
        written
    }

    /// Whether there is no room for more than the smallest forms.
    pub(super) fn is_full(&self) -> bool {
        self.room == 0 || self.depth >= DEPTH
    }

    /// Whether the next operand is a leaf, the likelier the deeper: a form that takes all the room for one operand
    /// leaves none for what runs after it.
    pub(super) fn is_deep(&mut self) -> bool {
        self.is_full() || self.choices.below(DEPTH + 3) < self.depth
    }

    /// Between 0 and `most` forms written by `write`.
    pub(super) fn some<T>(&mut self, most: usize, mut write: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = if self.is_full() { 0 } else { self.below(most + 1) };
        (0..count).map(|_| write(self)).collect()
    }

    /// Runs `write` where other things may stand.
    pub(super) fn within<T>(&mut self, context: Context, write: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::replace(&mut self.context, context);
        let written = write(self);
        self.context = outer;
        written
    }

    /// Runs `write` in a scope of its own.
    pub(super) fn scoped<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(Vec::new());
        let written = write(self);
        self.scopes.pop();
        written
    }

    /// A name that the program does not have yet.
    pub(super) fn fresh(&mut self, prefix: &str) -> String {
        self.fresh += 1;
        format!("{prefix}{}", self.fresh)
    }

    /// A name for a new variable: mostly a new one, sometimes one that hides another.
    pub(super) fn new_name(&mut self) -> String {
        let prefix = self.one_of(self.dialect.name_starts());
        self.fresh(prefix)
    }

    /// From here on `name` is in scope.
    pub(super) fn declare(&mut self, name: &str, holds: Holds, is_constant: bool) {
        let variable = Variable { name: name.to_owned(), holds, is_constant };
        if let Some(scope) = self.scopes.last_mut() {
            scope.push(variable);
        }
    }

    /// A variable that `wanted` allows; the simplest is the latest.
    pub(super) fn variable(&mut self, wanted: impl Fn(&Variable) -> bool) -> Option<String> {
        let mut found: Vec<&str> =
            self.scopes.iter().flatten().filter(|known| wanted(known)).map(|known| known.name.as_str()).collect();
        found.reverse();
        if found.is_empty() {
            return None;
        }
        let at = self.choices.below(found.len() as u32) as usize;
        let name = found[at].to_owned();
        Some(self.spelled(name))
    }

    /// A variable that holds such a thing.
    pub(super) fn holding(&mut self, holds: Holds) -> Option<String> {
        self.variable(|known| known.holds == holds)
    }

    /// A name, once in a while with its first letter escaped.
    fn spelled(&mut self, name: String) -> String {
        if !self.once_in(40) {
            return name;
        }
        let mut letters = name.chars();
        match letters.next() {
            Some(first) => format!("\\u{{{:x}}}{}", u32::from(first), letters.as_str()),
            None => name,
        }
    }
}

/// `text` as a string literal.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
