//! `pathlight instrument`: from inputs to instrumented code, mapping and manifest.
//!
//! ```text
//! inputs ─▶ read ─▶ number ─▶ write ─▶ stage ─▶ the output folder, mapping, manifest
//!           side by side, in the order of the inputs, side by side
//! ```

mod job;
mod join;
mod manifest;
mod panics;
mod pipeline;
mod places;
mod read;
mod summary;
mod target;
mod write;

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use pathlight_instrument::{Language, Options, STACK, StripOptions, externs_declare, is_array_name};
use pathlight_mapping::{MappingFormat, is_origin_id, manifest_path};

use self::job::{Run, Shared};
use self::join::join;
use self::manifest::{build_manifest, mapping_text};
use self::places::refuse_to_overwrite;
use self::summary::{Summary, report};
use self::target::{Target, map_path};
use crate::closure::{CoverageOption, mapping_path, note_compilation_level};
use crate::diagnostic::{Excerpt, Failure, FileError, Problem};
use crate::flags::{DecoratorsFlag, InstrumentFlags, SourceMapsFlag, check_folder};
use crate::inputs;
use crate::interrupt;
use crate::paths::absolute;
use crate::stage::{Stage, is_stream};
use crate::terminal;

pub(crate) fn run(flags: InstrumentFlags) -> Result<(), Failure> {
    let option = CoverageOption::parse(flags.coverage_option.as_deref())?;
    check(&flags)?;
    if let (Some(level), false) = (&flags.compilation_level, flags.quiet) {
        note_compilation_level(level);
    }
    let may_use_array = check_externs(&flags)?;
    let mut found = inputs::find(&flags)?;
    if option == CoverageOption::None {
        for file in &mut found.files {
            (file.output, file.kind) = (file.copy_output(), None);
        }
    }
    let target = Target::new(&flags, found.files.len())?;
    let maps_beside = match flags.source_maps {
        SourceMapsFlag::File => found.take_maps_beside(map_path),
        SourceMapsFlag::None | SourceMapsFlag::Inline => HashMap::new(),
    };
    let working = std::env::current_dir().map_err(Failure::io("find", Path::new("the working folder")))?;
    let mapping = (option == CoverageOption::Production && flags.mapping != Path::new("-"))
        .then(|| absolute(&working, &mapping_path(&flags)));
    refuse_to_overwrite(&target, &found.files, flags.source_maps == SourceMapsFlag::File, mapping.as_deref())?;
    let root = flags.root.as_ref().map_or_else(|| working.clone(), |root| absolute(&working, root));
    // Reading from a terminal, one Ctrl-C must be enough.
    if found.files.iter().all(|file| file.path.is_some()) {
        interrupt::catch().map_err(Failure::io("watch", Path::new("for signals")))?;
    }
    let out_dir = match &target {
        Target::Folder(dir) => Some(dir.as_path()),
        Target::File(_) | Target::Stdout => None,
    };
    let threads = flags.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let stack = pipeline::stack_for(threads, STACK);
    let run = Run {
        files: &found.files,
        maps_beside,
        options: Options {
            array: flags.array_name.clone(),
            declare: !flags.no_declare,
            may_use_array,
            granularity: flags.granularity.into(),
            strip: flags.strip_types.then(|| StripOptions {
                jsx: flags.jsx.unwrap_or_default().into(),
                decorators: flags.decorators.unwrap_or_default().into(),
                metadata: flags.emit_decorator_metadata.map(Into::into),
            }),
            source_map: flags.source_maps != SourceMapsFlag::None,
            stack,
        },
        ids: flags.ids.into(),
        source_type: flags.source_type.into(),
        source_maps: flags.source_maps,
        follows_maps: !flags.no_input_source_maps,
        keeps_going: flags.keep_going,
        verifies: flags.verify,
        embeds_sources: flags.embed_sources,
        root: &root,
        target: &target,
        stage: Stage::new(out_dir)?,
        bar: terminal::progress(found.files.len() as u64, flags.quiet),
        shared: Mutex::default(),
    };
    panics::silence();
    pipeline::run(&run, found.files.len(), threads, stack).map_err(Failure::io("start", Path::new("a thread")))?;
    run.bar.finish_and_clear();
    if let Some(signal) = interrupt::caught() {
        return Err(Failure::Interrupted(signal));
    }

    let Run { stage, shared, .. } = run;
    let shared = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    let first = found.files.first().and_then(|file| file.path.as_deref());
    let (summary, notes) = put_in_place(&flags, option, &target, stage, shared, first)?;
    found.notes.extend(notes);
    report(&flags, &found.notes, &summary, &target)
}

/// The end of a run: its errors, or what is written once for all files, and then everything into its place. What is
/// joined in one file begins as the `first` input does, with its hashbang.
fn put_in_place(
    flags: &InstrumentFlags,
    option: CoverageOption,
    target: &Target,
    mut stage: Stage,
    shared: Shared,
    first: Option<&Path>,
) -> Result<(Summary, Vec<String>), Failure> {
    let Shared { mapping, mut errors, mut notes, joined, mut manifest, counts, .. } = shared;
    if !errors.is_empty() {
        errors.sort_by_key(|(file, _)| *file);
        return Err(Failure::Files(errors.into_iter().map(|(_, error)| error).collect()));
    }
    let mapping = mapping.build();
    let mut summary = Summary { counts, probes: mapping.len(), build: None, mapping: None };
    if option == CoverageOption::Production {
        manifest.sort_by_key(|(file, _)| *file);
        let path = mapping_path(flags);
        // What the build id is made of, whatever the format of the file.
        let mut text = mapping_text(&mapping, MappingFormat::Pathlight);
        let manifest = build_manifest(&mapping, &text, manifest, flags);
        if MappingFormat::from(flags.mapping_format) == MappingFormat::Closure {
            text = mapping_text(&mapping, MappingFormat::Closure);
        }
        if path == Path::new("-") {
            write_to_stdout(&text)?;
        } else {
            stage.write_single(&path, &text, None)?;
            // Nothing stands beside a device or a pipe.
            if !is_stream(&path) {
                stage.write_single(&manifest_path(&path), manifest.to_json().as_bytes(), None)?;
            }
        }
        summary.build = Some(manifest.build);
        summary.mapping = Some(path);
    }
    let joined = join(joined, flags.source_maps, target);
    match target {
        Target::Folder(_) => {}
        Target::File(path) => {
            stage.write_single(path, &joined.code, first)?;
            if let Some(map) = &joined.map_file {
                stage.write_single(&map_path(path), map.as_json().as_bytes(), None)?;
            }
        }
        Target::Stdout => write_to_stdout(&joined.code)?,
    }
    stage.commit()?;
    if summary.counts.instrumented == 0 && option == CoverageOption::Production {
        notes.push((usize::MAX, "no file was instrumented: check the inputs, --include and --exclude".into()));
    }
    // Those of one file stand in its order; of an original that went into several files each is said once.
    notes.sort_by_key(|(file, _)| *file);
    let mut said = HashSet::new();
    notes.retain(|(_, note)| said.insert(note.clone()));
    Ok((summary, notes.into_iter().map(|(_, note)| note).collect()))
}

/// All of it: what has no line break at its end would wait, and its loss would go unnoticed.
fn write_to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(Failure::Output)
}

/// Flags that contradict each other.
fn check(flags: &InstrumentFlags) -> Result<(), Failure> {
    if !is_array_name(&flags.array_name) {
        return Err(Failure::usage(
            format!("--array-name {}: not a name that probes can use", flags.array_name),
            "use one identifier that is neither a reserved word nor `_` nor always there, such as ist_arr",
        ));
    }
    if flags.build_id.as_deref().is_some_and(|id| !is_origin_id(id)) {
        return Err(Failure::usage(
            "--build-id: not an identity that reports can carry",
            "use 1 to 128 bytes without control characters, such as a version or a commit's hash",
        ));
    }
    if let Some(root) = &flags.root {
        check_folder("--root", root, "name the folder that file names in the mapping are to be relative to")?;
    }
    let of_stripping = [("--jsx", flags.jsx.is_some()), ("--decorators", flags.decorators.is_some())];
    if let Some((flag, _)) = of_stripping.iter().find(|(_, is_given)| *is_given && !flags.strip_types) {
        return Err(Failure::usage(
            format!("{flag}: types, JSX and decorators stay as they are unless types are stripped"),
            "add --strip-types, or leave it out",
        ));
    }
    let has_legacy_decorators = flags.strip_types && flags.decorators == Some(DecoratorsFlag::Legacy);
    if flags.emit_decorator_metadata.is_some() && !has_legacy_decorators {
        return Err(Failure::usage(
            "--emit-decorator-metadata: only legacy decorators have it, where types are stripped",
            "add --strip-types --decorators legacy, or leave it out",
        ));
    }
    let stdout_users = [
        flags.json,
        flags.mapping == Path::new("-"),
        flags.out_dir.is_none() && flags.out_file.as_deref().is_none_or(|path| path == Path::new("-")),
    ];
    if stdout_users.iter().filter(|uses| **uses).count() > 1 {
        return Err(Failure::usage(
            "code, mapping and --json summary cannot share standard output",
            "write the code with --out-dir or --out-file, and the mapping with --mapping FILE",
        ));
    }
    Ok(())
}

/// As in Closure Compiler, an externs file must declare the name; files may then use it.
fn check_externs(flags: &InstrumentFlags) -> Result<bool, Failure> {
    if flags.externs.is_empty() {
        return Ok(false);
    }
    for path in &flags.externs {
        let text = fs::read_to_string(path).map_err(Failure::io("read", path))?;
        let language = pathlight_instrument::FileKind::of(&path.to_string_lossy())
            .map_or(Language::JavaScript, |kind| kind.language);
        let declares = externs_declare(&text, language, &flags.array_name).map_err(|error| {
            let excerpt = error.span.clone().map(|span| Excerpt::new(&text, span));
            let problem = Problem::Externs(Box::new(error), excerpt);
            Failure::Files(vec![FileError { name: path.display().to_string(), problem }])
        })?;
        if declares {
            return Ok(true);
        }
    }
    Err(Failure::usage(
        format!("no externs file declares `{}`", flags.array_name),
        format!("add `var {};` at the top level of one of them: `window.{0}` is not enough", flags.array_name),
    ))
}
