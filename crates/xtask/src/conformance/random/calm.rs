//! Functions in which nothing throws but `throw`, so that counts which calls may make too high are exact in them.
//!
//! They hold nothing but control flow: every way in and out of a list of statements, over questions whose answers are
//! the same in every run of a program.

use swc_core::common::BytePos;
use swc_core::ecma::ast::{Decl, FnDecl, ModuleItem, Program, Stmt};

use super::grammar::{Context, Generator, Label, Rule, rule};

/// What such a function is called whose counts are all exact, and one that may hold `try` and `with`: behind a handler
/// a count is too high for what it has caught, and in `with` nothing is counted.
const CALM: &str = "calm";
const CATCHING: &str = "catching";

/// Room of one function.
const ROOM: u32 = 22;

/// Offsets of the functions that are exact, from the start of the text.
pub(super) fn exact_parts(program: &Program, start: BytePos) -> Vec<std::ops::Range<usize>> {
    let declared = |statement: &Stmt| match statement {
        Stmt::Decl(Decl::Fn(FnDecl { ident, function, .. })) if ident.sym.starts_with(CALM) => {
            Some((function.span.lo - start).0 as usize..(function.span.hi - start).0 as usize)
        }
        _ => None,
    };
    match program {
        Program::Script(script) => script.body.iter().filter_map(declared).collect(),
        Program::Module(module) => module.body.iter().filter_map(ModuleItem::as_stmt).filter_map(declared).collect(),
    }
}

const STATEMENTS: &[Rule<String>] = &[
    rule("calm call", 5, |_| "bit(·)¶".to_owned()),
    rule("calm exit", 2, |g| g.calm_exit()),
    rule("calm if", 14, |g| g.calm_if()),
    rule("calm loop", 6, |g| g.calm_loop(String::new())),
    rule("calm switch", 5, |g| g.calm_switch(String::new())),
    rule("calm label", 5, |g| {
        let name = g.fresh("l");
        let form = g.below(3);
        g.labels.push(Label { name: name.clone(), is_loop: form == 1 });
        let body = match form {
            0 => format!("{name}·:·{}", g.calm_block()),
            1 => g.calm_loop(format!("{name}·:·")),
            _ => g.calm_switch(format!("{name}·:·")),
        };
        g.labels.pop();
        body
    }),
    rule("calm block", 2, |g| g.calm_block()),
    rule("calm with", 1, |g| format!("with·(·{{·}}·)·{}", g.calm_block()))
        .when(|g| g.context.is_caught && !g.context.is_strict),
    rule("calm try", 6, |g| g.calm_try()).when(|g| g.context.is_caught),
];

impl Generator {
    /// Both kinds of function, called some times.
    pub(super) fn calm_functions(&mut self) -> String {
        let outer = std::mem::take(&mut self.labels);
        let functions = [(CALM, false), (CATCHING, true)].map(|(prefix, is_caught)| {
            self.make_room(ROOM);
            let name = self.fresh(prefix);
            let context = Context { is_strict: self.context.is_strict, is_caught, ..Context::default() };
            let body = self.within(context, |g| (0..4).map(|_| g.pick(STATEMENTS)).collect::<Vec<_>>().join("·"));
            format!("function·{name}(·)·{{·{body}·}}·for·(·let·i·=·0·;·i·<·5·;·i‿++·)·try·{{·renew(·)¶{name}(·)·}}·catch·{{·}}·")
        });
        self.labels = outer;
        functions.concat()
    }

    fn calm_list(&mut self) -> String {
        self.some(3, |g| g.pick(STATEMENTS)).join("·")
    }

    fn calm_block(&mut self) -> String {
        format!("{{·{}·}}", self.calm_list())
    }

    fn calm_exit(&mut self) -> String {
        let is_labeled = |label: &&Label, is_loop: bool| !is_loop || label.is_loop;
        let mut exits = vec!["return¶".to_owned(), "throw‿0¶".to_owned()];
        if self.context.breaks {
            exits.extend(["break¶".to_owned(), "break¶".to_owned()]);
        }
        if self.context.continues {
            exits.extend(["continue¶".to_owned(), "continue¶".to_owned()]);
        }
        for (word, is_loop) in [("break", false), ("continue", true)] {
            let labels = self.labels.iter().filter(|label| is_labeled(label, is_loop));
            exits.extend(labels.map(|label| format!("{word}‿{}¶", label.name)));
        }
        let at = self.below(exits.len());
        exits.swap_remove(at)
    }

    fn calm_body(&mut self) -> String {
        match self.below(4) {
            0 => self.calm_exit(),
            1 => format!("{{·{}·{}·}}", self.calm_list(), self.calm_exit()),
            _ => self.calm_block(),
        }
    }

    fn calm_if(&mut self) -> String {
        let then = self.calm_body();
        match self.below(4) {
            0 | 1 => format!("if·(·bit(·)·)·{then}"),
            2 => format!("if·(·bit(·)·)·{then}·else·{}", self.calm_body()),
            _ if self.is_full() => format!("if·(·bit(·)·)·{then}·else·;"),
            _ => format!("if·(·bit(·)·)·{then}·else·{}", self.calm_if()),
        }
    }

    /// What has spent its rounds returns.
    fn calm_loop(&mut self, label: String) -> String {
        let context = Context { breaks: true, continues: true, ..self.context };
        let body = self.within(context, |g| format!("{{·if·(·spent(·)·)·return¶{}·}}", g.calm_list()));
        match self.below(5) {
            0 => format!("{label}for·(·;·;·)·{body}"),
            1 => format!("{label}while·(·true·)·{body}"),
            2 => format!("{label}while·(·bit(·)·)·{body}"),
            3 => format!("{label}do·{body}·while·(·bit(·)·)¶"),
            _ => format!("{label}for·(·const·i·of·[·1·,·2·]·)·{body}"),
        }
    }

    fn calm_switch(&mut self, label: String) -> String {
        let context = Context { breaks: true, ..self.context };
        let mut cases = self.within(context, |g| {
            g.some(4, |g| {
                let leave = if g.once_in(2) { "break¶" } else { "" };
                format!("case·bit(·)·:·{}·{leave}", g.calm_list())
            })
        });
        if self.once_in(2) {
            let at = self.below(cases.len() + 1);
            let body = self.within(context, Self::calm_list);
            cases.insert(at, format!("default·:·{body}"));
        }
        format!("{label}switch·(·true·)·{{·{}·}}", cases.join("·"))
    }

    fn calm_try(&mut self) -> String {
        let tried = self.calm_block();
        match self.below(3) {
            0 => format!("try·{tried}·catch·{}", self.calm_body_block()),
            1 => format!("try·{tried}·finally·{}", self.calm_body_block()),
            _ => format!("try·{tried}·catch·{}·finally·{}", self.calm_body_block(), self.calm_body_block()),
        }
    }

    fn calm_body_block(&mut self) -> String {
        if self.once_in(3) { format!("{{·{}·}}", self.calm_exit()) } else { self.calm_block() }
    }
}
