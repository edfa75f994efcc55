//! The mapping (lookup) and its builder (interning, numbering).

use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::continuation::Continuation;
use crate::probe::{Probe, ProbeId, ProbeKind};

/// What every id of one build stands for. Immutable once built.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mapping {
    pub(crate) files: Vec<String>,
    pub(crate) functions: Vec<String>,
    /// Sorted by id, each id once.
    pub(crate) probes: Vec<(ProbeId, Probe)>,
    /// Sorted by [`Continuation::key`].
    pub(crate) continuations: Vec<Continuation>,
}

impl Mapping {
    /// File names, in order of their first probe.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// Function names, in order of their first probe. Not unique to one function.
    pub fn functions(&self) -> &[String] {
        &self.functions
    }

    /// Every probe, by rising id.
    pub fn probes(&self) -> impl ExactSizeIterator<Item = (ProbeId, &Probe)> {
        self.probes.iter().map(|(id, probe)| (*id, probe))
    }

    /// Every continuation, by the id of its first probe. None in Closure's format.
    pub fn continuations(&self) -> &[Continuation] {
        &self.continuations
    }

    /// The same by their first probe: most probes have none, and the writer asks for each.
    pub(crate) fn continuations_by_first(&self) -> FxHashMap<ProbeId, &[Continuation]> {
        let groups = self.continuations.chunk_by(|left, right| left.plus.first() == right.plus.first());
        groups.filter_map(|group| Some((*group.first()?.plus.first()?, group))).collect()
    }

    /// Number of probes.
    pub fn len(&self) -> usize {
        self.probes.len()
    }

    /// Whether no probe was planted.
    pub fn is_empty(&self) -> bool {
        self.probes.is_empty()
    }

    /// What `id` stands for; `None` if this build has no such probe.
    pub fn get(&self, id: ProbeId) -> Option<&Probe> {
        self.position(id).map(|at| &self.probes[at].1)
    }

    /// Place of `id` among [`Self::probes`], from 0; `None` if this build has no such probe.
    #[inline]
    pub fn position(&self, id: ProbeId) -> Option<usize> {
        let guess = id.get() as usize - 1;
        // Ids are dense in every mapping that pathlight writes; then the guess is right.
        match self.probes.last() {
            Some((last, _)) if last.get() as usize == self.probes.len() => (guess < self.probes.len()).then_some(guess),
            _ => self.probes.binary_search_by_key(&id, |(id, _)| *id).ok(),
        }
    }

    /// Name of the file that `probe` stands in.
    pub fn file_name(&self, probe: &Probe) -> &str {
        &self.files[probe.file as usize]
    }

    /// Name of the function that owns `probe`.
    pub fn function_name(&self, probe: &Probe) -> &str {
        &self.functions[probe.function as usize]
    }

    /// The kinds in use, in order of their first probe: the list behind the `Types` header.
    pub(crate) fn kinds(&self) -> Vec<ProbeKind> {
        let mut kinds = Vec::with_capacity(ProbeKind::ALL.len());
        for (_, probe) in &self.probes {
            if !kinds.contains(&probe.kind) {
                kinds.push(probe.kind);
                if kinds.len() == ProbeKind::ALL.len() {
                    break;
                }
            }
        }
        kinds
    }
}

/// Collects probes in the order of their ids.
#[derive(Debug, Default)]
pub struct MappingBuilder {
    /// Without its names.
    mapping: Mapping,
    files: Names,
    functions: Names,
}

/// Each name once, in order of its first use.
type Names = IndexSet<String, FxBuildHasher>;

impl MappingBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// The id that the next probe will get; `None` when 2³¹−1 probes are there.
    pub fn next_id(&self) -> Option<ProbeId> {
        ProbeId::new(u32::try_from(self.mapping.probes.len()).ok()? + 1)
    }

    /// Index of a file name, added at its first use.
    pub fn file(&mut self, name: &str) -> u32 {
        intern(&mut self.files, name)
    }

    /// Index of a function name, added at its first use.
    pub fn function(&mut self, name: &str) -> u32 {
        intern(&mut self.functions, name)
    }

    /// The probes from number `first` on, by rising id.
    pub fn probes_from(&self, first: u32) -> &[(ProbeId, Probe)] {
        let before = (first as usize).saturating_sub(1);
        self.mapping.probes.get(before..).unwrap_or_default()
    }

    /// Makes room for so many more probes.
    pub fn reserve(&mut self, probes: usize) {
        self.mapping.probes.reserve(probes);
    }

    /// Adds a probe under [`Self::next_id`]; `None` when there is no id left.
    pub fn push(&mut self, probe: Probe) -> Option<ProbeId> {
        let id = self.next_id()?;
        self.mapping.probes.push((id, probe));
        Some(id)
    }

    /// Adds a continuation of probes that are there.
    pub fn push_continuation(&mut self, continuation: Continuation) {
        self.mapping.continuations.push(continuation);
    }

    /// The finished mapping.
    pub fn build(mut self) -> Mapping {
        self.mapping.continuations.sort_by_key(Continuation::key);
        let [files, functions] = [self.files, self.functions].map(|names| names.into_iter().collect());
        Mapping { files, functions, ..self.mapping }
    }
}

fn intern(names: &mut Names, name: &str) -> u32 {
    let at = names.get_index_of(name).unwrap_or_else(|| names.insert_full(name.to_owned()).0);
    at as u32
}
