//! Classes with every kind of member.

use super::expression::parenthesized;
use super::function::FunctionForm;
use super::grammar::{Context, Generator, Holds, Private, Rule, rule};

const MEMBERS: &[Rule<String>] = &[
    rule("class method", 6, |g| {
        let place = g.placement();
        format!("{place}{}", g.method(Generator::object_key))
    }),
    rule("class getter", 2, |g| {
        let place = g.placement();
        format!("{place}{}", g.getter(Generator::object_key))
    }),
    rule("class setter", 2, |g| {
        let place = g.placement();
        format!("{place}{}", g.setter(Generator::object_key))
    }),
    rule("field", 5, |g| {
        let (place, key) = (g.placement(), g.object_key());
        let value = g.field_value();
        format!("{place}{key}·=·{value}¶")
    }),
    // Without a value, `get` and the like would belong to the next member.
    rule("field without value", 1, |g| format!("{}{}·;", g.placement(), g.object_key())),
    rule("static block", 3, |g| {
        let context = Context { calls_tick: true, ..g.field_context() };
        let labels = std::mem::take(&mut g.labels);
        let statements = g.within(context, |g| g.scoped(|g| g.some(3, Generator::statement).join("·")));
        g.labels = labels;
        format!("static·{{·{statements}·}}")
    }),
    rule("iterator of class", 1, |g| {
        let rest = g.method_rest(FunctionForm::GENERATOR);
        format!("*·[·Symbol.iterator·]{rest}")
    }),
    rule("empty member", 1, |_| ";".to_owned()),
];

/// Writes the declaration of a private name.
type WritePrivate = fn(&mut Generator, &str) -> String;

/// How a private name is declared.
const PRIVATES: &[Rule<WritePrivate>] = &[
    rule("private field", 3, |_| {
        |g, name| {
            let place = g.placement();
            let value = g.field_value();
            format!("{place}#{name}·=·{value}¶")
        }
    }),
    rule("private method", 3, |_| {
        |g, name| {
            let place = g.placement();
            let rest = g.method_rest(FunctionForm::PLAIN);
            format!("{place}#{name}{rest}")
        }
    }),
    rule("private generator method", 1, |_| {
        |g, name| {
            let rest = g.method_rest(FunctionForm::GENERATOR);
            format!("*·#{name}{rest}")
        }
    }),
    rule("private async method", 1, |_| {
        |g, name| {
            let place = g.placement();
            let form = if g.once_in(2) { FunctionForm::ASYNC_GENERATOR } else { FunctionForm::ASYNC };
            let rest = g.method_rest(form);
            format!("{place}{}#{name}{rest}", form.method_keywords())
        }
    }),
    rule("private accessor", 2, |_| {
        |g, name| {
            let place = g.placement();
            let context = g.method_context(FunctionForm::PLAIN);
            let (read, write) = (g.body(context, &[], true, ""), g.body(context, &["value".to_owned()], true, ""));
            format!("{place}get·#{name}(·)·{read}·{place}set·#{name}(·value·)·{write}")
        }
    }),
];

impl Generator {
    pub(super) fn class_expression(&mut self) -> String {
        if !self.once_in(3) {
            let rest = self.class_rest(None);
            return format!("class·{rest}");
        }
        let name = self.fresh("C");
        let rest = self.class_rest(Some(&name));
        format!("class·{name}·{rest}")
    }

    /// The name is in scope from here on; inside, it is constant.
    pub(super) fn class_declaration(&mut self, name: &str) -> String {
        let rest = self.class_rest(Some(name));
        self.declare(name, Holds::Class, true);
        format!("class·{name}·{rest}")
    }

    fn placement(&mut self) -> &'static str {
        self.one_of(&["", "static·"])
    }

    fn field_context(&self) -> Context {
        Context { is_strict: true, new_target: true, super_property: true, ..Context::default() }
    }

    fn field_value(&mut self) -> String {
        let context = Context { calls_tick: true, ..self.field_context() };
        let labels = std::mem::take(&mut self.labels);
        let value = self.within(context, Self::value);
        self.labels = labels;
        value
    }

    /// `extends … {…}`; the name is in scope in the body.
    fn class_rest(&mut self, name: Option<&str>) -> String {
        let strict = Context { is_strict: true, ..self.context };
        self.within(strict, |g| {
            let heritage = match g.below(10) {
                0..=4 => None,
                5..=8 => Some(g.heritage()),
                _ => {
                    let expression = g.expression();
                    Some(parenthesized(expression, super::expression::Level::Call))
                }
            };
            let extends = heritage.as_ref().map_or(String::new(), |heritage| format!("extends·{heritage}·"));
            g.scoped(|g| {
                if let Some(name) = name {
                    g.declare(name, Holds::Class, true);
                }
                format!("{extends}{}", g.class_body(heritage.is_some()))
            })
        })
    }

    /// `{…}`
    fn class_body(&mut self, is_derived: bool) -> String {
        let outer = self.privates.len();
        let declarations = match self.dialect.has_private_names() {
            true => self.some(2, |g| (g.fresh("p"), g.pick(PRIVATES))),
            false => Vec::new(),
        };
        for (at, (name, _)) in declarations.iter().enumerate() {
            self.privates.push(Private { name: name.clone(), is_callable: at % 2 == 0 });
        }
        let mut members: Vec<String> = declarations.iter().map(|(name, declare)| declare(self, name)).collect();
        if self.once_in(3) {
            members.push(self.constructor(is_derived));
        }
        members.extend(self.some(4, |g| g.pick(MEMBERS)));
        self.privates.truncate(outer);
        format!("{{·{}·}}", members.join("·"))
    }

    /// A class that exists by now, mostly.
    fn heritage(&mut self) -> String {
        self.holding(Holds::Class).unwrap_or_else(|| self.one_of(&["Object", "Array", "null", "Thing"]).to_owned())
    }

    fn constructor(&mut self, is_derived: bool) -> String {
        let context = Context { super_call: is_derived, is_strict: true, ..self.method_context(FunctionForm::PLAIN) };
        let call = if is_derived { self.super_call(context) } else { String::new() };
        let rest = self.rest(context, &call);
        format!("constructor{rest}")
    }

    /// Mostly once and at once; also in an arrow, late, twice or never.
    fn super_call(&mut self, context: Context) -> String {
        let arguments = self.within(Context { awaits: false, yields: false, ..context }, Self::arguments);
        match self.below(8) {
            0..=3 => format!("super{arguments}¶"),
            4 => format!("(·(·)‿=>·super{arguments}·)(·)¶"),
            5 => format!("at(·0·,·super{arguments}·)¶"),
            6 => format!("if·(·arguments.length·)·super{arguments}¶·else·super(·1·)¶"),
            _ => String::new(),
        }
    }
}
