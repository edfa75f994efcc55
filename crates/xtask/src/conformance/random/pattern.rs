//! Destructuring: in declarations and parameters it binds names, in assignments it assigns targets.

use super::grammar::{Generator, Holds, Rule, quoted, rule};

/// What a declaration binds.
const BINDINGS: &[Rule<Bound>] = &[
    rule("bound name", 10, |g| {
        let name = g.new_name();
        Bound { text: name.clone(), names: vec![name] }
    }),
    rule("array pattern", 2, |g| {
        let mut bound = Bound::default();
        let mut items = g.some(3, |g| if g.once_in(5) { String::new() } else { bound.element(g) });
        if g.once_in(3) {
            items.push(format!("...·{}", bound.nested(g)));
        }
        bound.text = format!("[·{}·]", items.join("·,·"));
        bound
    }),
    rule("object pattern", 3, |g| {
        let mut bound = Bound::default();
        let mut items = g.some(3, |g| bound.property(g));
        if g.once_in(3) {
            let name = bound.name(g);
            items.push(format!("...·{name}"));
        }
        bound.text = format!("{{·{}·}}", items.join("·,·"));
        bound
    }),
];

/// A pattern and the names that it binds.
#[derive(Default, Debug)]
pub(super) struct Bound {
    pub(super) text: String,
    pub(super) names: Vec<String>,
}

impl Bound {
    fn name(&mut self, g: &mut Generator) -> String {
        let name = g.new_name();
        self.names.push(name.clone());
        name
    }

    fn nested(&mut self, g: &mut Generator) -> String {
        if g.is_full() {
            return self.name(g);
        }
        let inner = g.binding();
        self.names.extend(inner.names);
        inner.text
    }

    fn element(&mut self, g: &mut Generator) -> String {
        let target = self.nested(g);
        with_default(g, target)
    }

    fn property(&mut self, g: &mut Generator) -> String {
        if g.once_in(3) {
            let name = self.name(g);
            return with_default(g, name);
        }
        let key = g.pattern_key();
        format!("{key}·:·{}", self.element(g))
    }
}

fn with_default(g: &mut Generator, target: String) -> String {
    if g.once_in(2) && !g.is_full() {
        let value = g.value();
        format!("{target}·=·{value}")
    } else {
        target
    }
}

impl Generator {
    /// A binding; its names are not in scope yet.
    pub(super) fn binding(&mut self) -> Bound {
        self.pick(BINDINGS)
    }

    /// A name, or a pattern that destructures.
    pub(super) fn pattern_binding(&mut self) -> Bound {
        let chosen = 1 + self.below(2);
        let form = &BINDINGS[chosen..=chosen];
        self.pick(form)
    }

    /// Puts the names in scope.
    pub(super) fn declare_all(&mut self, names: &[String], is_constant: bool) {
        for name in names {
            self.declare(name, Holds::Anything, is_constant);
        }
    }

    fn pattern_key(&mut self) -> String {
        let name = self.member_name();
        match self.below(4) {
            0 | 1 => name.to_owned(),
            2 => quoted(name),
            _ => format!("[·{}·]", self.key()),
        }
    }

    /// A pattern of targets.
    pub(super) fn assignment_pattern(&mut self) -> String {
        let element = |g: &mut Self| {
            let target = g.simple_target();
            with_default(g, target)
        };
        if self.below(2) == 0 {
            let mut items = self.some(3, |g| if g.once_in(6) { String::new() } else { element(g) });
            if self.once_in(4) {
                items.push(format!("...·{}", self.simple_target()));
            }
            format!("[·{}·]", items.join("·,·"))
        } else {
            let items = self.some(3, |g| {
                let key = g.pattern_key();
                format!("{key}·:·{}", element(g))
            });
            // An object at the start of a statement would be a block.
            format!("{{·{}·}}", items.join("·,·"))
        }
    }

    /// A value that a pattern can take apart, mostly.
    pub(super) fn source(&mut self, pattern: &str) -> String {
        let place = self.fresh("");
        match (pattern.starts_with('['), self.below(5)) {
            (true, 0) => "[·1·,·2·,·undefined·]".to_owned(),
            (true, 1) => format!("counted(·{place}·,·3·)"),
            (true, 2) => self.holding(Holds::Array).unwrap_or_else(|| "\"abc\"".into()),
            (false, 0) => "{·a:·1·,·b:·{·a:·2·}·,·m:·[·3·]·}".to_owned(),
            (false, 1) => format!("watched(·{place}·,·{{·a:·1·,·b:·[·2·]·}}·)"),
            (false, 2) => self.holding(Holds::Object).unwrap_or_else(|| "thing".into()),
            _ => self.value(),
        }
    }
}
