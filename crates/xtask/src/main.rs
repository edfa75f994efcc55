use pathlight_instrument::*;
use std::time::{Duration, Instant};
use swc_core::common::comments::SingleThreadedComments;
use swc_core::common::sync::Lrc;
use swc_core::common::{FileName, SourceMap};
use swc_core::ecma::ast::EsVersion;
use swc_core::ecma::codegen::{Config, Emitter, text_writer::JsWriter};
use swc_core::ecma::parser::*;
#[global_allocator]
static A: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn cpu() -> Duration {
    let s = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(s.split_whitespace().next().unwrap().parse().unwrap())
}
fn stock(name: &str, text: &str) -> usize {
    let cm: Lrc<SourceMap> = Default::default();
    let fm = cm.new_source_file(FileName::Anon.into(), text.to_string());
    let c = SingleThreadedComments::default();
    let syntax = if name.ends_with(".ts") {
        Syntax::Typescript(TsSyntax { decorators: true, ..Default::default() })
    } else if name.ends_with(".tsx") {
        Syntax::Typescript(TsSyntax { tsx: true, decorators: true, ..Default::default() })
    } else {
        Syntax::Es(EsSyntax { jsx: true, decorators: true, ..Default::default() })
    };
    let p = parse_file_as_program(&fm, syntax, EsVersion::latest(), Some(&c), &mut vec![]).unwrap();
    let mut buf = vec![];
    let mut e = Emitter {
        cfg: Config::default(),
        cm: cm.clone(),
        comments: Some(&c),
        wr: JsWriter::new(cm, "\n", &mut buf, None),
    };
    e.emit_program(&p).unwrap();
    buf.len()
}
fn ours(name: &str, text: &str, map: bool) -> usize {
    let kind = FileKind::of(name).unwrap();
    let o = Options {
        array: "ist_arr".into(),
        declare: true,
        may_use_array: false,
        granularity: Granularity::Branch,
        strip: None,
        source_map: map,
    };
    let i = instrument(
        pathlight_instrument::Input { name, text, language: kind.language, source_type: SourceType::Auto, map: None },
        &o,
    )
    .unwrap_or_else(|e| panic!("{name}: {e}"));
    let mut m = pathlight_mapping::MappingBuilder::new();
    let first = i.register(&mut m).unwrap();
    let names = SourceMapNames { file: "a".into(), source: "b".into() };
    let out = i.finish(first, Default::default(), map.then_some(&names));
    let mut t = vec![];
    m.build().write(Default::default(), &mut t).unwrap();
    out.code.len() + t.len() + out.source_map.map_or(0, |m| m.as_json().len())
}
fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args[1] == "show" {
        let text = std::fs::read_to_string(&args[2]).unwrap();
        let kind = FileKind::of(&args[2]).unwrap();
        let o = Options {
            array: "ist_arr".into(),
            declare: true,
            may_use_array: false,
            granularity: Granularity::Branch,
            strip: None,
            source_map: false,
        };
        let i = instrument(
            pathlight_instrument::Input {
                name: &args[2],
                text: &text,
                language: kind.language,
                source_type: SourceType::Auto,
                map: None,
            },
            &o,
        )
        .unwrap();
        let mut m = pathlight_mapping::MappingBuilder::new();
        let first = i.register(&mut m).unwrap();
        let out = i.finish(first, Default::default(), None);
        println!("{}", String::from_utf8(out.code).unwrap());
        pathlight_mapping::write_decoded(&m.build(), |_| Some(text.clone()), &mut std::io::stdout()).unwrap();
        return;
    }
    let mut geo = (0.0, 0.0, 0);
    for set in &args[3..] {
        let mut files = vec![];
        fn walk(d: &std::path::Path, f: &mut Vec<(String, String)>) {
            for e in std::fs::read_dir(d).unwrap() {
                let p = e.unwrap().path();
                if p.is_dir() {
                    walk(&p, f)
                } else if let Some(_) = FileKind::of(p.to_str().unwrap()) {
                    f.push((p.to_str().unwrap().to_string(), std::fs::read_to_string(&p).unwrap()))
                }
            }
        }
        walk(std::path::Path::new(&format!("{}/{}", args[2], set)), &mut files);
        let bytes: usize = files.iter().map(|f| f.1.len()).sum();
        let mut best = [f64::MAX; 3];
        let rounds = if bytes > 3_000_000 { 4 } else { 12 };
        for _ in 0..rounds {
            for (k, b) in best.iter_mut().enumerate() {
                *pathlight_instrument::T.lock().unwrap() = [0.0; 8];
                let t = cpu();
                let t0 = Instant::now();
                for (n, s) in &files {
                    match k {
                        0 => stock(n, s),
                        1 => ours(n, s, false),
                        _ => ours(n, s, true),
                    };
                }
                let _ = std::thread::yield_now();
                *b = b.min((cpu() - t).as_secs_f64());
                if std::env::var("V").is_ok() {
                    eprintln!(
                        "{k} {:.2}ms {:.2?}",
                        t0.elapsed().as_secs_f64() * 1e3,
                        pathlight_instrument::T.lock().unwrap().map(|x| x * 1e3)
                    );
                }
            }
        }
        println!(
            "{set:15} {:6.1} MB/s stock  probes {:.2}  map {:.2}",
            bytes as f64 / 1e6 / best[0],
            best[1] / best[0],
            best[2] / best[0]
        );
        if !set.starts_with("min-") {
            geo.0 += (best[1] / best[0]).ln();
            geo.1 += (best[2] / best[0]).ln();
            geo.2 += 1;
        }
    }
    println!("geomean probes {:.3} map {:.3}", (geo.0 / geo.2 as f64).exp(), (geo.1 / geo.2 as f64).exp());
}
