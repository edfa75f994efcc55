//! Expressions that reach into things: calls, members, chains, and what is assigned.

use super::expression::{Expression, Level, at, parenthesized};
use super::grammar::{Generator, Holds, quoted};

/// Names of members: a few, so that what one place writes another finds, and words that are special elsewhere.
const MEMBERS: [&str; 16] =
    ["a", "b", "m", "c", "a", "b", "m", "c", "get", "set", "static", "async", "of", "await", "new", "if"];

impl Generator {
    /// A member's name.
    pub(super) fn member_name(&mut self) -> &'static str {
        MEMBERS[self.below(MEMBERS.len())]
    }

    /// Arguments in parentheses.
    pub(super) fn arguments(&mut self) -> String {
        let mut arguments = self.some(3, |g| if g.once_in(3) { "thing".to_owned() } else { g.value() });
        if self.once_in(5) {
            arguments.push(self.spread());
        }
        let close = if arguments.is_empty() { "" } else { self.one_of(&["", "", ",·"]) };
        format!("(·{}·{close})", arguments.join("·,·"))
    }

    /// A call that can be part of a chain of calls without end, if nothing counts it.
    fn counted_call(&mut self, call: String) -> Expression {
        if self.context.calls_tick {
            at(Level::Primary, format!("(·tick()·,·{call}·)"))
        } else {
            at(Level::Call, call)
        }
    }

    pub(super) fn call(&mut self) -> Expression {
        match self.below(8) {
            0 | 1 => {
                let function = self.holding(Holds::Function).unwrap_or_else(|| "identity".into());
                let arguments = self.arguments();
                self.counted_call(format!("{function}·{arguments}"))
            }
            2 => {
                let object = self.object_operand();
                let (name, arguments) = (self.member_name(), self.arguments());
                let optional = self.one_of(&["?.", ""]);
                self.counted_call(format!("{object}·?.·{name}{optional}{arguments}"))
            }
            3 => {
                let array = self.holding(Holds::Array).unwrap_or_else(|| "[·1·,·2·]".into());
                let method = self.one_of(&["map", "filter", "some", "find", "flatMap", "forEach"]);
                let arrow = self.arrow(false);
                at(Level::Call, format!("{array}.{method}(·{arrow}·)"))
            }
            4 => {
                let method = self.one_of(&["next(·)", "return(·5·)", "throw(·\"t\"·)"]);
                match self.holding(Holds::Generator) {
                    Some(generator) => self.counted_call(format!("{generator}(·).{method}")),
                    None => at(Level::Call, format!("[·7·].values(·).{}", "next()")),
                }
            }
            5 => {
                let settled = self.fresh("");
                let promise = match self.holding(Holds::AsyncFunction) {
                    Some(function) => self.counted_call(format!("{function}{}", "(·2·)")).text,
                    None => "later(·1·)".to_owned(),
                };
                at(Level::Call, format!("settle(·{settled}·,·{promise}·)"))
            }
            6 => {
                let arrow = self.arrow(false);
                at(Level::Call, format!("(·{arrow}·)(·1·)"))
            }
            _ => {
                // The callee decides what `this` is, and must go on doing so.
                let callee = parenthesized(self.expression(), Level::Call);
                let arguments = self.arguments();
                self.counted_call(format!("({callee})?.{arguments}"))
            }
        }
    }

    /// An object, mostly.
    fn object_operand(&mut self) -> String {
        match self.below(4) {
            0 | 1 => self.holding(Holds::Object).unwrap_or_else(|| "thing".into()),
            2 => "this".to_owned(),
            _ => self.operand(Level::Member),
        }
    }

    /// `.a`, `[key]`, sometimes twice.
    fn property(&mut self) -> String {
        match self.below(3) {
            0 | 1 => format!("·.·{}", self.member_name()),
            _ => format!("[·{}·]", self.key()),
        }
    }

    /// A computed key whose value is mostly a member's name.
    pub(super) fn key(&mut self) -> String {
        let name = self.member_name();
        match self.below(4) {
            0 => quoted(name),
            1 => format!("at(·{}·,·{}·)", self.fresh(""), quoted(name)),
            2 => "Symbol.toStringTag".to_owned(),
            _ => self.value(),
        }
    }

    pub(super) fn member(&mut self) -> Expression {
        let (object, property) = (self.object_operand(), self.property());
        at(Level::Call, format!("{object}{property}"))
    }

    pub(super) fn optional_chain(&mut self) -> Expression {
        let head = match self.below(3) {
            0 => self.object_operand(),
            1 => "null".to_owned(),
            _ => self.operand(Level::Member),
        };
        let mut chain = head;
        for link in 0..=self.below(3) {
            let optional = link == 0 || self.once_in(3);
            chain += &match self.below(4) {
                0 | 1 if optional => format!("·?.·{}", self.member_name()),
                2 if optional => format!("?.[·{}·]", self.key()),
                3 if optional => format!("?.{}", self.arguments()),
                2 => format!("[·{}·]", self.key()),
                3 => self.arguments(),
                _ => format!(".{}", self.member_name()),
            };
        }
        if chain.contains('(') { self.counted_call(chain) } else { at(Level::Call, chain) }
    }

    pub(super) fn delete(&mut self) -> Expression {
        let target = match self.below(4) {
            0 => format!("thing{}", self.property()),
            1 => format!("{}·?.·{}", self.object_operand(), self.member_name()),
            2 if !self.context.is_strict => self.variable(|_| true).unwrap_or_else(|| "missing".into()),
            _ => format!("{}{}", self.object_operand(), self.property()),
        };
        at(Level::Unary, format!("delete·{target}"))
    }

    pub(super) fn construct(&mut self) -> Expression {
        match self.below(3) {
            0 | 1 => {
                let class = self.holding(Holds::Class).unwrap_or_else(|| "Object".into());
                let arguments = self.arguments();
                let construct = format!("new·{class}{arguments}");
                if self.context.calls_tick { self.counted_call(construct) } else { at(Level::Member, construct) }
            }
            _ => {
                let callee = parenthesized(self.expression(), Level::Primary);
                // Without arguments it binds looser than a member.
                let construct = format!("new·(·{callee}·)");
                if self.context.calls_tick { self.counted_call(construct) } else { at(Level::Call, construct) }
            }
        }
    }

    pub(super) fn super_member(&mut self) -> Expression {
        let property = self.property();
        match self.below(3) {
            0 => at(Level::Call, format!("super{property}")),
            1 => {
                let arguments = self.arguments();
                self.counted_call(format!("super{property}?.{arguments}"))
            }
            _ => {
                let value = self.value();
                at(Level::Assignment, format!("super{property}·=·{value}"))
            }
        }
    }

    /// `this.#a`, `this.#m(…)`, `#a in x`, `x?.#a`.
    pub(super) fn private_member(&mut self) -> Expression {
        let chosen = self.below(self.privates.len());
        let private = self.privates[self.privates.len() - 1 - chosen].clone();
        let name = private.name;
        match self.below(4) {
            0 if private.is_callable => {
                let arguments = self.arguments();
                self.counted_call(format!("this.#{name}{arguments}"))
            }
            1 => {
                let object = self.operand(Level::Shift);
                at(Level::Primary, format!("(·#{name}·in·{object}·)"))
            }
            2 => at(Level::Call, format!("{}?.#{name}", self.object_operand())),
            3 => {
                let operator = self.one_of(&["=", "??=", "||=", "&&=", "-="]);
                let value = self.value();
                at(Level::Assignment, format!("this.#{name}·{operator}·{value}"))
            }
            _ => at(Level::Call, format!("this.#{name}")),
        }
    }

    /// What a simple assignment may assign.
    pub(super) fn simple_target(&mut self) -> String {
        match self.below(5) {
            0..=2 => self.assignable().unwrap_or_else(|| "thing.a".into()),
            3 => format!("{}{}", self.object_operand(), self.property()),
            _ => format!("thing{}", self.property()),
        }
    }

    /// A variable that can be assigned and is no function that someone calls; rarely one that cannot.
    fn assignable(&mut self) -> Option<String> {
        let any_constant = self.once_in(30);
        self.variable(|known| known.holds == Holds::Anything && (any_constant || !known.is_constant))
    }

    pub(super) fn assignment(&mut self) -> Expression {
        let target = self.simple_target();
        match self.below(3) {
            0 => {
                let value = self.value();
                at(Level::Assignment, format!("{target}·=·{value}"))
            }
            1 => {
                let (operator, value) = (self.one_of(&["+=", "*=", "**=", "<<="]), self.small());
                at(Level::Assignment, format!("{target}·{operator}·{value}"))
            }
            _ => {
                let operator = self.one_of(&["-=", "/=", "%=", ">>=", ">>>=", "&=", "|=", "^="]);
                let value = self.value();
                at(Level::Assignment, format!("{target}·{operator}·{value}"))
            }
        }
    }

    pub(super) fn logical_assignment(&mut self) -> Expression {
        let target = self.simple_target();
        let operator = self.one_of(&["||=", "&&=", "??="]);
        let value = self.value();
        at(Level::Assignment, format!("{target}·{operator}·{value}"))
    }

    pub(super) fn destructuring_assignment(&mut self) -> Expression {
        let value = self.value();
        let pattern = self.assignment_pattern();
        // Bare, V8 takes `f(g(...a), [] = 0)` for no pattern.
        at(Level::Primary, format!("(·{pattern}·=·{value}·)"))
    }
}
