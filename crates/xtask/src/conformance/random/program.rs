//! Whole programs.

use std::collections::BTreeMap;

use super::choices::Choices;
use super::dialect::Dialect;
use super::function::FunctionForm;
use super::grammar::{Context, Generator, Kind, Rule, rule};
use super::layout::Layout;
use super::statement::attempt;

/// A generated program.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) kind: Kind,
    pub(super) text: String,
    /// What to replay for the same text.
    pub(super) choices: Vec<u32>,
    /// How often each form was written.
    pub(super) forms: BTreeMap<&'static str, u64>,
}

/// Forms in a program, at most so many before only small ones are written.
const ROOM: [u32; 4] = [60, 120, 200, 320];

impl Program {
    /// The program that these choices make of a part of the grammar.
    pub(super) fn generate(choices: Choices, dialect: Dialect) -> Self {
        let mut generator = Generator::new(choices, dialect);
        let text = generator.program();
        let Generator { kind, forms, choices, .. } = generator;
        Self { kind, text, choices: choices.into_made(), forms }
    }
}

const MODULE_ITEMS: &[Rule<String>] = &[
    rule("export const", 3, |g| {
        let (name, value) = (g.fresh("x"), g.value());
        format!("export·const·{name}·=·{value}¶")
    }),
    rule("export function", 2, |g| {
        let form = g.function_form();
        let declaration = g.used_function(form);
        format!("export·{declaration}")
    }),
    rule("export class", 1, |g| format!("export·{}", g.used_class())),
    rule("export list", 1, |g| {
        let (name, public) = (g.fresh("x"), g.fresh("x"));
        let value = g.value();
        format!("let·{name}·=·{value}¶export·{{·{name}·as·{public}·,·{name}·as·\"{public} in words\"·}}¶")
    }),
    rule("export from", 1, |g| format!("export·{{·one·as·{}·}}·from·\"lib\"¶", g.fresh("x"))),
    rule("export all", 1, |_| "export·*·from·\"lib\"¶".to_owned()),
    rule("export namespace", 1, |g| format!("export·*·as·{}·from·\"lib\"¶", g.fresh("x"))),
];

const DEFAULT_EXPORTS: &[Rule<String>] = &[
    rule("export default expression", 2, |g| {
        let value = g.value();
        let value = if super::expression::begins_otherwise(&value) { format!("(·{value}·)") } else { value };
        format!("export·default·{value}¶")
    }),
    rule("export default function", 1, |g| {
        let rest = g.rest(Context { is_strict: true, returns: true, arguments: true, ..Context::default() }, "");
        format!("export·default·function·{rest}")
    }),
    rule("export default async or generator", 1, |g| {
        let form = [FunctionForm::ASYNC, FunctionForm::GENERATOR, FunctionForm::ASYNC_GENERATOR][g.below(3)];
        let declaration = g.function_expression(form);
        format!("export·default·{declaration}")
    }),
    rule("export default class", 1, |g| {
        let class = g.class_expression();
        format!("export·default·{class}")
    }),
];

impl Generator {
    fn program(&mut self) -> String {
        let kinds = self.dialect.kinds();
        self.kind = kinds[self.below(kinds.len())];
        let room = ROOM[self.below(ROOM.len())];
        let is_module = self.kind == Kind::Module;
        let says_strict = !is_module && (self.once_in(4) || self.dialect == Dialect::Closures);
        self.context = Context {
            is_strict: is_module || says_strict,
            returns: self.kind == Kind::CommonJs,
            awaits: is_module,
            ..Context::default()
        };
        self.layout = Layout { is_odd: self.once_in(3), html_comments: !is_module };
        let mut head = String::new();
        if self.once_in(12) {
            head += "#!/usr/bin/env node\n";
        }
        if says_strict {
            head += "'use strict'¶log(·(·function·(·)·{·return·!·this·}·)(·)·)¶";
        }
        if is_module {
            head += "import·main·,·{·one·,·two·as·second·,·\"one\"·as·third·}·from·\"lib\"¶import·*·as·lib·from·\"lib\"¶log(·main·,·one·,·second·,·lib·)¶";
        }
        let mut text = String::new();
        let items = 1 + self.below(7);
        for _ in 0..items {
            // Each has its share, so that what comes last is not the smallest.
            self.make_room(room / items as u32);
            let item = self.top_level_item(is_module);
            text += &self.layout.part(&item, &mut self.choices);
            text.push('·');
        }
        if is_module && self.once_in(2) {
            text += &self.pick(DEFAULT_EXPORTS);
        }
        if self.kind == Kind::CommonJs {
            text += &format!("module.exports.a·=·{}¶", self.value());
        }
        // The value of a script is that of what stands last.
        let text = format!("{head}{}{text}", self.calm_functions());
        self.layout.text(&text, &mut self.choices)
    }

    /// Most are caught, so that the rest of the program runs as well. The last one's value is the script's.
    fn top_level_item(&mut self, is_module: bool) -> String {
        if is_module && self.once_in(4) {
            return self.pick(MODULE_ITEMS);
        }
        if self.once_in(4) {
            return self.statement();
        }
        let caught = Context { is_caught: true, ..self.context };
        let declaration = self.below(3) == 2;
        if declaration {
            // In scope for what follows.
            return self.declaration();
        }
        let tried = self.within(caught, |g| {
            g.scoped(|g| {
                let mut statements = vec![g.statement()];
                statements.extend(g.some(3, Self::statement));
                statements.join("·")
            })
        });
        attempt(&tried)
    }

    fn declaration(&mut self) -> String {
        const DECLARATIONS: &[Rule<String>] = &[
            rule("function at top level", 6, |g| {
                let form = g.function_form();
                g.used_function(form)
            }),
            rule("class at top level", 4, |g| g.used_class()),
            rule("var at top level", 3, |g| {
                let (name, value) = (g.new_name(), g.value());
                g.declare(&name, super::grammar::Holds::Anything, false);
                format!("var·{name}·=·{value}¶")
            }),
            rule("object at top level", 3, |g| {
                let (name, value) = (g.new_name(), g.object());
                g.declare(&name, super::grammar::Holds::Object, true);
                format!("const·{name}·=·{value}¶")
            }),
        ];
        self.pick(DECLARATIONS)
    }
}
