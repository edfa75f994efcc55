//! `pathlight decode`: a mapping file for a person or a script.

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use pathlight_mapping::{Mapping, decode, write_decoded};

use crate::diagnostic::Failure;
use crate::flags::{DecodeFlags, check_folder};

pub(crate) fn run(flags: &DecodeFlags) -> Result<(), Failure> {
    let path = &flags.mapping;
    if let Some(folder) = &flags.sources {
        check_folder("--sources", folder, "name the folder that the file names in the mapping are relative to")?;
    }
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map_err(Failure::io("read", Path::new("standard input")))?;
        bytes
    } else {
        fs::read(path).map_err(Failure::io("read", path))?
    };
    let bad = |what: String| {
        Failure::File(path.clone(), what, "give the file that `pathlight instrument --mapping` wrote".into())
    };
    let text = String::from_utf8(bytes).map_err(|_| bad("not a mapping file: it is no UTF-8 text".into()))?;
    let mapping = Mapping::parse(&text).map_err(|error| bad(error.to_string()))?;

    let mut out = BufWriter::new(io::stdout().lock());
    if flags.json {
        let rows: Vec<_> = decode(&mapping).collect();
        serde_json::to_writer_pretty(&mut out, &rows).map_err(|error| Failure::Output(error.into()))?;
        writeln!(out).map_err(Failure::Output)?;
    } else {
        let source = |name: &str| {
            let bytes = fs::read(flags.sources.as_ref()?.join(name)).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        write_decoded(&mapping, source, &mut out).map_err(Failure::Output)?;
    }
    out.flush().map_err(Failure::Output)
}
