//! Twice the program is twice the work, whatever its shape: what is allocated on the way, the output and the mapping
//! are counted for a program and for one of the same shape that is twice as large.
//!
//! Memory stands for work here, since times would be others on every machine.

// clippy.toml allows it in tests, and the functions that tests call are tests too.
#![allow(clippy::unwrap_used)]

use std::thread;

use allocation_counter::measure;
use pathlight_instrument::{Input, Language, Options, SourceMapNames, SourceType, instrument};
use pathlight_mapping::{IdForm, MappingBuilder, MappingFormat};

/// Bytes of stack for the deepest of these programs, in a build that is not optimised.
const STACK: usize = 1 << 30;

/// The most that twice the program may need; tables that double when they are full need some room.
const MOST: f64 = 2.3;

/// A program of a size.
type Shape = Box<dyn Fn(usize) -> String + Send>;

fn nested(open: &'static str, inside: &'static str, close: &'static str) -> Shape {
    Box::new(move |n| format!("{}{inside}{}", open.repeat(n), close.repeat(n)))
}

fn repeated(head: &'static str, part: &'static str, tail: &'static str) -> Shape {
    Box::new(move |n| format!("{head}{}{tail}", part.repeat(n)))
}

fn numbered(head: &'static str, part: &'static str, tail: &'static str) -> Shape {
    Box::new(move |n| {
        let parts: String = (0..n).map(|at| part.replace('%', &at.to_string())).collect();
        format!("{head}{parts}{tail}")
    })
}

/// Name, size and shape.
fn shapes() -> Vec<(&'static str, usize, Shape)> {
    vec![
        ("functions", 250, nested("function f(){", "", "}")),
        ("arrows", 250, nested("()=>", "0", "")),
        ("callbacks", 250, nested("f(()=>{", "", "})")),
        ("parameters", 10, nested("(a=", "0", ")=>0")),
        ("templates", 250, nested("`${", "a||b", "}`")),
        ("ternaries", 500, repeated("x=", "a?b:", "0")),
        ("ternaries in tests", 250, nested("a?", "b", ":c")),
        ("operators", 500, repeated("x=a", "&&a", "")),
        ("assignments", 250, repeated("", "a||=", "b")),
        ("optional chains", 500, repeated("a", "?.b()", "||c")),
        ("else if", 250, repeated("if(a)b();", "else if(a)b();", "")),
        ("ifs", 250, repeated("", "if(a)", "b();")),
        ("loops", 250, repeated("", "for(;;)", "b();")),
        ("cases", 500, numbered("switch(a){", "case %:f();", "}")),
        ("switches", 150, nested("switch(a){case 1:", "", "}")),
        ("labels", 250, numbered("", "l%:", "while(a)b||c;")),
        ("blocks", 250, nested("{", "a||b", "}")),
        ("tries", 150, nested("try{", "a||b", "}finally{}")),
        ("withs", 150, repeated("", "with(a)", "b||c;")),
        ("classes", 150, nested("class A{m(){", "", "}}")),
        ("members of a class", 500, numbered("class A{", "m%(){}", "}")),
        ("private members", 500, numbered("class A{", "#m%(){}", "}")),
        ("names", 500, numbered("", "var a%=()=>{};", "")),
        ("long path", 500, repeated("a", ".b", "=()=>{};")),
        (
            "long names",
            1,
            Box::new(|n| {
                let long = "a".repeat(20_000 * n);
                format!("x={{{long}:{{{}}}}}", "b:()=>{},".repeat(500 * n))
            }),
        ),
        ("objects in objects", 250, Box::new(|n| format!("x={}0{}", "{b:()=>{},abcdefgh:".repeat(n), "}".repeat(n)))),
        ("methods in methods", 250, Box::new(|n| format!("x={}0{}", "{abcdefgh(){return ".repeat(n), "}}".repeat(n)))),
        ("comments", 1000, repeated("", "/**/", "f(a||b)")),
        ("pure", 500, repeated("x=", "/*#__PURE__*/f()||", "0")),
        ("hints", 500, repeated("", "/* istanbul ignore next */f(a||b);", "")),
        ("hints for lines", 500, repeated("", "/* c8 ignore next 3 */f(a||b);\n", "")),
        ("hints in hints", 150, nested("/* istanbul ignore if */if(a){", "", "}")),
        ("starts", 500, repeated("", "/* c8 ignore start */", "f(a||b)")),
        ("one line", 500, repeated("", "if(a)b();else c();", "")),
        ("characters beyond ASCII", 500, repeated("", "'\u{1F600}'||f();", "")),
        ("lines", 500, repeated("", "f(a||b);\r\n", "")),
        ("directives", 500, repeated("", "'use strict';", "f(a||b)")),
        ("exports", 500, numbered("", "export const a%=()=>1;", "")),
        ("spread", 500, repeated("f(", "...a||b,", ")")),
        ("tagged templates", 250, repeated("f", "`${a||b}`", "")),
    ]
}

/// What one program costs in bytes: allocated, of the output with its source map, of the mapping.
fn cost(text: &str, options: &Options) -> [u64; 3] {
    let (language, source_type) = (Language::JavaScript, SourceType::Auto);
    let input = Input { name: "a.js", text, language, source_type, map: None };
    let mut sizes = [0; 2];
    let allocated = measure(|| {
        let mut builder = MappingBuilder::new();
        let done = instrument(input, options)
            .unwrap_or_else(|error| panic!("{error:?}: {}", text.chars().take(80).collect::<String>()));
        let first = done.register(input, &mut builder).unwrap();
        let names = SourceMapNames { file: "a.js".into(), sources: vec!["a.js".into()] };
        let output = done.finish(input, first, IdForm::Vlq, options.source_map.then_some(&names));
        let mut mapping = Vec::new();
        builder.build().write(MappingFormat::Pathlight, &mut mapping).unwrap();
        let map = output.source_map.map_or(0, |map| map.as_json().len());
        sizes = [output.code.len() + map, mapping.len()].map(|length| length as u64);
    });
    [allocated.bytes_total, sizes[0], sizes[1]]
}

/// Runs on a stack that no program here is too deep for: what other threads allocate is not counted.
fn with_stack(run: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
}

fn grows_evenly(name: &str, size: usize, shape: &dyn Fn(usize) -> String, options: &Options) -> Option<String> {
    let none = cost("", options);
    let (once, twice) = (cost(&shape(size), options), cost(&shape(2 * size), options));
    let uneven = ["memory", "output", "mapping"].into_iter().enumerate().filter_map(|(at, what)| {
        let [once, twice] = [once, twice].map(|cost| cost[at].saturating_sub(none[at]).max(1) as f64);
        (twice / once > MOST).then(|| format!("{what} of {name}: {once} and {twice}"))
    });
    let uneven: Vec<_> = uneven.collect();
    (!uneven.is_empty()).then(|| uneven.join(", "))
}

#[test]
fn twice_the_program_is_twice_the_work() {
    with_stack(|| {
        let options = Options { source_map: true, stack: STACK, ..Options::default() };
        let uneven = |(name, size, shape): (_, _, Shape)| grows_evenly(name, size, &*shape, &options);
        let uneven: Vec<_> = shapes().into_iter().filter_map(uneven).collect();
        assert!(uneven.is_empty(), "{}", uneven.join("\n"));
    });
}
