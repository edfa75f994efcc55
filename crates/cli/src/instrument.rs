//! `pathlight instrument`: from inputs to instrumented code, mapping and manifest.

use std::any::Any;
use std::collections::HashMap;
use std::fs;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use indicatif::ProgressBar;
use pathlight_instrument::{
    ErrorKind, Input, InputMap, Instrumented, Language, Options, Output, SourceMapNames, SourceMapText, SourceType,
    StripOptions, check as check_output, externs_declare, instrument, is_array_name, join_maps, line_breaks,
};
use pathlight_mapping::{
    BuildManifest, ContentHash, IdForm, MANIFEST_SCHEMA, ManifestFile, Mapping, MappingBuilder, MappingFormat,
    manifest_path,
};

use crate::closure::{CoverageOption, expand_outname, note_compilation_level};
use crate::diagnostic::{Excerpt, Failure, FileError, Problem};
use crate::flags::{GranularityFlag, InstrumentFlags, SourceMapsFlag};
use crate::inputs::{self, InputFile, absolute, relative};
use crate::interrupt;
use crate::pipeline::{self, Stages};
use crate::source_maps::{self, FoundMap};
use crate::stage::Stage;
use crate::terminal;

/// Stack of a worker: enough for programs nested thousands of levels deep. It is reserved, not used.
const STACK: usize = 256 << 20;

pub(crate) fn run(flags: InstrumentFlags) -> Result<(), Failure> {
    let option = CoverageOption::parse(flags.coverage_option.as_deref())?;
    check(&flags)?;
    if let (Some(level), false) = (&flags.compilation_level, flags.quiet) {
        note_compilation_level(level);
    }
    let may_use_array = check_externs(&flags)?;
    let mut found = inputs::find(&flags)?;
    if option == CoverageOption::None {
        found.files.iter_mut().for_each(|file| file.kind = None);
    }
    let target = Target::new(&flags, found.files.len())?;
    target.refuse_to_overwrite(&found.files)?;
    let maps_beside = match flags.source_maps {
        SourceMapsFlag::File => found.take_maps_beside(map_path),
        SourceMapsFlag::None | SourceMapsFlag::Inline => HashMap::new(),
    };
    let working = std::env::current_dir().map_err(Failure::io("find", Path::new("the working folder")))?;
    let root = flags.root.as_ref().map_or_else(|| working.clone(), |root| absolute(&working, root));
    // Reading from a terminal, one Ctrl-C must be enough.
    if found.files.iter().all(|file| file.path.is_some()) {
        interrupt::catch().map_err(Failure::io("watch", Path::new("for signals")))?;
    }
    let out_dir = match &target {
        Target::Folder(dir) => Some(dir.as_path()),
        Target::File(_) | Target::Stdout => None,
    };
    let run = Run {
        files: &found.files,
        maps_beside,
        options: Options {
            array: flags.array_name.clone(),
            declare: !flags.no_declare,
            may_use_array,
            granularity: flags.granularity.into(),
            strip: flags
                .strip_types
                .then(|| StripOptions { jsx: flags.jsx.into(), decorators: flags.decorators.into() }),
            source_map: flags.source_maps != SourceMapsFlag::None,
            stack: STACK,
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
    silence_panics();
    let threads = flags.threads.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    pipeline::run(&run, found.files.len(), threads, STACK).map_err(Failure::io("start", Path::new("a thread")))?;
    run.bar.finish_and_clear();
    if let Some(signal) = interrupt::caught() {
        return Err(Failure::Interrupted(signal));
    }

    let Run { mut stage, shared, .. } = run;
    let Shared { mapping, mut errors, mut notes, joined, mut manifest, counts, .. } =
        shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    if !errors.is_empty() {
        errors.sort_by_key(|(file, _)| *file);
        return Err(Failure::Files(errors.into_iter().map(|(_, error)| error).collect()));
    }
    let mapping = mapping.build();
    let mut summary = Summary { counts, probes: mapping.len(), build: None, mapping: None };
    if option == CoverageOption::Production {
        manifest.sort_by_key(|(file, _)| *file);
        let path = expand_outname(&flags.mapping, flags.out_file.as_deref());
        // What the build id is made of, whatever the format of the file.
        let mut text = mapping_text(&mapping, MappingFormat::Pathlight);
        let manifest = build_manifest(&mapping, &text, manifest, &flags);
        if MappingFormat::from(flags.mapping_format) == MappingFormat::Closure {
            text = mapping_text(&mapping, MappingFormat::Closure);
        }
        if path == Path::new("-") {
            io::stdout().write_all(&text).map_err(Failure::Output)?;
        } else {
            stage.write_single(&path, &text)?;
            stage.write_single(&manifest_path(&path), manifest.to_json().as_bytes())?;
        }
        summary.build = Some(manifest.build);
        summary.mapping = Some(path);
    }
    let joined = join(joined, flags.source_maps, &target);
    match &target {
        Target::Folder(_) => {}
        Target::File(path) => {
            stage.write_single(path, &joined.code)?;
            if let Some(map) = &joined.map_file {
                stage.write_single(&map_path(path), map.as_json().as_bytes())?;
            }
        }
        Target::Stdout => io::stdout().write_all(&joined.code).map_err(Failure::Output)?,
    }
    stage.commit()?;
    if summary.counts.instrumented == 0 && option == CoverageOption::Production {
        notes.push((usize::MAX, "no file was instrumented: check the inputs, --include and --exclude".into()));
    }
    notes.sort();
    found.notes.extend(notes.into_iter().map(|(_, note)| note));
    report(&flags, &found.notes, &summary, &target)
}

/// Flags that contradict each other.
fn check(flags: &InstrumentFlags) -> Result<(), Failure> {
    if !is_array_name(&flags.array_name) {
        return Err(Failure::usage(
            format!("--array-name {}: not a name that probes can use", flags.array_name),
            "use one identifier that is neither a reserved word nor `_`, such as ist_arr",
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
            let problem = Problem::Instrument(Box::new(error), excerpt);
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

/// Where the code goes.
#[derive(Debug)]
enum Target {
    Folder(PathBuf),
    File(PathBuf),
    Stdout,
}

impl Target {
    fn new(flags: &InstrumentFlags, files: usize) -> Result<Self, Failure> {
        let working = std::env::current_dir().map_err(Failure::io("find", Path::new("the working folder")))?;
        match (&flags.out_dir, &flags.out_file) {
            (Some(dir), _) => Ok(Self::Folder(absolute(&working, dir))),
            (None, Some(file)) if file == Path::new("-") => Ok(Self::Stdout),
            (None, Some(file)) => Ok(Self::File(absolute(&working, file))),
            (None, None) if files <= 1 => Ok(Self::Stdout),
            (None, None) => Err(Failure::usage(
                format!("{files} files and no place for them"),
                "say where they go with --out-dir DIR, or join them with --out-file FILE",
            )),
        }
    }

    /// A source must survive its own instrumentation.
    fn refuse_to_overwrite(&self, files: &[InputFile]) -> Result<(), Failure> {
        let sources = files.iter().filter_map(|file| Some((file.path.as_deref()?, file)));
        for (path, file) in sources {
            let overwrites = match self {
                Self::Folder(dir) => dir.join(&file.output) == path,
                Self::File(out) => out == path,
                Self::Stdout => false,
            };
            if overwrites {
                return Err(Failure::usage(
                    format!("{} would be overwritten by its own output", file.name),
                    "choose another --out-dir or --out-file",
                ));
            }
        }
        Ok(())
    }
}

/// One run over all files.
struct Run<'a> {
    files: &'a [InputFile],
    /// Where the map of an output will stand, and the input that would be copied there: it is, for code that gets
    /// no map of its own.
    maps_beside: HashMap<PathBuf, PathBuf>,
    options: Options,
    ids: IdForm,
    source_type: SourceType,
    source_maps: SourceMapsFlag,
    follows_maps: bool,
    keeps_going: bool,
    verifies: bool,
    embeds_sources: bool,
    root: &'a Path,
    target: &'a Target,
    stage: Stage,
    bar: ProgressBar,
    shared: Mutex<Shared>,
}

/// What all workers add to. Lists carry the file's number, so that their order says nothing of the threads.
#[derive(Default)]
struct Shared {
    mapping: MappingBuilder,
    errors: Vec<(usize, FileError)>,
    notes: Vec<(usize, String)>,
    joined: Vec<(usize, Output)>,
    manifest: Vec<(usize, ManifestFile)>,
    counts: Counts,
    /// An error was found: nothing will be written, the rest is only read for more errors.
    failed: bool,
}

#[derive(Clone, Copy, Default, Debug)]
struct Counts {
    instrumented: usize,
    copied: usize,
}

/// A file between its stages.
enum Waiting {
    /// Copied as it is.
    Copy(Vec<u8>),
    /// Instrumented, without ids.
    Code(Box<Code>),
    /// It failed, and the error is noted; or a signal ends the run.
    Failed,
}

struct Code {
    text: String,
    has_bom: bool,
    map: Option<InputMap>,
    instrumented: Instrumented,
}

impl Stages for Run<'_> {
    type Waiting = Waiting;
    type Number = u32;

    fn prepare(&self, file: usize) -> Waiting {
        if interrupt::caught().is_some() {
            return Waiting::Failed;
        }
        let prepared = catch_unwind(AssertUnwindSafe(|| self.read_and_instrument(file)))
            .unwrap_or_else(|panic| Err(Problem::Internal(panic_text(&*panic))));
        self.bar.inc(1);
        prepared.unwrap_or_else(|problem| {
            self.fail(file, problem);
            Waiting::Failed
        })
    }

    fn number(&self, file: usize, waiting: &Waiting) -> u32 {
        let Waiting::Code(code) = waiting else { return 0 };
        let first =
            code.instrumented.register(self.input(file, &code.text, code.map.as_ref()), &mut self.shared().mapping);
        first.unwrap_or_else(|| {
            self.fail(file, Problem::Internal("more than 2147483647 probes".into()));
            0
        })
    }

    fn finish(&self, file: usize, waiting: Waiting, first: u32) {
        let result = catch_unwind(AssertUnwindSafe(|| self.write(file, waiting, first)))
            .unwrap_or_else(|panic| Err(Problem::Internal(panic_text(&*panic))));
        if let Err(problem) = result {
            self.fail(file, problem);
        }
    }

    fn weight(waiting: &Waiting) -> usize {
        match waiting {
            Waiting::Copy(bytes) => bytes.len(),
            // Text, code, and the segments of its source map.
            Waiting::Code(code) => code.text.len() * 4,
            Waiting::Failed => 0,
        }
    }
}

impl Run<'_> {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fail(&self, file: usize, problem: Problem) {
        let name = self.files[file].name.clone();
        let mut shared = self.shared();
        shared.errors.push((file, FileError { name, problem }));
        shared.failed = true;
    }

    /// What the library is told about a file, the same at each step.
    fn input<'a>(&'a self, file: usize, text: &'a str, map: Option<&'a InputMap>) -> Input<'a> {
        let InputFile { name, kind, .. } = &self.files[file];
        let (language, settled) =
            kind.map_or((Language::JavaScript, SourceType::Auto), |kind| (kind.language, kind.source_type));
        let source_type = if settled == SourceType::Auto { self.source_type } else { settled };
        Input { name, text, language, source_type, map }
    }

    fn note(&self, file: usize, note: String) {
        self.shared().notes.push((file, note));
    }

    fn read_and_instrument(&self, file: usize) -> Result<Waiting, Problem> {
        let InputFile { path, kind, .. } = &self.files[file];
        let bytes = match path {
            Some(path) => fs::read(path),
            None => {
                let mut bytes = Vec::new();
                io::stdin().read_to_end(&mut bytes).map(|_| bytes)
            }
        }
        .map_err(|error| Problem::Io("read", error))?;
        if kind.is_none() {
            return Ok(Waiting::Copy(bytes));
        }

        let (text, has_bom) = match decode_text(bytes) {
            Ok(decoded) => decoded,
            Err((bytes, problem)) => return self.copy_or_fail(file, bytes, problem),
        };
        let map = if self.follows_maps { self.input_map(file, &text)? } else { None };
        let input = self.input(file, &text, map.as_ref());
        match instrument(input, &self.options) {
            Ok(instrumented) => Ok(Waiting::Code(Box::new(Code { text, has_bom, map, instrumented }))),
            Err(error) => {
                let excerpt = error.span.clone().map(|span| Excerpt::new(&text, span));
                // What needs only another option would not be what the user wants.
                let needs_option =
                    matches!(error.kind, ErrorKind::NoGlobalObject | ErrorKind::LegacyDecorator | ErrorKind::Strip(_));
                let problem = Problem::Instrument(Box::new(error), excerpt);
                if needs_option { Err(problem) } else { self.copy_or_fail(file, with_bom(text, has_bom), problem) }
            }
        }
    }

    /// With `--keep-going` a file that cannot be instrumented is copied, and that is said.
    fn copy_or_fail(&self, file: usize, bytes: Vec<u8>, problem: Problem) -> Result<Waiting, Problem> {
        if !self.keeps_going {
            return Err(problem);
        }
        let name = self.files[file].name.clone();
        let what = match &problem {
            Problem::Instrument(error, Some(excerpt)) => format!("{excerpt:?}: {error}"),
            Problem::Instrument(error, None) => format!(" {error}"),
            Problem::Encoding(what, _) => format!(" {what}"),
            _ => String::new(),
        };
        self.note(file, format!("copied without probes: {name}:{what}"));
        Ok(Waiting::Copy(bytes))
    }

    /// The source map that `text` names, if it is at hand.
    fn input_map(&self, file: usize, text: &str) -> Result<Option<InputMap>, Problem> {
        let folder = self.files[file].path.as_deref().and_then(Path::parent).unwrap_or(self.root);
        let found = source_maps::named_by(text, folder)
            .map_err(|(path, error)| Problem::Map(format!("cannot read {}: {error}", relative(&path, self.root))))?;
        let Some(FoundMap { json, folder }) = found else { return Ok(None) };
        let name_of = |url: &str| match source_maps::source_path(url, &folder) {
            Some(path) => relative(&path, self.root),
            None => url.to_owned(),
        };
        InputMap::parse(&json, name_of).map(Some).map_err(|error| Problem::Map(error.to_string()))
    }

    fn write(&self, file: usize, waiting: Waiting, first: u32) -> Result<(), Problem> {
        let output = &self.files[file].output;
        let (code, is_copy) = match waiting {
            Waiting::Failed => return Ok(()),
            Waiting::Copy(bytes) => (Output { code: bytes, source_map: None }, true),
            Waiting::Code(code) => {
                // Nothing will be written, but everything is to be verified.
                if self.shared().failed && !self.verifies {
                    return Ok(());
                }
                (self.finish_code(file, *code, first)?, false)
            }
        };
        {
            let mut shared = self.shared();
            let count = if is_copy { &mut shared.counts.copied } else { &mut shared.counts.instrumented };
            *count += 1;
            if !matches!(self.target, Target::Folder(_)) {
                shared.joined.push((file, code));
                return Ok(());
            }
            if shared.failed {
                return Ok(());
            }
        }
        let mut tail = Vec::new();
        if let Some(map) = &code.source_map {
            if !code.code.ends_with(b"\n") {
                tail.push(b'\n');
            }
            match self.source_maps {
                SourceMapsFlag::None => {}
                SourceMapsFlag::Inline => tail.extend_from_slice(map.as_inline_comment().as_bytes()),
                SourceMapsFlag::File => {
                    let map_output = map_path(output);
                    let name = map_output.file_name().unwrap_or_default().to_string_lossy();
                    tail.extend_from_slice(format!("//# sourceMappingURL={}\n", url_escaped(&name)).as_bytes());
                    self.stage
                        .write(&map_output, &[map.as_json().as_bytes()])
                        .map_err(|error| Problem::Io("write the output of", error))?;
                }
            }
        } else if let Some(map) = self.maps_beside.get(&map_path(output)) {
            let bytes = fs::read(map).map_err(|error| Problem::Io("read the source map of", error))?;
            let written = self.stage.write(&map_path(output), &[&bytes]);
            written.map_err(|error| Problem::Io("write the source map of", error))?;
        }
        self.stage.write(output, &[&code.code, &tail]).map_err(|error| Problem::Io("write the output of", error))
    }

    fn finish_code(&self, file: usize, code: Code, first: u32) -> Result<Output, Problem> {
        let input_file = &self.files[file];
        self.note_manifest(file, &code);
        let names =
            (self.source_maps != SourceMapsFlag::None).then(|| self.source_map_names(input_file, code.map.as_ref()));
        let Code { text, has_bom, map, instrumented } = code;
        let input = self.input(file, &text, map.as_ref());
        let probes = instrumented.probe_count();
        let mut output = instrumented.finish(input, first, self.ids, names.as_ref());
        if self.verifies {
            self.verify(input, &output, first, probes)?;
        }
        if has_bom {
            output.code.splice(0..0, BOM);
        }
        Ok(output)
    }

    /// Checks a finished file against its input and its entries in the mapping.
    fn verify(&self, input: Input<'_>, output: &Output, first: u32, probes: usize) -> Result<(), Problem> {
        let entries = self.shared().mapping.probes_from(first)[..probes].to_vec();
        let code = str::from_utf8(&output.code).map_err(|error| Problem::Internal(error.to_string()))?;
        check_output(input, &self.options, code, self.ids, &entries).map_err(|error| Problem::Check(Box::new(error)))
    }

    fn source_map_names(&self, file: &InputFile, map: Option<&InputMap>) -> SourceMapNames {
        let generated = match self.target {
            Target::Folder(dir) => dir.join(&file.output),
            Target::File(path) => path.clone(),
            Target::Stdout => self.root.join(&file.name),
        };
        let folder = generated.parent().unwrap_or(self.root);
        let from_here = |name: &str| match name.contains("://") {
            true => name.to_owned(),
            false => url_escaped(&relative(&absolute(self.root, Path::new(name)), folder)),
        };
        SourceMapNames {
            file: generated.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            sources: match map {
                None => vec![from_here(&file.name)],
                Some(map) => map.sources().iter().map(|source| from_here(&source.name)).collect(),
            },
        }
    }

    fn note_manifest(&self, file: usize, code: &Code) {
        let input_file = &self.files[file];
        let counts = code.instrumented.probes_by_source(self.input(file, &code.text, code.map.as_ref()));
        let entry = |name: &str, content: Option<&[u8]>, probes| ManifestFile {
            name: name.to_owned(),
            hash: content.map(|content| ContentHash::of(content).to_string()),
            probes,
            source: content.filter(|_| self.embeds_sources).map(|text| String::from_utf8_lossy(text).into_owned()),
        };
        let entries: Vec<ManifestFile> = match &code.map {
            None if code.has_bom => {
                vec![entry(&input_file.name, Some(&[&BOM, code.text.as_bytes()].concat()), counts[0])]
            }
            None => vec![entry(&input_file.name, Some(code.text.as_bytes()), counts[0])],
            Some(map) => map
                .sources()
                .iter()
                .zip(counts)
                .map(|(source, probes)| match &source.content {
                    Some(content) => entry(&source.name, Some(content.as_bytes()), probes),
                    None => {
                        let on_disk = fs::read(absolute(self.root, Path::new(&source.name))).ok();
                        entry(&source.name, on_disk.as_deref(), probes)
                    }
                })
                .collect(),
        };
        self.shared().manifest.extend(entries.into_iter().map(|entry| (file, entry)));
    }
}

const BOM: [u8; 3] = [0xef, 0xbb, 0xbf];

/// Bytes to text without BOM.
fn decode_text(bytes: Vec<u8>) -> Result<(String, bool), (Vec<u8>, Problem)> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        let problem = Problem::Encoding("the text is UTF-16".into(), "save the file as UTF-8");
        return Err((bytes, problem));
    }
    let has_bom = bytes.starts_with(&BOM);
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if has_bom {
                text.drain(..BOM.len());
            }
            Ok((text, has_bom))
        }
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
            let what = format!("the text is not UTF-8: byte 0x{:02x} at offset {at}, line {line}", bytes[at]);
            Err((bytes, Problem::Encoding(what, "save the file as UTF-8")))
        }
    }
}

fn with_bom(text: String, has_bom: bool) -> Vec<u8> {
    let mut bytes = text.into_bytes();
    if has_bom {
        bytes.splice(0..0, BOM);
    }
    bytes
}

fn map_path(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".map");
    path.into()
}

/// What would end a URL or a comment is escaped; letters of any script stay readable.
fn url_escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '%' | '?' | '#' | '"' | '\'' | '<' | '>' | '\\' | '*' => out.push_str(&format!("%{:02X}", c as u32)),
            c if c.is_whitespace() || c.is_control() => {
                c.to_string().bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
            }
            c => out.push(c),
        }
    }
    out
}

/// All code in one file.
struct Joined {
    code: Vec<u8>,
    map_file: Option<SourceMapText>,
}

/// Joins the outputs in the order of their files.
fn join(mut outputs: Vec<(usize, Output)>, source_maps: SourceMapsFlag, target: &Target) -> Joined {
    outputs.sort_by_key(|(file, _)| *file);
    let is_alone = outputs.len() == 1;
    let mut joined = Joined { code: Vec::new(), map_file: None };
    let mut maps = Vec::new();
    let mut line = 0;
    for (_, output) in outputs {
        maps.extend(output.source_map.map(|map| (line, map)));
        let start = joined.code.len();
        if is_alone {
            joined.code = output.code;
        } else {
            joined.code.extend_from_slice(&output.code);
        }
        let stays_as_it_is = is_alone && maps.is_empty();
        if !stays_as_it_is && !joined.code.ends_with(b"\n") {
            joined.code.push(b'\n');
        }
        if !is_alone {
            line += str::from_utf8(&joined.code[start..]).map_or(0, line_breaks);
        }
    }
    let name = match target {
        Target::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        Target::Folder(_) | Target::Stdout => String::new(),
    };
    let map = if is_alone { maps.pop().map(|(_, map)| map) } else { join_maps(&name, &maps) };
    match (map, source_maps, target) {
        (Some(map), SourceMapsFlag::File, Target::File(path)) => {
            let map_name = map_path(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
            joined.code.extend_from_slice(format!("//# sourceMappingURL={}\n", url_escaped(&map_name)).as_bytes());
            joined.map_file = Some(map);
        }
        // Standard output has no file beside it.
        (Some(map), _, _) => joined.code.extend_from_slice(map.as_inline_comment().as_bytes()),
        (None, _, _) => {}
    }
    joined
}

fn mapping_text(mapping: &Mapping, format: MappingFormat) -> Vec<u8> {
    /// Bytes of an entry, a little more than most have.
    const ENTRY: usize = 36;
    let mut text = Vec::with_capacity(mapping.len() * ENTRY + 1024);
    // Writing to memory cannot fail.
    let _ = mapping.write(format, &mut text);
    text
}

/// The manifest: files in the order of the mapping, then those without a probe in the order of the inputs.
fn build_manifest(
    mapping: &Mapping,
    mapping_text: &[u8],
    entries: Vec<(usize, ManifestFile)>,
    flags: &InstrumentFlags,
) -> BuildManifest {
    let mut files: Vec<ManifestFile> = Vec::with_capacity(entries.len());
    let mut places: HashMap<String, usize> = HashMap::with_capacity(entries.len());
    for name in mapping.files() {
        places.insert(name.clone(), files.len());
        files.push(ManifestFile { name: name.clone(), hash: None, probes: 0, source: None });
    }
    for (_, mut entry) in entries {
        match places.get(&entry.name) {
            Some(&at) => {
                // One original may have gone into several inputs.
                entry.probes += files[at].probes;
                files[at] = entry;
            }
            None => {
                places.insert(entry.name.clone(), files.len());
                files.push(entry);
            }
        }
    }
    let mut manifest = BuildManifest {
        schema: MANIFEST_SCHEMA,
        build: String::new(),
        array: flags.array_name.clone(),
        ids: IdForm::from(flags.ids).name().to_owned(),
        granularity: match flags.granularity {
            GranularityFlag::Branch => "branch",
            GranularityFlag::Function => "function",
        }
        .to_owned(),
        probes: mapping.len() as u32,
        files,
    };
    manifest.build = flags
        .build_id
        .clone()
        .unwrap_or_else(|| ContentHash::of_parts([mapping_text, manifest.to_json().as_bytes()]).short());
    manifest
}

struct Summary {
    counts: Counts,
    probes: usize,
    build: Option<String>,
    mapping: Option<PathBuf>,
}

/// Says what was done.
fn report(flags: &InstrumentFlags, notes: &[String], summary: &Summary, target: &Target) -> Result<(), Failure> {
    let Counts { instrumented, copied } = summary.counts;
    if flags.json {
        let json = serde_json::json!({
            "instrumented": instrumented,
            "copied": copied,
            "probes": summary.probes,
            "build": summary.build,
            "mapping": summary.mapping,
            "notes": notes,
        });
        let mut stdout = io::stdout();
        writeln!(stdout, "{json}").map_err(Failure::Output)?;
    }
    if flags.quiet {
        return Ok(());
    }
    for note in notes {
        terminal::show(&format!("note: {note}"));
    }
    let plural = |count: usize, what: &str| if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") };
    let mut line = format!("{} in {}", plural(summary.probes, "probe"), plural(instrumented, "file"));
    if copied > 0 {
        line.push_str(&format!(", {} copied", plural(copied, "file")));
    }
    if let Target::Folder(path) | Target::File(path) = target {
        let working = std::env::current_dir().unwrap_or_default();
        line.push_str(&format!(" → {}", relative(path, &working)));
    }
    if let (Some(mapping), Some(build)) = (&summary.mapping, &summary.build) {
        line.push_str(&format!("; mapping {}, build {build}", mapping.display()));
    }
    terminal::show(&line);
    Ok(())
}

thread_local! {
    /// What the last panic of this thread said, for the error of its file.
    static LAST_PANIC: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}

/// A panic becomes the error of one file; it must not write over the terminal meanwhile.
fn silence_panics() {
    std::panic::set_hook(Box::new(|panic| {
        LAST_PANIC.with(|last| *last.borrow_mut() = panic.to_string());
    }));
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let said = LAST_PANIC.with(std::cell::RefCell::take);
    if !said.is_empty() {
        return said.replace('\n', " ");
    }
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "unknown reason".to_owned(),
    }
}
