//! Expressions, each with the level at which it binds.

use super::function::FunctionForm;
use super::grammar::{Context, Generator, Holds, Kind, Rule, quoted, rule};
use super::layout::{GAP, Layout, TIGHT};

/// How tightly an expression binds, loosest first (ECMAScript 13).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Level {
    Comma,
    Assignment,
    Conditional,
    /// Its operands may be no `||` or `&&`, and it may be none of theirs.
    Coalesce,
    Or,
    And,
    BitOr,
    BitXor,
    BitAnd,
    Equality,
    Relational,
    Shift,
    Additive,
    Multiplicative,
    Exponent,
    Unary,
    Postfix,
    Call,
    Member,
    Primary,
}

/// A template and its level.
#[derive(Debug)]
pub(super) struct Expression {
    pub(super) text: String,
    pub(super) level: Level,
}

pub(super) fn at(level: Level, text: impl Into<String>) -> Expression {
    Expression { text: text.into(), level }
}

/// What needs no operand.
const LEAVES: &[Rule<Expression>] = &[
    rule("number", 6, number),
    rule("variable", 14, variable),
    rule("string", 3, string),
    rule("boolean", 2, |g| at(Level::Primary, g.one_of(&["true", "false"]))),
    rule("null", 1, |_| at(Level::Primary, "null")),
    rule("undefined", 1, |_| at(Level::Primary, "undefined")),
    rule("bigint", 1, |g| at(Level::Primary, g.one_of(&["1n", "0n", "0x1fn"]))),
    rule("this", 1, |_| at(Level::Primary, "this")).when(|g| !g.context.super_call),
    rule("regular expression", 1, |g| {
        at(Level::Primary, g.one_of(&["/a/", "/[/]\\/(a|b)+/gi", "/(?<y>\\d)/u", "/=/", "/[a--[b]]/v"]))
    }),
    rule("new.target", 2, |_| at(Level::Member, "new.target")).when(|g| g.context.new_target),
    rule("arguments", 1, |g| at(Level::Member, g.one_of(&["arguments.length", "arguments[0]", "(arguments[0] = 5)"])))
        .when(|g| g.context.arguments),
    rule("import.meta", 1, |_| at(Level::Member, "import.meta.url")).when(|g| g.kind == Kind::Module),
];

const EXPRESSIONS: &[Rule<Expression>] = &[
    rule("leaf", 20, |g| g.pick(LEAVES)),
    rule("call", 10, Generator::call),
    rule("ternary", 10, ternary),
    rule("logical", 12, logical),
    rule("coalesce", 6, coalesce),
    rule("arithmetic", 6, arithmetic),
    rule("comparison", 6, comparison),
    rule("unary", 5, unary),
    rule("update", 3, update),
    rule("assignment", 5, Generator::assignment),
    rule("logical assignment", 7, Generator::logical_assignment),
    rule("destructuring assignment", 2, Generator::destructuring_assignment),
    rule("comma", 3, |g| {
        let (first, second) = (g.operand(Level::Assignment), g.operand(Level::Assignment));
        at(Level::Comma, format!("{first}·,·{second}"))
    }),
    rule("parentheses", 2, |g| {
        let inner = g.expression();
        at(Level::Primary, format!("(·{}·)", inner.text))
    }),
    rule("member", 5, Generator::member),
    rule("optional chain", 7, Generator::optional_chain),
    rule("delete", 2, Generator::delete),
    rule("new", 4, Generator::construct),
    rule("super", 4, Generator::super_member).when(|g| g.context.super_property),
    rule("private name", 5, Generator::private_member).when(|g| !g.privates.is_empty()),
    rule("in", 2, contains),
    rule("instanceof", 2, |g| {
        let left = g.operand(Level::Relational);
        let right = g.holding(Holds::Class).unwrap_or_else(|| "Object".into());
        at(Level::Relational, format!("{left}·instanceof·{right}"))
    }),
    rule("template", 4, template),
    rule("tagged template", 3, tagged_template),
    rule("array", 5, array),
    rule("object", 6, |g| at(Level::Primary, g.object())),
    rule("used function or class", 12, |g| {
        let value = match g.below(6) {
            0 | 1 => g.function_expression(FunctionForm::PLAIN),
            2 => g.arrow(false),
            3 => {
                let form = g.function_form();
                g.function_expression(form)
            }
            4 => g.class_expression(),
            _ => g.object(),
        };
        at(Level::Call, format!("used(·{value}·)"))
    }),
    rule("function expression", 2, |g| at(Level::Primary, g.function_expression(FunctionForm::PLAIN))),
    rule("async function expression", 1, |g| at(Level::Primary, g.function_expression(FunctionForm::ASYNC))),
    rule("generator expression", 1, |g| at(Level::Primary, g.function_expression(FunctionForm::GENERATOR))),
    rule("async generator expression", 1, |g| at(Level::Primary, g.function_expression(FunctionForm::ASYNC_GENERATOR))),
    rule("arrow", 3, |g| at(Level::Assignment, g.arrow(false))),
    rule("async arrow", 1, |g| at(Level::Assignment, g.arrow(true))),
    rule("class expression", 2, |g| at(Level::Primary, g.class_expression())),
    rule("yield", 7, yielded).when(|g| g.context.yields),
    rule("await", 6, |g| {
        let operand = g.operand(Level::Unary);
        // swc's parser takes no line break behind it at a module's top level.
        let gap = if g.kind == Kind::Module { TIGHT } else { GAP };
        at(Level::Unary, format!("await{gap}{operand}"))
    })
    .when(|g| g.context.awaits),
    rule("direct eval", 2, direct_eval),
    rule("indirect eval", 1, |g| {
        let code = quoted(&format!("{} + 1", g.one_of(&["1", "typeof v1", "typeof this"])));
        at(Level::Call, format!("(0,·eval)({code})"))
    }),
    rule("new Function", 1, |g| {
        let code = quoted(g.one_of(&["return a ? 1 : 2", "if (a) return this === undefined; return a || 3"]));
        let argument = g.operand(Level::Assignment);
        at(Level::Call, format!("new·Function(\"a\",·{code})({argument})"))
    }),
    rule("division and regular expression", 2, |g| {
        let (left, right) = (g.operand(Level::Multiplicative), g.operand(Level::Exponent));
        at(Level::Relational, format!("{left}·/·{right}·/·2·>·+/[/]/.test(·\"/\"·)"))
    }),
    rule("evaluation order", 5, |g| {
        let place = g.fresh("");
        let value = g.operand(Level::Assignment);
        at(Level::Call, format!("at(·{place}·,·{value}·)"))
    }),
    rule("coercion", 3, |g| {
        let place = g.fresh("");
        let value = g.one_of(&["1", "\"t\"", "null"]);
        at(Level::Call, format!("coerced(·{place}·,·{value}·)"))
    }),
    rule("proxy", 1, |g| {
        let place = g.fresh("");
        let target = g.holding(Holds::Object).unwrap_or_else(|| "{·a:·1·}".into());
        at(Level::Call, format!("watched(·{place}·,·{target}·)"))
    }),
    rule("dynamic import", 1, |g| {
        let settled = g.fresh("");
        at(Level::Call, format!("settle(·{settled}·,·import(·\"lib\"·))"))
    })
    .when(|g| g.kind == Kind::Module),
];

impl Generator {
    /// Any expression.
    pub(super) fn expression(&mut self) -> Expression {
        if self.is_deep() { self.pick(LEAVES) } else { self.pick(EXPRESSIONS) }
    }

    /// Any expression as an operand of something that binds at `level`: in parentheses if it binds looser.
    pub(super) fn operand(&mut self, level: Level) -> String {
        let expression = self.expression();
        parenthesized(expression, level)
    }

    /// What may stand between commas.
    pub(super) fn value(&mut self) -> String {
        self.operand(Level::Assignment)
    }

    /// A statement: must not begin like a declaration or a block.
    pub(super) fn expression_statement(&mut self) -> String {
        let text = self.expression().text;
        if begins_otherwise(&text) { format!("(·{text}·)") } else { text }
    }

    /// A value that stays small however often it is added to itself.
    pub(super) fn small(&mut self) -> String {
        self.one_of(&["1", "2", "0.5", "\"s\"", "true", "typeof·this", "null", "-1"]).to_owned()
    }
}

pub(super) fn parenthesized(expression: Expression, level: Level) -> String {
    if expression.level < level { format!("(·{}·)", expression.text) } else { expression.text }
}

/// Whether a statement or an arrow's body that begins so would be something else.
pub(super) fn begins_otherwise(text: &str) -> bool {
    let first = text.trim_start_matches(['·', '‿']);
    ["{", "function", "class", "async‿function", "let"].into_iter().any(|start| first.starts_with(start))
        // A string alone at the head of a body would be a directive.
        || (first.starts_with(['"', '\'']) && !first.contains('·'))
}

fn number(g: &mut Generator) -> Expression {
    const STRICT: [&str; 9] = ["0", "1", "2", "3", "0.5", "1e3", "0x1f", "0b11", "1_000"];
    const SLOPPY: [&str; 2] = ["017", "089"];
    let known = STRICT.len() + if g.context.is_strict { 0 } else { SLOPPY.len() };
    let chosen = g.below(known);
    at(Level::Primary, *STRICT.iter().chain(&SLOPPY).nth(chosen).unwrap_or(&"0"))
}

fn variable(g: &mut Generator) -> Expression {
    match g.variable(|_| true) {
        Some(name) => at(Level::Primary, name),
        None => number(g),
    }
}

fn string(g: &mut Generator) -> Expression {
    const SPELLINGS: [&str; 7] =
        ["\"a\"", "''", "'it\\'s'", "\"\\u{1F600}\\x41\\n\"", "\"\u{2028}\"", "\"\\\n\"", "'</script>'"];
    at(Level::Primary, g.one_of(&SPELLINGS))
}

fn ternary(g: &mut Generator) -> Expression {
    let (test, yes, no) = (g.operand(Level::Coalesce), g.value(), g.value());
    at(Level::Conditional, format!("{test}·?·{yes}·:·{no}"))
}

fn logical(g: &mut Generator) -> Expression {
    let (operator, level) = [("&&", Level::And), ("||", Level::Or)][g.below(2)];
    // A leaf is mostly true, and nothing would come behind `||`.
    let left = match g.below(3) {
        0 => format!("at(·{}·,·{}·)", g.fresh(""), level == Level::And),
        _ => g.operand(level),
    };
    let right = g.operand(if level == Level::And { Level::BitOr } else { Level::And });
    at(level, format!("{left}·{operator}·{right}"))
}

fn coalesce(g: &mut Generator) -> Expression {
    let nullish = g.once_in(2);
    let left = if nullish { "null".to_owned() } else { g.operand(Level::BitOr) };
    let right = g.operand(Level::BitOr);
    at(Level::Coalesce, format!("{left}·??·{right}"))
}

fn arithmetic(g: &mut Generator) -> Expression {
    const OPERATORS: [(&str, Level); 12] = [
        ("+", Level::Additive),
        ("-", Level::Additive),
        ("*", Level::Multiplicative),
        ("/", Level::Multiplicative),
        ("%", Level::Multiplicative),
        ("**", Level::Exponent),
        ("&", Level::BitAnd),
        ("|", Level::BitOr),
        ("^", Level::BitXor),
        ("<<", Level::Shift),
        (">>", Level::Shift),
        (">>>", Level::Shift),
    ];
    let (operator, level) = OPERATORS[g.below(OPERATORS.len())];
    // The left side of `**` is no unary expression. Results must not double with every round of a loop.
    let left = g.operand(if level == Level::Exponent { Level::Postfix } else { level });
    let right = if g.once_in(2) { g.small() } else { g.comparison_operand() };
    at(level, format!("{left}·{operator}·{right}"))
}

impl Generator {
    fn comparison_operand(&mut self) -> String {
        let test = comparison(self);
        format!("(·{}·)", test.text)
    }
}

fn comparison(g: &mut Generator) -> Expression {
    const OPERATORS: [(&str, Level); 8] = [
        ("===", Level::Equality),
        ("!==", Level::Equality),
        ("==", Level::Equality),
        ("!=", Level::Equality),
        ("<", Level::Relational),
        (">", Level::Relational),
        ("<=", Level::Relational),
        (">=", Level::Relational),
    ];
    let (mut operator, level) = OPERATORS[g.below(OPERATORS.len())];
    if operator == ">" && !g.dialect.has_greater_than() {
        operator = "<";
    }
    let left = g.operand(level);
    let right = g.operand(if level == Level::Equality { Level::Relational } else { Level::Shift });
    at(level, format!("{left}·{operator}·{right}"))
}

fn unary(g: &mut Generator) -> Expression {
    let operator = g.one_of(&["!", "-", "+", "~", "typeof·", "void·", "typeof·missing·+", "!·"]);
    let operand = g.operand(Level::Unary);
    // `- -1` and `+ +1` are no `--1` and `++1`.
    let level = if operator.ends_with("·+") { Level::Additive } else { Level::Unary };
    at(level, format!("{operator}‿{operand}"))
}

fn update(g: &mut Generator) -> Expression {
    let target = g.simple_target();
    let operator = g.one_of(&["++", "--"]);
    if g.once_in(2) {
        at(Level::Unary, format!("{operator}·{target}"))
    } else {
        at(Level::Postfix, format!("{target}‿{operator}"))
    }
}

fn contains(g: &mut Generator) -> Expression {
    let key = g.operand(Level::Shift);
    let object = g.holding(Holds::Object).unwrap_or_else(|| "[0]".into());
    let text = format!("{key}·in·{object}");
    if g.context.no_in { at(Level::Primary, format!("({text})")) } else { at(Level::Relational, text) }
}

fn template(g: &mut Generator) -> Expression {
    let value = g.expression().text;
    let (open, close) = (g.one_of(&["", "a\\n", "\n"]), g.one_of(&["", "$", "\\u{41}"]));
    at(Level::Primary, format!("`{open}${{·{value}·}}{close}`"))
}

fn tagged_template(g: &mut Generator) -> Expression {
    let tag = match g.holding(Holds::Function) {
        Some(function) if !g.context.calls_tick => function,
        _ => "tag".to_owned(),
    };
    let values = g.some(2, |g| format!("${{·{}·}}", g.expression().text)).join("\\u{ ");
    // A tagged template may hold escapes that mean nothing.
    at(Level::Member, format!("{tag}·`a{values}\\01`"))
}

fn array(g: &mut Generator) -> Expression {
    let mut items = g.some(3, |g| if g.once_in(8) { String::new() } else { g.value() });
    if g.once_in(3) {
        items.push(g.spread());
    }
    let close = g.one_of(&["", ",", ",,"]);
    // `[,]` has one hole.
    at(Level::Primary, format!("[·{}·{}]", items.join("·,·"), if items.is_empty() { "" } else { close }))
}

impl Generator {
    /// `...` and something to spread, mostly iterable.
    pub(super) fn spread(&mut self) -> String {
        let place = self.fresh("");
        let source = match self.below(4) {
            0 => "[1,·2]".to_owned(),
            1 => format!("counted(·{place}·,·2·)"),
            2 => self.holding(Holds::Array).unwrap_or_else(|| "\"xy\"".into()),
            _ => match self.holding(Holds::Generator) {
                Some(generator) if !self.context.calls_tick => format!("{generator}(·)"),
                _ => "\"z\"".to_owned(),
            },
        };
        format!("...·{source}")
    }
}

fn yielded(g: &mut Generator) -> Expression {
    match g.below(4) {
        0 => at(Level::Assignment, format!("yield‿{}", g.value())),
        1 => at(Level::Primary, "(·yield·)"),
        2 => {
            let place = g.fresh("");
            at(Level::Assignment, format!("yield‿*·counted(·{place}·,·2·)"))
        }
        _ => match g.holding(Holds::Generator) {
            Some(generator) => at(Level::Assignment, format!("yield‿*·{generator}(·)")),
            None => at(Level::Assignment, "yield‿*·[·1·,·2·]"),
        },
    }
}

/// What is evaluated is never instrumented, but it shares the scope with what is.
fn direct_eval(g: &mut Generator) -> Expression {
    let inside = Context { yields: false, awaits: false, ..g.context };
    let kind = std::mem::replace(&mut g.kind, Kind::CommonJs);
    let code = g.within(inside, |g| match g.below(3) {
        0 => g.expression_statement(),
        1 => {
            let name = g.fresh("e");
            format!("var {name}·=·{}; {name}", g.value())
        }
        _ => format!("if·(·{}·) 1; else {{ 2 }}", g.expression().text),
    });
    g.kind = kind;
    let text = Layout::PLAIN.text(&code, &mut super::choices::Choices::replay(&[]));
    at(Level::Call, format!("eval(·{}·)", quoted(&text)))
}
