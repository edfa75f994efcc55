//! Which probes V8's block coverage cannot check exactly, told from the instrumented program's structure.
//!
//! V8 counts a function when it is called and a loop's body before its variables are bound, and has no range at all
//! for some expressions. An excuse explains only counts that differ in its own way. In a class, V8's functions overlap:
//! there the count is looked up in the function that runs the place.

mod finder;

use std::collections::BTreeMap;

use swc_core::common::sync::Lrc;
use swc_core::common::{BytePos, FileName, SourceMap};
use swc_core::ecma::ast::{EsVersion, Program};
use swc_core::ecma::parser::{EsSyntax, Syntax, parse_file_as_commonjs, parse_file_as_module, parse_file_as_script};
use swc_core::ecma::visit::VisitWith;

use self::finder::Finder;
use super::engine::{Around, Unequal};
use super::grammar::Kind;
use crate::Failure;

/// Why V8 may count more than a probe.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Excuse {
    Generator,
    Parameters,
    MadeBehindParameters,
    Fields,
    LoopHead,
    LogicalAssignment,
    AssignmentInHead,
    AssignmentInCase,
    AssignmentBehindAnother,
    BehindDo,
    MadeBehindDo,
    SuspendedCase,
    SuspendedKey,
    Overwritten,
    ClassPart,
    ClassMember,
    CaseMember,
    ClassFunction,
}

/// A part of a class, by the function of V8's that runs it. Fields and static members have one each, from the first to
/// the last of the kind, and a constructor that is not written has the whole class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct ClassPart {
    /// Where the class, or the method of an object, begins and ends: UTF-16 offsets.
    start: u32,
    end: u32,
    /// The name of the function that V8 makes; `None` for heritage and keys, which run in the function around.
    runs_in: Option<&'static str>,
    /// Whether the class stands in the test of a case.
    is_in_case: bool,
}

const FIELDS: &str = "<instance_members_initializer>";
const STATICS: &str = "<static_initializer>";

impl ClassPart {
    /// The function that runs it, and whether it is its own.
    fn function<'a>(&self, around: &'a [Around]) -> Option<(&'a Around, bool)> {
        let own = around.iter().find(|function| Some(function.name.as_str()) == self.runs_in);
        let outer = || around.iter().find(|function| function.start < self.start || self.end < function.end);
        own.map(|function| (function, true)).or_else(|| outer().map(|function| (function, false)))
    }
}

/// The probes of a program that V8 may count otherwise, by the text of their id.
#[derive(Default)]
pub(super) struct Excused {
    excuses: BTreeMap<String, Excuse>,
    parts: BTreeMap<String, ClassPart>,
}

impl Excused {
    /// Why V8 counts something else.
    pub(super) fn explain(&self, found: &Unequal) -> Option<Excuse> {
        let (mut count, mut before) = (found.count, found.before);
        if let Some(part) = self.parts.get(&found.id)
            && let Some((function, is_own)) = part.function(&found.around)
        {
            if function.count == found.hits {
                return Some(Excuse::ClassPart);
            }
            // Never made, or it begins at a later member: what runs here has no range, only the class around it.
            if part.runs_in.is_some() && !is_own && found.hits < function.count {
                return Some(Excuse::ClassMember);
            }
            if part.runs_in.is_some() && !is_own && part.is_in_case && found.count == function.count {
                return Some(Excuse::CaseMember);
            }
            (count, before) = (function.count, function.before);
        }
        let excuse = *self.excuses.get(&found.id)?;
        excuse.explains(found.hits, count, before).then_some(excuse)
    }
}

impl Excuse {
    /// Name and reason in the committed counters.
    pub(super) const fn said(self) -> (&'static str, &'static str) {
        match self {
            Self::Generator => ("generator not started", "V8 counts the call, the probe the first resumption"),
            Self::Parameters => ("throwing parameters", "V8 counts the call, the probe the body"),
            Self::MadeBehindParameters => {
                ("function behind throwing parameters", "V8 never makes it and has no range for it")
            }
            Self::Fields => {
                ("throwing fields", "V8 counts the call, the probe the constructor's body behind the fields")
            }
            Self::LoopHead => ("throwing loop head", "V8 counts the round, the probe the body"),
            Self::BehindDo => {
                ("behind a `do` loop that is always left", "V8 loses the loop's end if its test has branches")
            }
            Self::MadeBehindDo => {
                ("function behind a `do` loop that is always left", "V8 never makes it and has no range for it")
            }
            Self::SuspendedCase => {
                ("case test with await or yield", "V8's range behind the suspension lies over the case")
            }
            Self::SuspendedKey => (
                "method behind a key with await or yield",
                "V8's range behind the suspension lies over the method, whose own begins before its key",
            ),
            Self::Overwritten => ("overwritten property", "V8 never makes its function and has no range for it"),
            Self::ClassPart => {
                ("class part", "V8's functions overlap here; the one that runs it has the same count as the probe")
            }
            Self::ClassMember => {
                ("field or static block", "V8 made no function that holds it, and has no range for it")
            }
            Self::CaseMember => (
                "field or static block in a case's test",
                "V8 made no function that holds it, and the case's range begins before its test",
            ),
            Self::ClassFunction => ("function in a class part, never called", "V8 has no range for it"),
            Self::LogicalAssignment => ("logical assignment", "V8 has no range for its right side"),
            Self::AssignmentInHead => (
                "logical assignment in a loop's head",
                "V8 has no range for its right side, nor for the rounds of the head",
            ),
            Self::AssignmentInCase => (
                "logical assignment in a case's test",
                "V8 has no range for its right side, and the case's range begins before its test",
            ),
            Self::AssignmentBehindAnother => (
                "logical assignment behind one with await or yield",
                "V8 has no range for either's right side, and all that follows counts as what is behind the suspension",
            ),
        }
    }
}

impl Excuse {
    /// Whether it explains these counts of a probe, of V8, and of V8 in front of the probe. That the probe's is right
    /// was found by the program's own count, which knows no excuse; here it only matters what V8 may say instead.
    const fn explains(self, hits: u64, count: u64, before: u64) -> bool {
        match self {
            // It has no range of its own, so that the count is the one in front of it.
            Self::LogicalAssignment => hits < count && count == before,
            // As above, but what is in front is counted as often as the loop, the case, or what is behind a suspension
            // that the program may have passed by.
            Self::AssignmentInHead
            | Self::AssignmentInCase
            | Self::AssignmentBehindAnother
            | Self::SuspendedCase
            | Self::SuspendedKey => count == before,
            Self::Overwritten | Self::ClassFunction | Self::MadeBehindDo | Self::MadeBehindParameters => hits == 0,
            Self::Generator | Self::Parameters | Self::Fields | Self::LoopHead | Self::BehindDo => hits < count,
            // Found by their functions.
            Self::ClassPart | Self::ClassMember | Self::CaseMember => false,
        }
    }
}

/// What V8 may count otherwise in an instrumented program.
pub(super) fn excused(code: &str, kind: Kind) -> Result<Excused, Failure> {
    let (program, start) = parse(code, kind)?;
    let mut finder = Finder::new(code, start);
    program.visit_with(&mut finder);
    Ok(finder.found())
}

/// The tree of a program, and where its spans begin to count.
pub(super) fn parse(code: &str, kind: Kind) -> Result<(Program, BytePos), Failure> {
    let sources: Lrc<SourceMap> = Lrc::default();
    let file = sources.new_source_file(FileName::Anon.into(), code.to_owned());
    let syntax = Syntax::Es(EsSyntax::default());
    let (target, mut recovered) = (EsVersion::latest(), Vec::new());
    let program = match kind {
        Kind::Script => parse_file_as_script(&file, syntax, target, None, &mut recovered).map(Program::Script),
        Kind::CommonJs => parse_file_as_commonjs(&file, syntax, target, None, &mut recovered).map(Program::Script),
        Kind::Module => parse_file_as_module(&file, syntax, target, None, &mut recovered).map(Program::Module),
    };
    let program = program.map_err(|error| format!("does not parse: {}", error.kind().msg()))?;
    Ok((program, file.start_pos))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(name: &str, start: u32, end: u32, count: u64) -> Around {
        Around { name: name.into(), start, end, count, before: count }
    }

    fn unequal(id: &str, hits: u64, count: u64, before: u64, around: Vec<Around>) -> Unequal {
        Unequal { id: id.into(), hits, count, before, around }
    }

    #[test]
    fn a_class_part_has_the_count_of_the_function_that_runs_it() {
        let code = "f(class extends (a && (ist_arr.push(1), b)) { static c = d && (ist_arr.push(2), e); })";
        let excused = excused(code, Kind::Script).unwrap();
        let script = || around("", 0, 90, 4);
        let class = || around("", 2, 84, 7);
        assert_eq!(excused.explain(&unequal("1", 4, 7, 7, vec![class(), script()])), Some(Excuse::ClassPart));
        assert_eq!(excused.explain(&unequal("1", 3, 7, 7, vec![class(), script()])), None);
        let statics = || around(STATICS, 52, 81, 3);
        assert_eq!(
            excused.explain(&unequal("2", 3, 7, 7, vec![statics(), class(), script()])),
            Some(Excuse::ClassPart)
        );
        assert_eq!(excused.explain(&unequal("2", 2, 7, 7, vec![statics(), class(), script()])), None);
        // V8 made no function for it.
        assert_eq!(excused.explain(&unequal("2", 2, 7, 7, vec![class(), script()])), Some(Excuse::ClassMember));
        assert_eq!(excused.explain(&unequal("2", 5, 7, 7, vec![class(), script()])), None);
    }

    #[test]
    fn a_static_block_in_a_case_has_the_count_of_the_case() {
        let switch = |test| format!("switch (a) {{ case {test}: b }}");
        let class = "class { static { if (c) { ist_arr.push(1); } } static d = 0 }";
        let found = || unequal("1", 1, 0, 0, vec![around("", 0, 90, 0)]);
        let explain = |code: &str| excused(code, Kind::Script).unwrap().explain(&found());
        assert_eq!(explain(&switch(class)), Some(Excuse::CaseMember));
        assert_eq!(explain(&format!("({class})")), None);
        assert_eq!(explain(&switch(&format!("() => ({class})"))), None);
    }

    #[test]
    fn a_right_side_has_the_count_in_front_of_it() {
        let excused = excused("a ||= (ist_arr.push(1), b);", Kind::Script).unwrap();
        assert_eq!(excused.explain(&unequal("1", 1, 2, 2, Vec::new())), Some(Excuse::LogicalAssignment));
        assert_eq!(excused.explain(&unequal("1", 1, 3, 2, Vec::new())), None);
        assert_eq!(excused.explain(&unequal("1", 3, 2, 2, Vec::new())), None);
    }

    #[test]
    fn a_suspension_that_was_passed_by_hides_what_follows() {
        let explain =
            |code: &str, hits| excused(code, Kind::Module).unwrap().explain(&unequal("1", hits, 0, 0, Vec::new()));
        let behind = "a &&= await 0; b ||= (ist_arr.push(1), 0)";
        assert_eq!(explain(behind, 1), Some(Excuse::AssignmentBehindAnother));
        assert_eq!(explain("a &&= async () => await 0; b ||= (ist_arr.push(1), 0)", 1), None);
        assert_eq!(explain("a &&= await 0; () => b ||= (ist_arr.push(1), 0)", 1), None);
        let case = "switch (a) { case 1: case await 0: ist_arr.push(1) }";
        assert_eq!(explain(case, 1), Some(Excuse::SuspendedCase));
        for object in ["({ [await 0]() { B } })", "({ get [await 0]() { B } })", "(class { static [await 0]() { B } })"]
        {
            let method = object.replace('B', "ist_arr.push(1);");
            assert_eq!(explain(&method, 1), Some(Excuse::SuspendedKey), "{method}");
            assert_eq!(explain(&method.replace("await", ""), 1), None, "{method}");
        }
    }
}
