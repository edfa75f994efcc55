//! Whether a mapping file is all there. One that was cut reads as one of fewer probes, and what the others count would
//! be lost without a word.
//!
//! Every writer ends each line, numbers its probes from 1 without a gap, and lists in the headers what some entry uses;
//! pathlight's entries also name one another. So a text that was cut within a line does not end, and one of more than 25
//! probes that was cut behind a line has a gap: entries are sorted by the text of their ids, and number 26, `0B`, is
//! among the first. One of fewer lacks its last probes, which is seen if nothing that is left has their file, their
//! function's name or their kind, or if it names them. The manifest, which has the number of probes, shows it always.

use crate::error::MappingError;
use crate::mapping::Mapping;
use crate::probe::ProbeKind;
use crate::text::shorten;

impl Mapping {
    /// Reads a mapping file that must be whole, as far as can be told without its manifest.
    ///
    /// # Errors
    /// Those of [`Self::parse`], and [`MappingError::NotWhole`].
    pub fn parse_whole(text: &str) -> Result<Self, MappingError> {
        let (mapping, kinds) = Self::read(text)?;
        match mapping.loss(text, &kinds) {
            Some(what) => Err(MappingError::NotWhole { what }),
            None => Ok(mapping),
        }
    }

    /// What shows that something is missing.
    fn loss(&self, text: &str, kinds: &[ProbeKind]) -> Option<String> {
        if !text.ends_with('\n') {
            return Some("its last line does not end".to_owned());
        }
        if let Some((expected, (id, _))) = (1..).zip(&self.probes).find(|(expected, (id, _))| id.get() != *expected) {
            return Some(format!("it has an entry {id} and none with the number {expected}"));
        }
        let [mut files, mut functions] = [&self.files, &self.functions].map(|names| vec![false; names.len()]);
        for (id, probe) in &self.probes {
            files[probe.file as usize] = true;
            functions[probe.function as usize] = true;
            let named = probe.extent.iter().flat_map(|extent| extent.owner.into_iter().chain([extent.decision]));
            if let Some(other) = named.into_iter().find(|other| self.get(*other).is_none()) {
                return Some(format!("{id} names {other}, which has no entry"));
            }
        }
        let unused = |header, names: &[String], used: &[bool]| {
            let (name, _) = names.iter().zip(used).find(|(_, used)| !**used)?;
            Some(format!("{header} lists `{}`, of which it has no entry", shorten(name)))
        };
        let kind_names: Vec<String> = kinds.iter().map(|kind| kind.name().to_owned()).collect();
        let kinds: Vec<bool> = kinds.iter().map(|kind| self.kinds().contains(kind)).collect();
        unused("FileNames", &self.files, &files)
            .or_else(|| unused("FunctionNames", &self.functions, &functions))
            .or_else(|| unused("Types", &kind_names, &kinds))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// Function `f` with an `if`, and the anonymous function behind it.
    const WHOLE: &str = " FileNames:[\"a.js\",\"b.js\"]\n FunctionNames:[\"f\",\"\"]\n Types:[\"BRANCH\",\"FUNCTION\"]\n\
                         C:AAAEEEEGAEAC\nE:AACCACAGCAAE\nG:CCCCACACAAAG\n";

    #[test]
    fn a_mapping_that_was_cut_is_refused() {
        assert!(Mapping::parse_whole(WHOLE).is_ok());
        for length in 0..WHOLE.len() {
            assert!(Mapping::parse_whole(&WHOLE[..length]).is_err(), "{:?}", &WHOLE[..length]);
        }
    }

    #[test]
    fn mappings_of_all_fixtures_are_whole() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
        let mut folders = vec![fixtures.join("constructs"), fixtures.join("reference"), fixtures.join("reports")];
        let mut whole = 0;
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if name == "mapping.snap" || name.ends_with(".mapping") || name.ends_with(".mapping.txt") {
                    let text = fs::read_to_string(&path).unwrap();
                    // Of a snapshot what stands behind its head; Closure writes one line where it plants nothing.
                    let text = text.rsplit("---\n").next().unwrap();
                    if text != " Types:[]\n" {
                        Mapping::parse_whole(text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                        whole += 1;
                    }
                }
            }
        }
        assert!(whole > 200, "{whole}");
    }

    #[test]
    fn what_is_missing_is_said() {
        let loss = |text: &str| Mapping::parse_whole(text).unwrap_err().to_string();
        for (text, words) in [
            (&WHOLE[..WHOLE.len() - 1], "its last line does not end"),
            (&WHOLE.replace("E:AACCACAGCAAE\nG:CCCCACACAAAG\n", ""), "C names E, which has no entry"),
            (&WHOLE.replace("C:AAAEEEEGAEAC\n", ""), "an entry E and none with the number 1"),
            (&WHOLE.replace("G:CCCCACACAAAG\n", ""), "FileNames lists `b.js`"),
            (&WHOLE.replace("\"f\",\"\"", "\"f\",\"\",\"g\""), "FunctionNames lists `g`"),
            (&WHOLE.replace("\"FUNCTION\"", "\"FUNCTION\",\"BRANCH_DEFAULT\""), "Types lists `BRANCH_DEFAULT`"),
        ] {
            assert!(loss(text).contains(words), "{words}: {}", loss(text));
        }
    }
}
