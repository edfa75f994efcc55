//! Functions of every form, their parameters and bodies, and the objects that hold methods.

use super::grammar::{Context, Generator, Holds, Rule, rule};

/// `async`, `*`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct FunctionForm {
    pub(super) is_async: bool,
    pub(super) is_generator: bool,
}

impl FunctionForm {
    pub(super) const PLAIN: Self = Self { is_async: false, is_generator: false };
    pub(super) const ASYNC: Self = Self { is_async: true, is_generator: false };
    pub(super) const GENERATOR: Self = Self { is_async: false, is_generator: true };
    pub(super) const ASYNC_GENERATOR: Self = Self { is_async: true, is_generator: true };
    const ALL: [Self; 4] = [Self::PLAIN, Self::ASYNC, Self::GENERATOR, Self::ASYNC_GENERATOR];

    /// What a variable with such a function holds.
    pub(super) const fn holds(self) -> Holds {
        match (self.is_async, self.is_generator) {
            (false, false) => Holds::Function,
            (true, false) => Holds::AsyncFunction,
            (false, true) => Holds::Generator,
            (true, true) => Holds::AsyncGenerator,
        }
    }

    /// What stands before the name.
    pub(super) const fn keywords(self) -> &'static str {
        match (self.is_async, self.is_generator) {
            (false, false) => "function·",
            (true, false) => "async‿function·",
            (false, true) => "function·*·",
            (true, true) => "async‿function·*·",
        }
    }

    /// What stands before a method's name.
    pub(super) const fn method_keywords(self) -> &'static str {
        match (self.is_async, self.is_generator) {
            (false, false) => "",
            (true, false) => "async‿",
            (false, true) => "*·",
            (true, true) => "async‿*·",
        }
    }
}

/// Parameters, and what they allow the body.
struct Parameters {
    text: String,
    names: Vec<String>,
    /// No defaults, patterns or rest: the body may say `"use strict"`.
    are_simple: bool,
}

const MEMBERS: &[Rule<String>] = &[
    rule("property", 10, |g| {
        let (key, value) = (g.object_key(), g.value());
        format!("{key}·:·{value}")
    }),
    rule("shorthand", 3, |g| match g.variable(|known| !known.name.contains('\\')) {
        Some(name) => name,
        None => "a:·1".to_owned(),
    }),
    rule("method", 4, |g| g.method(Generator::object_key)),
    rule("getter", 2, |g| g.getter(Generator::object_key)),
    rule("setter", 2, |g| g.setter(Generator::object_key)),
    rule("object spread", 2, |g| {
        let source = g.holding(Holds::Object).unwrap_or_else(|| "null".into());
        format!("...·{source}")
    }),
    rule("conversion method", 2, |g| {
        let key = g.one_of(&["toString", "valueOf", "[Symbol.toPrimitive]"]);
        let rest = g.method_rest(FunctionForm::PLAIN);
        format!("{key}{rest}")
    }),
    rule("iterator method", 2, |g| {
        let rest = g.method_rest(FunctionForm::GENERATOR);
        format!("*·[·Symbol.iterator·]{rest}")
    }),
];

impl Generator {
    /// An object literal.
    pub(super) fn object(&mut self) -> String {
        let mut members = self.some(4, |g| g.pick(MEMBERS));
        if self.once_in(8) {
            members.push("__proto__:·thing".to_owned());
        }
        let close = if members.is_empty() { "" } else { self.one_of(&["", ","]) };
        format!("{{·{}{close}·}}", members.join("·,·"))
    }

    /// The key of an object's member.
    pub(super) fn object_key(&mut self) -> String {
        match self.below(6) {
            0..=2 => self.member_name().to_owned(),
            3 => self.one_of(self.dialect.literal_keys()).to_owned(),
            4 => self.one_of(&["\\u0061", "é", "\\u{62}"]).to_owned(),
            _ => format!("[·{}·]", self.key()),
        }
    }

    pub(super) fn method(&mut self, key: fn(&mut Self) -> String) -> String {
        let form = self.function_form();
        let key = key(self);
        let rest = self.method_rest(form);
        format!("{}{key}{rest}", form.method_keywords())
    }

    pub(super) fn getter(&mut self, key: fn(&mut Self) -> String) -> String {
        let key = key(self);
        let context = self.method_context(FunctionForm::PLAIN);
        let body = self.body(context, &[], true, "");
        format!("get·{key}(·)·{body}")
    }

    pub(super) fn setter(&mut self, key: fn(&mut Self) -> String) -> String {
        let key = key(self);
        let context = self.method_context(FunctionForm::PLAIN);
        let name = self.new_name();
        let body = self.body(context, std::slice::from_ref(&name), true, "");
        format!("set·{key}(·{name}·)·{body}")
    }

    /// Any form, mostly the plain one.
    pub(super) fn function_form(&mut self) -> FunctionForm {
        if self.once_in(3) { FunctionForm::ALL[self.below(4)] } else { FunctionForm::PLAIN }
    }

    /// Parameters and body of a method.
    pub(super) fn method_rest(&mut self, form: FunctionForm) -> String {
        let context = self.method_context(form);
        self.rest(context, "")
    }

    /// What a method's body may hold.
    pub(super) fn method_context(&self, form: FunctionForm) -> Context {
        Context { super_property: true, ..self.function_context(form) }
    }

    fn function_context(&self, form: FunctionForm) -> Context {
        Context {
            is_strict: self.context.is_strict,
            returns: true,
            yields: form.is_generator,
            awaits: form.is_async,
            arguments: true,
            new_target: true,
            ..Context::default()
        }
    }

    /// `function f(…) {…}` as an expression, with or without its name.
    pub(super) fn function_expression(&mut self, form: FunctionForm) -> String {
        let context = self.function_context(form);
        if !self.once_in(3) {
            let rest = self.rest(context, "");
            return format!("{}{rest}", form.keywords());
        }
        let name = self.fresh("f");
        self.scoped(|g| {
            g.declare(&name, form.holds(), true);
            let rest = g.rest(context, "");
            format!("{}{name}{rest}", form.keywords())
        })
    }

    /// `function f(…) {…}` as a statement; the name is in scope from here on.
    pub(super) fn function_declaration(&mut self, name: &str, form: FunctionForm) -> String {
        let context = self.function_context(form);
        self.declare(name, form.holds(), true);
        let rest = self.rest(context, "");
        format!("{}{name}{rest}", form.keywords())
    }

    pub(super) fn arrow(&mut self, is_async: bool) -> String {
        let outer = self.context;
        let form = FunctionForm { is_async, is_generator: false };
        let context = Context {
            arguments: outer.arguments,
            new_target: outer.new_target,
            super_property: outer.super_property,
            super_call: outer.super_call,
            ..self.function_context(form)
        };
        let keyword = if is_async { "async‿" } else { "" };
        self.scoped(|g| {
            let parameters = g.parameters(context);
            let is_name = parameters.are_simple && parameters.names.len() == 1 && g.once_in(2);
            let head = if is_name { parameters.names[0].clone() } else { parameters.text };
            if g.once_in(2) {
                let body = g.body(context, &parameters.names, parameters.are_simple, "");
                return format!("{keyword}{head}‿=>·{body}");
            }
            g.declare_all(&parameters.names, false);
            let labels = std::mem::take(&mut g.labels);
            let value = g.within(Context { calls_tick: true, no_in: outer.no_in, ..context }, Self::value);
            g.labels = labels;
            let value = if value.trim_start_matches('·').starts_with('{') { format!("(·{value}·)") } else { value };
            format!("{keyword}{head}‿=>·{value}")
        })
    }

    /// `(…) {…}`; `before` is what the body does before anything else.
    pub(super) fn rest(&mut self, context: Context, before: &str) -> String {
        self.scoped(|g| {
            let parameters = g.parameters(context);
            let body = g.body(context, &parameters.names, parameters.are_simple, before);
            format!("{}·{body}", parameters.text)
        })
    }

    /// `(…)`
    fn parameters(&mut self, function: Context) -> Parameters {
        let context = Context {
            yields: false,
            awaits: false,
            returns: false,
            super_call: false,
            calls_tick: true,
            no_in: false,
            ..function
        };
        let labels = std::mem::take(&mut self.labels);
        let written = self.within(context, |g| {
            let mut names = Vec::new();
            let mut are_simple = true;
            let mut parameters = g.some(3, |g| {
                let bound = g.binding();
                are_simple &= bound.names.len() == 1 && bound.names[0] == bound.text;
                names.extend(bound.names);
                if !g.once_in(3) {
                    return bound.text;
                }
                are_simple = false;
                format!("{}·=·{}", bound.text, g.value())
            });
            if g.once_in(6) {
                are_simple = false;
                let bound = g.binding();
                names.extend(bound.names);
                parameters.push(format!("...·{}", bound.text));
            }
            Parameters { text: format!("(·{}·)", parameters.join("·,·")), names, are_simple }
        });
        self.labels = labels;
        written
    }

    /// `{…}` of a function. The call of `tick` is what ends endless recursion.
    pub(super) fn body(&mut self, context: Context, names: &[String], may_be_strict: bool, before: &str) -> String {
        let labels = std::mem::take(&mut self.labels);
        let says_strict = may_be_strict && self.once_in(12);
        let context = Context { is_strict: context.is_strict || says_strict, ..context };
        let directives = match (says_strict, self.once_in(12)) {
            (true, true) => "'use client'¶\"use strict\"¶",
            (true, false) => "'use strict'¶",
            (false, true) => "\"use server\"¶",
            (false, false) => "",
        };
        let written = self.within(context, |g| {
            g.scoped(|g| {
                g.declare_all(names, false);
                let mut statements = g.some(4, Self::statement).join("·");
                if context.super_call {
                    statements = format!("{before}·{statements}");
                }
                let value = if g.once_in(4) { String::new() } else { format!("return‿{}¶", g.expression().text) };
                // A directive that came too late would go unseen.
                let is_strict =
                    if says_strict { "log(·(·function·(·)·{·return·!·this·}·)(·)·)¶" } else { "" };
                format!("{{·{directives}tick(·)¶·{is_strict}·{statements}·{value}·}}")
            })
        });
        self.labels = labels;
        written
    }
}
