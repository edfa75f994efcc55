//! Statements and declarations.

use super::function::FunctionForm;
use super::grammar::{Context, Generator, Holds, Label, Rule, rule};

const STATEMENTS: &[Rule<String>] = &[
    rule("log", 16, |g| {
        let mut values = vec![g.value()];
        values.extend(g.some(2, Generator::value));
        format!("log(·{}·)¶", values.join("·,·"))
    }),
    rule("expression statement", 8, |g| {
        let text = g.expression_statement();
        format!("{text}¶")
    }),
    rule("let", 5, |g| g.variables("let·", false)),
    rule("const", 4, |g| g.variables("const·", true)),
    rule("var", 3, |g| g.variables("var·", false)),
    rule("known object", 3, |g| {
        let (name, value) = (g.new_name(), g.object());
        g.declare(&name, Holds::Object, true);
        format!("const·{name}·=·{value}¶")
    }),
    rule("known array", 2, |g| {
        let name = g.new_name();
        let items = g.some(4, Generator::value).join("·,·");
        g.declare(&name, Holds::Array, true);
        format!("const·{name}·=·[·{items}·]¶")
    }),
    rule("known function", 3, |g| {
        let name = g.new_name();
        let value = g.arrow(false);
        g.declare(&name, Holds::Function, true);
        format!("const·{name}·=·{value}¶")
    }),
    rule("if", 10, if_statement),
    rule("loop", 9, Generator::looped),
    rule("switch", 7, Generator::switch),
    rule("try", 7, Generator::try_statement),
    rule("block", 2, |g| g.block()),
    rule("words as names", 2, |g| {
        let name = g.one_of(&["async", "of", "get", "static", "yield", "let"]);
        let value = g.value();
        format!("var·{name}·=·{value}¶log(·{name}·,·(·{name}·)·&&·2·)¶")
    })
    .when(|g| !g.context.is_strict && !g.context.yields),
    rule("named by assignment", 2, |g| {
        let (name, operator) = (g.fresh("v"), g.one_of(&["??=", "||="]));
        let value = match g.below(3) {
            0 => g.arrow(false),
            1 => g.function_expression(FunctionForm::PLAIN),
            _ => g.class_expression(),
        };
        format!("let·{name}¶log(·{name}·{operator}·{value}·)¶")
    }),
    rule("this and arguments", 2, |g| {
        let (place, test) = (g.fresh(""), g.one_of(&["true", "false"]));
        format!(
            "log(·at(·{place}·,·{test}·)·?·[·this·,·arguments.length·]·:·arguments.length·>·0·&&·[·this·,·arguments[0]·]·)¶"
        )
    })
    .when(|g| g.context.arguments && !g.context.super_call),
    rule("empty statement", 1, |_| ";".to_owned()),
    rule("debugger", 1, |_| "debugger¶".to_owned()),
    rule("throw", 2, |g| {
        let value = if g.once_in(2) { g.value() } else { "new·TypeError(·\"thrown\"·)".to_owned() };
        format!("throw‿{value}¶")
    })
    .when(|g| g.context.is_caught),
    rule("return", 3, |g| {
        let value = g.expression().text;
        format!("if·(·{}·)·return‿{value}¶", g.value())
    })
    .when(|g| g.context.returns),
    rule("bare return", 1, |_| "return¶".to_owned()).when(|g| g.context.returns),
    rule("break", 4, |_| "break¶".to_owned()).when(|g| g.context.breaks),
    rule("continue", 4, |g| {
        let test = g.value();
        format!("if·(·{test}·)·continue¶")
    })
    .when(|g| g.context.continues),
    rule("break to label", 5, |g| {
        let label = g.labels[g.labels.len() - 1].name.clone();
        let test = g.value();
        format!("if·(·{test}·)·break‿{label}¶")
    })
    .when(|g| !g.labels.is_empty()),
    rule("continue to label", 6, |g| {
        let loops: Vec<_> = g.labels.iter().filter(|label| label.is_loop).map(|label| label.name.clone()).collect();
        let label = &loops[g.below(loops.len())];
        format!("continue‿{label}¶")
    })
    .when(|g| g.labels.iter().any(|label| label.is_loop)),
    rule("labeled statement", 3, labeled),
    rule("function declaration", 6, |g| {
        let form = g.function_form();
        g.used_function(form)
    }),
    rule("class declaration", 4, |g| g.used_class()),
    rule("with", 2, |g| {
        let object = g.holding(Holds::Object).unwrap_or_else(|| "thing".into());
        let body = g.body_statement();
        format!("with·(·{object}·)·{body}")
    })
    .when(|g| !g.context.is_strict),
    rule("function in if", 2, |g| {
        let (test, name) = (g.value(), g.fresh("f"));
        let rest = g.rest(Context { returns: true, arguments: true, new_target: true, ..Context::default() }, "");
        format!("if·(·{test}·)·function·{name}{rest}·else·function·{name}(·)·{{·return·2·}}·log(·typeof·{name}·)¶")
    })
    .when(|g| !g.context.is_strict),
    rule("labeled function", 1, |g| {
        let label = g.fresh("l");
        let name = g.fresh("f");
        let declaration = g.function_declaration(&name, FunctionForm::PLAIN);
        format!("{label}·:·{declaration}·log(·{name}(·1·)·)¶")
    })
    .when(|g| !g.context.is_strict),
    rule("function in block", 2, |g| {
        let (name, test) = (g.fresh("f"), g.value());
        format!(
            "log(·typeof·{name}·)¶{{·function·{name}(·a·)·{{·return‿a·?·1·:·{{·name:·{name}.name·}}·}}·log(·{name}(·{test}·)·)¶}}·log(·typeof·{name}·)¶"
        )
    }),
    rule("dead zone", 2, |g| {
        let name = g.fresh("t");
        let value = g.value();
        let keyword = g.one_of(&["let", "const"]);
        format!(
            "try·{{·log(·(·(·)‿=>·{name}·||·1·)(·)·)¶{keyword}·{name}·=·{value}¶log(·{name}·)¶}}·catch·(·error·)·{{·log(·error·)¶}}"
        )
    }),
    rule("closures in a loop", 3, |g| {
        let (list, name, keyword) = (g.fresh("v"), g.fresh("i"), g.one_of(&["let", "var"]));
        let body = g.within(Context { yields: false, awaits: false, ..g.context }, Generator::value);
        g.declare(&list, Holds::Array, true);
        format!(
            "const·{list}·=·[·]¶for·(·{keyword}·{name}·=·0·;·{name}·<·3·;·{name}‿++·)·{{·tick(·)¶{list}.push(·(·)‿=>·{name}·>·1·?·{name}·:·(·{body}·)·)¶}}·log(·{list}.map(·f‿=>·f(·)·)·)¶"
        )
    }),
    rule("generator run", 4, |g| {
        let generator = g.holding(Holds::Generator).unwrap_or_else(|| "(·function·*·(·)·{·yield·1·}·)".into());
        let (name, label) = (g.fresh("v"), g.fresh("l"));
        let steps = g.some(3, |g| {
            let (step, value) = (g.one_of(&["next", "return", "throw"]), g.value());
            format!("log(·{name}.{step}(·{value}·)·)¶")
        });
        format!(
            "{label}:·try·{{·const·{name}·=·{generator}(·1·)¶log(·{name}.next(·)·)¶{}·}}·catch·(·error·)·{{·log(·error·)¶}}",
            steps.join("")
        )
    }),
    rule("async generator run", 2, |g| {
        let generator =
            g.holding(Holds::AsyncGenerator).unwrap_or_else(|| "(·async‿function·*·(·)·{·yield·1·}·)".into());
        let settled = g.fresh("");
        format!(
            "settle(·{settled}·,·(·async‿(·)‿=>·{{·for·await·(·const·x·of·{generator}(·)·)·{{·tick(·)¶log(·x·)¶if·(·x·)·break¶}}·}}·)(·)·)¶"
        )
    }),
];

/// What is written when there is no room.
const SMALL: &[Rule<String>] = &[
    rule("log", 4, |g| format!("log(·{}·)¶", g.value())),
    rule("expression statement", 2, |g| format!("{}¶", g.expression_statement())),
    rule("empty statement", 1, |_| ";".to_owned()),
];

impl Generator {
    /// A function and, mostly, a use of it: what never runs shows nothing.
    pub(super) fn used_function(&mut self, form: FunctionForm) -> String {
        let name = self.fresh("f");
        let declaration = self.function_declaration(&name, form);
        let used = match (form.is_async, form.is_generator) {
            (false, false) => self.called(&name),
            (true, false) => format!("settle(·\"{name}\"·,·{}·)¶", self.called_once(&name)),
            (false, true) => format!("log(·...·{}·)¶", self.called_once(&name)),
            (true, true) => format!("settle(·\"{name}\"·,·{}.next(·)·)¶", self.called_once(&name)),
        };
        format!("{declaration}·{}", attempt(&used))
    }

    /// A class and some uses of it.
    pub(super) fn used_class(&mut self) -> String {
        let name = self.fresh("C");
        let declaration = self.class_declaration(&name);
        let (member, arguments) = (self.member_name(), self.arguments());
        let used = format!(
            "const·made·=·new·{name}{arguments}¶log(·made·,·{name}·)¶log(·made.{member}·,·{name}.{member}·)¶made.{member}·=·1¶log(·made.m?.(·1·)·,·{name}.a?.(·2·)·,·made.b?.(·)·)¶"
        );
        format!("{declaration}·{}", attempt(&used))
    }

    fn called(&mut self, name: &str) -> String {
        let (first, second) = (self.called_once(name), self.called_once(name));
        format!("log(·{first}·)¶log(·{second}·)¶")
    }

    fn called_once(&mut self, name: &str) -> String {
        format!("{name}{}", self.arguments())
    }

    /// Any statement or declaration.
    pub(super) fn statement(&mut self) -> String {
        // What throws would keep all that follows from running.
        if !self.context.is_caught && !self.is_full() && self.once_in(2) {
            let caught = Context { is_caught: true, ..self.context };
            let tried = self.within(caught, |g| g.scoped(Self::statement));
            return attempt(&tried);
        }
        let template = if self.is_full() { self.pick(SMALL) } else { self.pick(STATEMENTS) };
        // At once, so that the choices of a statement's layout stand beside those of the statement.
        self.layout.part(&template, &mut self.choices)
    }

    /// `{…}` with a scope of its own.
    pub(super) fn block(&mut self) -> String {
        let statements = self.scoped(|g| g.some(3, Self::statement));
        format!("{{·{}·}}", statements.join("·"))
    }

    /// The body of an `if` or a loop: a block, or one statement that is no declaration.
    pub(super) fn body_statement(&mut self) -> String {
        match self.below(5) {
            0..=2 => self.block(),
            3 => format!("log(·{}·)¶", self.value()),
            _ => {
                let form = self.pick(BODIES);
                self.scoped(form)
            }
        }
    }

    /// `let a = 1, b = 2`
    fn variables(&mut self, keyword: &'static str, is_constant: bool) -> String {
        let count = 1 + self.below(3);
        let declarators: Vec<String> = (0..count)
            .map(|_| {
                let bound = self.binding();
                let is_name = bound.names.len() == 1 && bound.names[0] == bound.text;
                let written = if is_name && !is_constant && self.once_in(6) {
                    bound.text
                } else {
                    let value = if is_name { self.value() } else { self.source(&bound.text) };
                    format!("{}·=·{value}", bound.text)
                };
                self.declare_all(&bound.names, is_constant);
                written
            })
            .collect();
        format!("{keyword}{}¶", declarators.join("·,·"))
    }
}

/// Goes on whatever happens.
pub(super) fn attempt(statements: &str) -> String {
    format!("try·{{·{statements}·}}·catch·(·error·)·{{·log(·error·)¶}}")
}

/// Writes a statement.
type WriteBody = fn(&mut Generator) -> String;

/// Statements that may be a body without a block.
const BODIES: &[Rule<WriteBody>] = &[
    rule("empty body", 1, |_| |_| ";".to_owned()),
    rule("expression as body", 3, |_| |g| format!("{}¶", g.expression_statement())),
    rule("if as body", 3, |_| if_statement),
    rule("loop as body", 1, |_| Generator::looped),
    rule("switch as body", 1, |_| Generator::switch),
    rule("try as body", 1, |_| Generator::try_statement),
    rule("label as body", 1, |_| labeled),
];

/// Every body may be an `if` again, so an `else` dangles once in a while.
fn if_statement(g: &mut Generator) -> String {
    let (test, then) = (g.expression().text, g.body_statement());
    match g.below(4) {
        0 | 1 => format!("if·(·{test}·)·{then}"),
        2 => {
            let alternative = g.body_statement();
            format!("if·(·{test}·)·{{·{then}·}}·else·{alternative}")
        }
        _ => {
            let otherwise = if g.is_full() { ";".to_owned() } else { if_statement(g) };
            format!("if·(·{test}·)·{{·{then}·}}·else·{otherwise}")
        }
    }
}

fn labeled(g: &mut Generator) -> String {
    let name = g.fresh("l");
    let is_loop = g.once_in(2);
    g.labels.push(Label { name: name.clone(), is_loop });
    let body = if is_loop { g.looped() } else { g.body_statement() };
    g.labels.pop();
    format!("{name}·:·{body}")
}
