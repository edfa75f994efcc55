//! Writes the seeds of every target to `<folder>/<target>/seeds`, and says each target's name and dictionary in a
//! line, for `cargo xtask fuzz`.

// Its lines are read by another program.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "name the folder for the seeds"));
    };
    for target in &pathlight_fuzz::TARGETS {
        let seeds = folder.join(target.name).join("seeds");
        fs::create_dir_all(&seeds)?;
        for (at, seed) in (target.seeds)().iter().enumerate() {
            fs::write(seeds.join(at.to_string()), seed)?;
        }
        println!("{} {}", target.name, target.dictionary.unwrap_or_default());
    }
    Ok(())
}
