//! Every flag: name, default, help. Closure Compiler's names are aliases.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};
use pathlight_instrument::{DecoratorKind, Granularity, JsxRuntime, NullChecks, SourceType};
use pathlight_mapping::{IdForm, MappingFormat};

use crate::collect::{COLLECT_EXAMPLES, CollectFlags};
use crate::diagnostic::Failure;
use crate::push::{PUSH_EXAMPLES, PushFlags};
use crate::report::{REPORT_EXAMPLES, ReportFlags};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Shows which paths of a JavaScript or TypeScript program run in production.
#[derive(Parser, Debug)]
#[command(name = "pathlight", version, styles = STYLES, propagate_version = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Plant probes in a source tree and write the mapping that says what each one stands for
    #[command(after_help = INSTRUMENT_EXAMPLES)]
    Instrument(Box<InstrumentFlags>),
    /// Join mappings with reports and say what ran, what never ran and what is hot
    #[command(after_help = REPORT_EXAMPLES)]
    Report(Box<ReportFlags>),
    /// Take reports from running code, and keep their sums
    #[command(after_help = COLLECT_EXAMPLES)]
    Collect(Box<CollectFlags>),
    /// Give a build's mapping to a collector
    #[command(after_help = PUSH_EXAMPLES)]
    Push(PushFlags),
    /// Print a mapping file for a person: id, kind, function, file:line:column
    #[command(after_help = DECODE_EXAMPLES)]
    Decode(DecodeFlags),
    /// Instrument two small programs, run them with node, and explain what ran
    Demo(DemoFlags),
}

const INSTRUMENT_EXAMPLES: &str = "\
Examples:
  pathlight instrument src --out-dir build/instrumented
  pathlight instrument src --out-dir build --copy-others --source-maps file
  pathlight instrument src --out-dir build --ids number --exclude '**/*.test.ts'
  pathlight instrument app.ts --strip-types --out-file app.js
  pathlight instrument src --out-dir build --verify
  cat app.js | pathlight instrument - > app.instrumented.js

Comments keep code from being probed, also those of istanbul, c8, v8 and node:coverage:
  /* pathlight ignore next */      what follows: a statement, a member, an expression
  /* pathlight ignore next 3 */    three lines
  /* pathlight ignore if */        that branch, or `ignore else`
  /* pathlight ignore start */     all up to `ignore stop`
  /* pathlight ignore file */      all; so does @nocoverage in the file's first comment

Exit codes: 0 fine; 2 an error, and nothing was written.

As Closure Compiler:
  pathlight --js fib.js --js_output_file out.js --externs externs.js \\
    --instrument_for_coverage_option PRODUCTION --instrument_mapping_report mapping.txt \\
    --production_instrumentation_array_name ist_arr";

const DECODE_EXAMPLES: &str = "\
Examples:
  pathlight decode pathlight.mapping
  pathlight decode pathlight.mapping --sources .
  pathlight decode - --json < pathlight.mapping";

#[derive(Args, Debug)]
pub(crate) struct InstrumentFlags {
    /// Files, folders or globs in the order of their ids; `-` is standard input
    ///
    /// Folders are walked without what .gitignore files name, and without node_modules, unless an input or an
    /// --include names it. Globs are the shell's: `src/*.js` is in src, `src/**/*.js` anywhere below it.
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,

    /// Write every file below this folder, mirroring the tree
    #[arg(long, short = 'd', value_name = "DIR", help_heading = "Output")]
    pub(crate) out_dir: Option<PathBuf>,

    /// Write all code to one file, in the order of the inputs; `-` is standard output
    #[arg(
        long,
        short = 'o',
        value_name = "FILE",
        visible_alias = "js_output_file",
        conflicts_with = "out_dir",
        help_heading = "Output"
    )]
    pub(crate) out_file: Option<PathBuf>,

    /// Where the mapping goes; the build manifest goes beside it as FILE.build.json
    #[arg(
        long,
        short = 'm',
        value_name = "FILE",
        visible_alias = "instrument_mapping_report",
        default_value = "pathlight.mapping",
        help_heading = "Output"
    )]
    pub(crate) mapping: PathBuf,

    /// `closure` writes exactly the bytes that Closure's tools expect
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Output")]
    pub(crate) mapping_format: MappingFormatFlag,

    /// Identity of the build in reports, in place of a hash of its content
    #[arg(long, value_name = "ID", help_heading = "Output")]
    pub(crate) build_id: Option<String>,

    /// Put the sources into the build manifest
    #[arg(long, help_heading = "Output")]
    pub(crate) embed_sources: bool,

    /// Copy all other files of the input folders too, so that the output is a complete tree
    #[arg(long, requires = "out_dir", help_heading = "Output")]
    pub(crate) copy_others: bool,

    /// Copy files that cannot be instrumented as they are, say which and why, and go on
    #[arg(long, help_heading = "Output")]
    pub(crate) keep_going: bool,

    /// Check every output before anything is written: without its probes it is the input again
    #[arg(long, help_heading = "Output")]
    pub(crate) verify: bool,

    /// Write source maps that point to the original files
    #[arg(long, value_enum, default_value_t, value_name = "WHERE", help_heading = "Output")]
    pub(crate) source_maps: SourceMapsFlag,

    /// Only files that match; gitignore syntax, may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub(crate) include: Vec<String>,

    /// No file that matches; gitignore syntax, may be repeated
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub(crate) exclude: Vec<String>,

    /// Take files that .gitignore names too
    #[arg(long, help_heading = "Input")]
    pub(crate) no_ignore: bool,

    /// File names in the mapping are relative to this folder [default: the working folder]
    #[arg(long, value_name = "DIR", help_heading = "Input")]
    pub(crate) root: Option<PathBuf>,

    /// Name of standard input in the mapping; its extension says the language
    #[arg(long, value_name = "NAME", default_value = "stdin.js", help_heading = "Input")]
    pub(crate) stdin_name: String,

    /// How top-level code is read where the extension leaves it open
    #[arg(long, value_enum, default_value_t, value_name = "TYPE", help_heading = "Input")]
    pub(crate) source_type: SourceTypeFlag,

    /// Follow no source map that comes with an input
    #[arg(long, help_heading = "Input")]
    pub(crate) no_input_source_maps: bool,

    /// Name of the global that probes push to
    #[arg(
        long,
        value_name = "NAME",
        visible_alias = "production_instrumentation_array_name",
        default_value = "ist_arr",
        help_heading = "Probes"
    )]
    pub(crate) array_name: String,

    /// Do not make sure in every file that the array exists: something loaded before makes it
    ///
    /// The statement is an effect of its file. Bundlers keep it for every file of a package that is not marked with
    /// `"sideEffects": false` in its package.json, even where nothing else of the file is left.
    #[arg(long, help_heading = "Probes")]
    pub(crate) no_declare: bool,

    /// Files that must declare the array's name; inputs may then use it; may be repeated
    #[arg(long, value_name = "FILE", help_heading = "Probes")]
    pub(crate) externs: Vec<PathBuf>,

    /// Spelling of the ids: push("C") or push(1), which is far cheaper at run time
    #[arg(long, value_enum, default_value_t, value_name = "FORM", help_heading = "Probes")]
    pub(crate) ids: IdsFlag,

    /// What gets probes: functions only, or functions and branches
    #[arg(long, value_enum, default_value_t, value_name = "WHAT", help_heading = "Probes")]
    pub(crate) granularity: GranularityFlag,

    /// Turn TypeScript and JSX into JavaScript that runs
    #[arg(long, help_heading = "Language")]
    pub(crate) strip_types: bool,

    /// What --strip-types makes of JSX [default: automatic]
    #[arg(long, value_enum, value_name = "RUNTIME", help_heading = "Language")]
    pub(crate) jsx: Option<JsxFlag>,

    /// Which proposal decorators follow, for --strip-types [default: standard]
    #[arg(long, value_enum, value_name = "KIND", help_heading = "Language")]
    pub(crate) decorators: Option<DecoratorsFlag>,

    /// Tell legacy decorators the types of what they stand on, as TypeScript does; `loose` is without strictNullChecks
    #[arg(
        long,
        value_enum,
        value_name = "NULLS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "strict",
        help_heading = "Language"
    )]
    pub(crate) emit_decorator_metadata: Option<NullsFlag>,

    /// Number of threads [default: one for each core]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,

    /// Say nothing but errors
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// Print a summary as JSON to standard output
    #[arg(long)]
    pub(crate) json: bool,

    /// An input, in Closure Compiler's spelling; may be repeated
    #[arg(long, value_name = "INPUT", help_heading = "Closure Compiler's names")]
    pub(crate) js: Vec<String>,

    /// NONE passes the code through; PRODUCTION instruments it
    #[arg(
        long = "instrument_for_coverage_option",
        alias = "instrument-for-coverage-option",
        value_name = "OPTION",
        help_heading = "Closure Compiler's names"
    )]
    pub(crate) coverage_option: Option<String>,

    /// Accepted: pathlight does not optimise
    #[arg(
        long = "compilation_level",
        alias = "compilation-level",
        short = 'O',
        value_name = "LEVEL",
        help_heading = "Closure Compiler's names"
    )]
    pub(crate) compilation_level: Option<String>,
}

#[derive(Args, Debug)]
pub(crate) struct DecodeFlags {
    /// A mapping file of pathlight or Closure Compiler; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) mapping: PathBuf,

    /// Show the source line of every probe, from the files below this folder
    #[arg(long, value_name = "DIR", conflicts_with = "json")]
    pub(crate) sources: Option<PathBuf>,

    /// Print a JSON array
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args, Debug)]
pub(crate) struct DemoFlags {}

/// A flag's values and what they mean inside.
macro_rules! values {
    ($(#[$doc:meta])* $flag:ident => $target:ty { $($(#[$variant_doc:meta])* $variant:ident => $value:expr),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
        pub(crate) enum $flag {
            $($(#[$variant_doc])* $variant),+
        }

        impl From<$flag> for $target {
            fn from(flag: $flag) -> Self {
                match flag {
                    $($flag::$variant => $value),+
                }
            }
        }
    };
}

values!(MappingFormatFlag => MappingFormat {
    /// Closure's five numbers and more
    #[default]
    Pathlight => MappingFormat::Pathlight,
    /// Exactly five numbers
    Closure => MappingFormat::Closure,
});

values!(SourceTypeFlag => SourceType {
    /// By what the file holds
    #[default]
    Auto => SourceType::Auto,
    /// ECMAScript module
    Module => SourceType::Module,
    /// Classic script
    Script => SourceType::Script,
    /// Node module function: `return` is allowed at the top
    #[value(name = "commonjs")]
    CommonJs => SourceType::CommonJs,
});

values!(IdsFlag => IdForm {
    /// push("C")
    #[default]
    Vlq => IdForm::Vlq,
    /// push(1)
    Number => IdForm::Number,
});

values!(GranularityFlag => Granularity {
    /// Functions and branches
    #[default]
    Branch => Granularity::Branch,
    /// Functions only
    Function => Granularity::Function,
});

values!(JsxFlag => JsxRuntime {
    /// Calls of react/jsx-runtime
    #[default]
    Automatic => JsxRuntime::Automatic,
    /// Calls of React.createElement
    Classic => JsxRuntime::Classic,
    /// It stays
    Preserve => JsxRuntime::Preserve,
});

values!(DecoratorsFlag => DecoratorKind {
    /// ECMAScript's
    #[default]
    Standard => DecoratorKind::Standard,
    /// TypeScript's experimentalDecorators
    Legacy => DecoratorKind::Legacy,
});

values!(NullsFlag => NullChecks {
    /// string | null is more than a string
    #[default]
    Strict => NullChecks::Strict,
    /// string | null is a string
    Loose => NullChecks::Loose,
});

/// Where source maps go.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum SourceMapsFlag {
    /// No source maps
    #[default]
    None,
    /// FILE.map beside each file
    File,
    /// In a comment at the end of each file
    Inline,
}

/// Refuses what is no folder, as the value of `flag`.
pub(crate) fn check_folder(flag: &str, folder: &Path, remedy: &str) -> Result<(), Failure> {
    if folder.is_dir() {
        return Ok(());
    }
    Err(Failure::usage(format!("{flag} {}: no such folder", folder.display()), remedy))
}
