//! Closure's entries and ours, paired and compared one by one. The test `reference` of `instrument` compares with
//! Closure's recorded answers by this same file, so it knows nothing but mappings.

use std::collections::BTreeMap;

use pathlight_mapping::{Mapping, MappingError, Probe, ProbeId, ProbeKind};

/// A row of a list of differences: case, Closure's id (or `-`), field, Closure's value, ours.
pub(crate) type Row = [String; 5];

/// Name of a reason, and the reason.
pub(crate) type Reason = (String, String);

/// Reads a list of differences: each row and its reason, which a comment in the list must explain.
pub(crate) fn read_list(text: &str) -> Result<BTreeMap<Row, Reason>, String> {
    let comments = text.lines().filter_map(|line| line.strip_prefix("# ")?.split_once(": "));
    let reasons: BTreeMap<_, _> = comments.collect();
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let cells: Vec<_> = line.split('\t').collect();
        let [case, id, field, closure, ours, reason] = cells.as_slice() else {
            return Err(format!("six cells are wanted: {line}"));
        };
        let Some(explanation) = reasons.get(reason) else {
            return Err(format!("no comment explains the reason {reason:?}: {line}"));
        };
        let row = [*case, *id, *field, *closure, *ours].map(str::to_owned);
        if rows.insert(row, ((*reason).to_owned(), (*explanation).to_owned())).is_some() {
            return Err(format!("twice: {line}"));
        }
    }
    Ok(rows)
}

/// A mapping of Closure's and ours of the same sources.
#[derive(Debug)]
pub(crate) struct Comparison<'a> {
    pub(crate) closure: &'a Mapping,
    pub(crate) ours: &'a Mapping,
    /// Closure's id and ours of the same place, by Closure's.
    pub(crate) pairs: Vec<(ProbeId, ProbeId)>,
}

/// One thing that is not the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Difference {
    /// Closure's id, if it has the entry.
    pub(crate) closure_id: Option<ProbeId>,
    /// Ours, if we have it.
    pub(crate) our_id: Option<ProbeId>,
    pub(crate) field: Field,
    pub(crate) closure: String,
    pub(crate) ours: String,
}

/// What differs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Field {
    /// The function's name.
    Function,
    /// Line and column.
    Position,
    /// Closure's ids in the order of ours.
    Order,
    /// An entry that Closure alone has.
    Missing,
    /// An entry that is ours alone.
    Extra,
    /// The ids that a run pushed, as far as both have the entry.
    Trace,
}

impl Field {
    /// The spelling in the lists of differences.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Position => "position",
            Self::Order => "order",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Trace => "trace",
        }
    }
}

impl Difference {
    /// The row that lists it.
    pub(crate) fn row(&self, case: &str) -> Row {
        let id = self.closure_id.map_or_else(|| "-".to_owned(), |id| id.to_string());
        [case.to_owned(), id, self.field.name().to_owned(), self.closure.clone(), self.ours.clone()]
    }
}

/// Reads a mapping that Closure wrote.
pub(crate) fn read_closure(text: &str) -> Result<Mapping, MappingError> {
    // Equal headers overwrite one another in Closure's table (D11): an empty program has the last one alone.
    if text == " Types:[]\n" { Ok(Mapping::default()) } else { Mapping::parse(text) }
}

impl<'a> Comparison<'a> {
    pub(crate) fn new(closure: &'a Mapping, ours: &'a Mapping) -> Self {
        Self { closure, ours, pairs: pair(closure, ours, &[is_equal, is_at_one_place, is_near, is_close, is_about]) }
    }

    /// Pairs entries of one place alone: where many stand on a line, others would be paired by chance.
    pub(crate) fn of_places(closure: &'a Mapping, ours: &'a Mapping) -> Self {
        Self { closure, ours, pairs: pair(closure, ours, &[is_at_one_place]) }
    }

    /// Every difference between the entries.
    pub(crate) fn entries(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        for &(closure_id, our_id) in &self.pairs {
            let (Some(theirs), Some(ours)) = (self.closure.get(closure_id), self.ours.get(our_id)) else { continue };
            let mut note = |field, closure: String, ours: String| {
                if closure != ours {
                    let (closure_id, our_id) = (Some(closure_id), Some(our_id));
                    found.push(Difference { closure_id, our_id, field, closure, ours });
                }
            };
            let names = (self.closure.function_name(theirs), self.ours.function_name(ours));
            note(Field::Function, names.0.to_owned(), names.1.to_owned());
            note(Field::Position, theirs.at.to_string(), ours.at.to_string());
        }
        found.extend(self.order());
        let is_paired = |id: &ProbeId| self.pairs.iter().any(|(theirs, _)| theirs == id);
        for (id, probe) in self.closure.probes().filter(|(id, _)| !is_paired(id)) {
            let closure = describe(self.closure, probe);
            found.push(Difference {
                closure_id: Some(id),
                our_id: None,
                field: Field::Missing,
                closure,
                ours: "-".into(),
            });
        }
        let is_paired = |id: &ProbeId| self.pairs.iter().any(|(_, ours)| ours == id);
        for (id, probe) in self.ours.probes().filter(|(id, _)| !is_paired(id)) {
            let ours = describe(self.ours, probe);
            found.push(Difference {
                closure_id: None,
                our_id: Some(id),
                field: Field::Extra,
                closure: "-".into(),
                ours,
            });
        }
        found
    }

    /// Ids are compared by their order among the entries that both have: one more entry shifts all others.
    fn order(&self) -> Option<Difference> {
        let closure: Vec<_> = self.pairs.iter().map(|(theirs, _)| *theirs).collect();
        let mut by_ours = self.pairs.clone();
        by_ours.sort_by_key(|(_, ours)| *ours);
        let ours: Vec<_> = by_ours.into_iter().map(|(theirs, _)| theirs).collect();
        sequence(Field::Order, &closure, &ours)
    }

    /// Those of Closure's ids of whose entries we have one too.
    pub(crate) fn shared(&self, closure: &[ProbeId]) -> impl Iterator<Item = ProbeId> {
        closure.iter().copied().filter(|id| self.pairs.iter().any(|(theirs, _)| theirs == id))
    }

    /// What a run of Closure's output and one of ours pushed, as Closure's ids and as far as both have the entry.
    pub(crate) fn trace(&self, closure: &[ProbeId], ours: &[ProbeId]) -> Option<Difference> {
        let closure: Vec<_> = self.shared(closure).collect();
        let closures_id = |id: &ProbeId| self.pairs.iter().find(|(_, ours)| ours == id).map(|(theirs, _)| *theirs);
        let ours: Vec<_> = ours.iter().filter_map(closures_id).collect();
        sequence(Field::Trace, &closure, &ours)
    }
}

fn sequence(field: Field, closure: &[ProbeId], ours: &[ProbeId]) -> Option<Difference> {
    let text = |ids: &[ProbeId]| ids.iter().map(ProbeId::to_string).collect::<Vec<_>>().join(" ");
    let (closure_id, our_id) = (None, None);
    (closure != ours).then(|| Difference { closure_id, our_id, field, closure: text(closure), ours: text(ours) })
}

fn describe(mapping: &Mapping, probe: &Probe) -> String {
    format!("{} {} {}", probe.kind.name(), mapping.function_name(probe), probe.at)
}

type Agree = fn(&Key, &Key) -> bool;

/// Those first that agree by the first of these, and so on. The kind and the file always agree.
fn pair(closure: &Mapping, ours: &Mapping, steps: &[Agree]) -> Vec<(ProbeId, ProbeId)> {
    let mut left: Vec<_> = ours.probes().map(|(id, probe)| (id, Key::of(ours, probe))).collect();
    let mut pairs = BTreeMap::new();
    for agree in steps {
        for (id, probe) in closure.probes() {
            let key = Key::of(closure, probe);
            let fits =
                |(_, other): &(ProbeId, Key)| (key.file, key.kind) == (other.file, other.kind) && agree(&key, other);
            if !pairs.contains_key(&id)
                && let Some(at) = left.iter().position(fits)
            {
                pairs.insert(id, left.remove(at).0);
            }
        }
    }
    pairs.into_iter().collect()
}

fn is_equal(a: &Key, b: &Key) -> bool {
    a == b
}

fn is_at_one_place(a: &Key, b: &Key) -> bool {
    (a.line, a.column) == (b.line, b.column)
}

fn is_near(a: &Key, b: &Key) -> bool {
    a.line == b.line && a.function == b.function
}

fn is_close(a: &Key, b: &Key) -> bool {
    a.line == b.line && a.column.abs_diff(b.column) < 30
}

fn is_about(a: &Key, b: &Key) -> bool {
    a.function == b.function && a.line.abs_diff(b.line) < 2
}

#[derive(PartialEq, Eq)]
struct Key<'a> {
    file: &'a str,
    kind: ProbeKind,
    function: &'a str,
    line: u32,
    column: u32,
}

impl<'a> Key<'a> {
    fn of(mapping: &'a Mapping, probe: &Probe) -> Self {
        let (file, function) = (mapping.file_name(probe), mapping.function_name(probe));
        Self { file, kind: probe.kind, function, line: probe.at.line, column: probe.at.column }
    }
}
