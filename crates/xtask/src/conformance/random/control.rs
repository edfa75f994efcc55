//! Loops, `switch` and `try`.

use super::grammar::{Context, Generator, Holds, Rule, rule};

const LOOPS: &[Rule<String>] = &[
    rule("for", 5, |g| {
        let (index, keyword) = (g.fresh("i"), g.one_of(&["let", "var"]));
        let most = g.one_of(&["2", "3", "1"]);
        let step = g.one_of(&["++", "+=·1"]);
        g.declare(&index, Holds::Anything, true);
        let body = g.ticking_body();
        format!("for·(·{keyword}·{index}·=·0·;·{index}·<·{most}·;·{index}‿{step}·)·{body}")
    }),
    rule("for with any head", 3, |g| {
        let index = g.fresh("i");
        let bound = g.pattern_binding();
        let source = g.without_in(|g| g.source(&bound.text));
        g.declare_all(&bound.names, false);
        let step = g.expression().text;
        let body = g.ticking_body();
        format!("for·(·let·{index}·=·0·,·{}·=·{source}·;·{index}‿++·<·2·&&·tick(·)·;·{step}·)·{body}", bound.text)
    }),
    rule("for without head", 2, |g| {
        let count = g.fresh("n");
        let body = g.ticking_body();
        format!("for·(·;·;·)·{{·if·(·!·bounded(·\"{count}\"·)·)·break¶{body}·}}")
    }),
    rule("while", 3, |g| {
        let count = g.fresh("n");
        let (test, body) = (g.value(), g.ticking_body());
        format!("while·(·bounded(·\"{count}\"·)·&&·(·{test}·)·)·{body}")
    }),
    rule("do", 3, |g| {
        let count = g.fresh("n");
        let (body, test) = (g.ticking_body(), g.expression().text);
        let end = g.one_of(&[";", ""]);
        format!("do·{body}·while·(·bounded(·\"{count}\"·)·&&·(·{test}·)·)·{end}")
    }),
    rule("for-in", 3, |g| {
        let object = g.holding(Holds::Object).unwrap_or_else(|| "{·a:·1·,·b:·2·}".into());
        let (head, body) = g.each_head(false);
        format!("for·(·{head}·in·{object}·)·{body}")
    }),
    rule("for-of", 5, |g| {
        let source = g.each_source();
        let (head, body) = g.each_head(true);
        format!("for·(·{head}·of·{source}·)·{body}")
    }),
    rule("for await", 4, |g| {
        let place = g.fresh("");
        let source = match g.holding(Holds::AsyncGenerator) {
            Some(generator) if g.once_in(2) => format!("{generator}(·)"),
            _ => format!("counted(·{place}·,·2·)"),
        };
        let (head, body) = g.each_head(true);
        format!("for·await·(·{head}·of·{source}·)·{body}")
    })
    .when(|g| g.context.awaits),
];

impl Generator {
    pub(super) fn looped(&mut self) -> String {
        self.scoped(|g| g.pick(LOOPS))
    }

    /// A loop's body: it ticks, so that the program ends.
    fn ticking_body(&mut self) -> String {
        let context = Context { breaks: true, continues: true, ..self.context };
        self.within(context, |g| {
            if g.once_in(5) {
                // Without a block.
                let value = g.value();
                return format!("tick(·)·,·log(·{value}·)¶");
            }
            let statements = g.scoped(|g| g.some(3, Self::statement));
            format!("{{·tick(·)¶{}·}}", statements.join("·"))
        })
    }

    fn without_in<T>(&mut self, write: impl FnOnce(&mut Self) -> T) -> T {
        self.within(Context { no_in: true, ..self.context }, write)
    }

    fn each_source(&mut self) -> String {
        let place = self.fresh("");
        match self.below(5) {
            0 => "[·1·,·0·,·2·]".to_owned(),
            1 => format!("counted(·{place}·,·3·)"),
            2 => self.holding(Holds::Array).unwrap_or_else(|| "\"xyz\"".into()),
            3 => match self.holding(Holds::Generator) {
                Some(generator) if !self.context.calls_tick => format!("{generator}(·)"),
                _ => "[·[·1·]·,·[·2·]·]".to_owned(),
            },
            _ => format!("(·{}·)", self.value()),
        }
    }

    /// What each round binds or assigns, and the body.
    fn each_head(&mut self, may_destructure: bool) -> (String, String) {
        let head = match self.below(4) {
            0 | 1 => {
                let keyword = self.one_of(&["const·", "let·", "var·"]);
                let bound = if may_destructure { self.without_in(Self::binding) } else { self.name_binding() };
                self.declare_all(&bound.names, keyword == "const·");
                format!("{keyword}{}", bound.text)
            }
            2 if may_destructure => self.without_in(Self::assignment_pattern),
            _ => {
                let target = self.without_in(Self::simple_target);
                // `for (async of` is no head, nor may one begin with `let`.
                // V8 takes `thing.async of` for one, too.
                if super::expression::begins_otherwise(&target) || target.ends_with("async") {
                    format!("(·{target}·)")
                } else {
                    target
                }
            }
        };
        let body = self.ticking_body();
        (head, body)
    }

    fn name_binding(&mut self) -> super::pattern::Bound {
        let name = self.new_name();
        super::pattern::Bound { text: name.clone(), names: vec![name] }
    }

    /// Cases fall through unless they happen to hold a `break`; `default` stands anywhere.
    pub(super) fn switch(&mut self) -> String {
        // Some cases are to match.
        let matching = self.one_of(&["1", "2", "\"a\"", "true"]);
        let subject = match self.below(3) {
            0 => self.expression().text,
            1 => format!("at(·{}·,·{matching}·)", self.fresh("")),
            _ => format!("typeof·{}", self.operand(super::expression::Level::Unary)),
        };
        let context = Context { breaks: true, ..self.context };
        let cases = self.within(context, |g| {
            g.scoped(|g| {
                let mut cases = g.some(4, |g| {
                    let test = match g.below(4) {
                        0 => matching.to_owned(),
                        1 => g.one_of(&["\"number\"", "\"object\"", "true", "\"undefined\""]).to_owned(),
                        _ => g.expression().text,
                    };
                    format!("case·{test}·:·{}", g.case_body())
                });
                if g.once_in(2) {
                    let at = g.below(cases.len() + 1);
                    let body = g.case_body();
                    cases.insert(at, format!("default·:·{body}"));
                }
                cases.join("·")
            })
        });
        format!("switch·(·{subject}·)·{{·{cases}·}}")
    }

    fn case_body(&mut self) -> String {
        // What a case declares is in its neighbours' scope too, but dead there.
        let mut body = self.scoped(|g| g.some(2, Self::statement)).join("·");
        if self.once_in(2) {
            body += "·break¶";
        }
        body
    }

    pub(super) fn try_statement(&mut self) -> String {
        let caught = Context { is_caught: true, ..self.context };
        let form = self.below(4);
        let tried = if form == 3 { self.block() } else { self.within(caught, Self::block) };
        let handler = self.scoped(|g| match g.below(4) {
            0 | 1 => {
                let body = g.block();
                format!("catch·(·error·)·{{·log(·error·)¶{body}·}}")
            }
            2 => format!("catch·{}", g.block()),
            _ => {
                let bound = g.pattern_binding();
                g.declare_all(&bound.names, false);
                format!("catch·(·{}·)·{}", bound.text, g.block())
            }
        });
        match form {
            0 | 1 => format!("try·{tried}·{handler}"),
            2 => {
                let last = self.block();
                format!("try·{tried}·{handler}·finally·{last}")
            }
            _ => {
                let last = self.block();
                format!("try·{tried}·finally·{last}")
            }
        }
    }
}
