//! The list of breakages; each is done at every place that a program has for it.

use std::ops::Range;

use pathlight_mapping::{Probe, ProbeId};

use super::spots::{Arm, Body, Mark, Spots};

/// One way to do the pass's work wrong.
pub(super) struct Breakage {
    /// What is wrong then.
    pub(super) name: &'static str,
    pub(super) how: How,
}

/// What of the output is broken.
#[derive(Clone, Copy)]
pub(super) enum How {
    Code(fn(&Spots, &mut Edits)),
    Mapping(fn(&mut [(ProbeId, Probe)])),
}

const fn code(name: &'static str, how: fn(&Spots, &mut Edits)) -> Breakage {
    Breakage { name, how: How::Code(how) }
}

const fn mapping(name: &'static str, how: fn(&mut [(ProbeId, Probe)])) -> Breakage {
    Breakage { name, how: How::Mapping(how) }
}

pub(super) const BREAKAGES: [Breakage; 33] = [
    // Counts.
    code("probes of both branches swapped", |spots, edits| {
        spots.decisions.iter().for_each(|(one, other)| edits.swap(one, other));
    }),
    code("no probe in `else`", |spots, edits| spots.elses.iter().for_each(|body| edits.remove(&body.mark.whole))),
    code("no probe in functions", |spots, edits| {
        spots.functions.iter().for_each(|function| edits.remove(&function.body.mark.whole));
    }),
    code("no probe in arms", |spots, edits| spots.arms.iter().for_each(|arm| edits.remove_probe(arm))),
    code("branches counted when they are left", |spots, edits| {
        spots.thens.iter().for_each(|body| edits.move_to_end(body));
    }),
    code("functions counted when they are left", |spots, edits| {
        spots.functions.iter().for_each(|function| edits.move_to_end(&function.body));
    }),
    code("functions counted twice", |spots, edits| {
        spots.functions.iter().for_each(|function| edits.repeat(&function.body.mark));
    }),
    code("constructors counted behind `super()`", |spots, edits| {
        let constructors = spots.functions.iter().filter_map(|function| Some((function, function.super_call?)));
        constructors.for_each(|(function, behind)| edits.move_to(&function.body.mark, behind));
    }),
    code("generators counted when they are called", |spots, edits| {
        for function in spots.functions.iter().filter(|function| function.is_generator && !function.has_directives) {
            if let Some((at, comma)) = function.parameter {
                edits.remove(&function.body.mark.whole);
                let call = edits.text(&function.body.mark.whole).trim_end_matches(';').to_owned();
                edits.insert(at, format!("{comma}more = {call}"));
            }
        }
    }),
    code("loops counted once", |spots, edits| {
        spots.loops.iter().for_each(|(whole, body)| edits.move_to(&body.mark, whole.start));
    }),
    code("rounds counted when they end", |spots, edits| {
        spots.loops.iter().for_each(|(_, body)| edits.move_to_end(body));
    }),
    code("cases counted as their neighbors", |spots, edits| {
        for pair in spots.switches.iter().flat_map(|marks| marks.chunks_exact(2)) {
            edits.swap(&pair[0].id, &pair[1].id);
        }
    }),
    code("falling out of the last case is no match", |spots, edits| {
        spots.breaks.iter().for_each(|leave| edits.remove(leave));
    }),
    code("right sides counted though they are not evaluated", |spots, edits| {
        spots.logical.iter().for_each(|(whole, arm)| edits.count_always(whole, arm));
    }),
    code("assigned values counted though they are not evaluated", |spots, edits| {
        spots.assigned.iter().for_each(|(whole, arm)| edits.count_always(whole, arm));
    }),
    code("a probe that the mapping lacks", |spots, edits| {
        let ends = spots.functions.iter().map(|function| function.body.mark.whole.end);
        ends.for_each(|end| edits.insert(end, "ist_arr.push(\"zzzz\");".to_owned()));
    }),
    // Meaning.
    code("probes in front of directives", |spots, edits| {
        let behind = spots.functions.iter().filter(|function| function.has_directives);
        behind.for_each(|function| edits.move_to(&function.body.mark, function.open));
    }),
    code("directives lost", |spots, edits| spots.directives.iter().for_each(|directive| edits.remove(directive))),
    code("arms have the probe's value", |spots, edits| spots.arms.iter().for_each(|arm| edits.behind_value(arm))),
    code("the probe's value is assigned", |spots, edits| {
        spots.assigned.iter().for_each(|(_, arm)| edits.behind_value(arm));
    }),
    code("names of assigned functions lost", |spots, edits| {
        for (head, tail) in spots.assigned.iter().filter_map(|(_, arm)| arm.named.as_ref()) {
            edits.remove(head);
            edits.remove(tail);
        }
    }),
    code("names lost behind a comma", |spots, edits| {
        spots.named.iter().for_each(|value| edits.wrap(value, "(0, ", ")"));
    }),
    code("`this` and `arguments` of another function", |spots, edits| {
        let bound = spots.arms.iter().chain(spots.logical.iter().map(|(_, arm)| arm)).filter(|arm| arm.is_bound);
        bound.for_each(|arm| edits.wrap(&arm.value, "(function () { return ", "; })()"));
    }),
    code("`this` of calls lost", |spots, edits| {
        spots.callees.iter().for_each(|member| edits.wrap(member, "(0, ", ")"))
    }),
    code("operands of `delete` and `typeof` behind a comma", |spots, edits| {
        spots.operands.iter().for_each(|operand| edits.wrap(operand, "(0, ", ")"));
    }),
    code("optional chains cut", |spots, edits| spots.chains.iter().for_each(|chain| edits.wrap(chain, "(", ")"))),
    code("one parameter more", |spots, edits| {
        for (at, comma) in spots.functions.iter().filter_map(|function| function.parameter) {
            edits.insert(at, format!("{comma}more"));
        }
    }),
    code("value of a script is a probe's", |spots, edits| {
        for (block, call) in &spots.kept {
            edits.remove(&(block.start..call.start));
            edits.remove(&(call.end..block.end));
            edits.insert(block.end, ";".to_owned());
        }
    }),
    code("probes awaited", |spots, edits| {
        let asynchronous = spots.functions.iter().filter(|function| function.is_async);
        asynchronous.for_each(|function| edits.insert(function.body.mark.whole.start, "await ".to_owned()));
    }),
    // What the mapping says.
    mapping("entries swapped in the mapping", |entries| {
        entries.chunks_exact_mut(2).for_each(|pair| {
            let [(_, one), (_, other)] = pair else { return };
            std::mem::swap(one, other);
        });
    }),
    mapping("entries of one kind swapped in the mapping", |entries| {
        for at in 1..entries.len() {
            let (before, rest) = entries.split_at_mut(at);
            let ((_, one), (_, other)) = (&mut before[at - 1], &mut rest[0]);
            if one.kind == other.kind {
                std::mem::swap(one, other);
            }
        }
    }),
    mapping("functions recorded one column late", |entries| {
        entries.iter_mut().for_each(|(_, probe)| probe.at.column += u32::from(probe.kind.name() == "FUNCTION"));
    }),
    mapping("an entry without a probe", |entries| {
        if let [.., (_, before), (_, last)] = entries {
            *last = *before;
        }
    }),
];

/// Changes of a text.
pub(super) struct Edits<'a> {
    code: &'a str,
    edits: Vec<(Range<usize>, String)>,
}

impl<'a> Edits<'a> {
    pub(super) fn new(code: &'a str) -> Self {
        Self { code, edits: Vec::new() }
    }

    /// The text with the changes; `None` if there are none.
    pub(super) fn applied(mut self) -> Option<String> {
        // What ends at an offset stands before what begins there; of two insertions the first one asked for.
        self.edits.sort_by_key(|(part, _)| (part.start, part.end));
        let mut text = String::with_capacity(self.code.len() * 2);
        let mut from = 0;
        for (part, new) in &self.edits {
            text.push_str(&self.code[from..part.start.max(from)]);
            text.push_str(new);
            from = part.end.max(from);
        }
        text.push_str(&self.code[from..]);
        (text != self.code).then_some(text)
    }

    fn text(&self, part: &Range<usize>) -> &'a str {
        &self.code[part.clone()]
    }

    fn remove(&mut self, part: &Range<usize>) {
        self.edits.push((part.clone(), String::new()));
    }

    fn insert(&mut self, at: usize, text: String) {
        self.edits.push((at..at, text));
    }

    fn wrap(&mut self, part: &Range<usize>, head: &str, tail: &str) {
        self.insert(part.start, head.to_owned());
        self.insert(part.end, tail.to_owned());
    }

    fn swap(&mut self, one: &Range<usize>, other: &Range<usize>) {
        self.edits.push((one.clone(), self.text(other).to_owned()));
        self.edits.push((other.clone(), self.text(one).to_owned()));
    }

    fn move_to(&mut self, mark: &Mark, at: usize) {
        self.remove(&mark.whole);
        self.insert(at, format!(" {} ", self.text(&mark.whole)));
    }

    /// In an empty body it is there already.
    fn move_to_end(&mut self, body: &Body) {
        if !body.is_empty {
            self.move_to(&body.mark, body.end);
        }
    }

    fn repeat(&mut self, mark: &Mark) {
        self.insert(mark.whole.end, self.text(&mark.whole).to_owned());
    }

    /// `(probe, value)` becomes `(value)`.
    fn remove_probe(&mut self, arm: &Arm) {
        self.remove(&(arm.mark.whole.start..arm.value.start));
    }

    /// `(probe, value)` becomes `(value, probe)`.
    fn behind_value(&mut self, arm: &Arm) {
        self.remove_probe(arm);
        self.insert(arm.value.end, format!(", {}", self.text(&arm.mark.whole)));
    }

    /// `a && (probe, b)` becomes `(probe, a && (b))`.
    fn count_always(&mut self, whole: &Range<usize>, arm: &Arm) {
        self.remove_probe(arm);
        self.wrap(whole, &format!("({}, ", self.text(&arm.mark.whole)), ")");
    }
}
