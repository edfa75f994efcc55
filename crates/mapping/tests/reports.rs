//! Reading reports: the shapes, hostile input, and agreement with `serde_json` over mutations.

// A test that cannot set itself up has failed.
#![allow(clippy::unwrap_used)]

mod support;

use pathlight_mapping::{Counts, Hits, IdForm, Mapping, ProbeId, Report, ReportErrorKind};
use support::reference;

fn read(text: &str) -> Result<Report, String> {
    let mut report = Report::default();
    let end = report.read(text.as_bytes(), 0).map_err(|error| error.to_string())?;
    assert!(text[end..].trim().is_empty(), "{text}: stopped before {}", &text[end..]);
    Ok(report)
}

fn hits(text: &str) -> Vec<(u32, u64)> {
    let report = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    report.hits.iter().map(|(id, hits)| (id.get(), *hits)).collect()
}

#[test]
fn every_shape_is_read() {
    for text in [
        r#"{"C":5,"E":0}"#,
        r#" { "C" : 5 , "E" : 0 } "#,
        r#"{"1":5,"2":0}"#,
        r#"{"C":{"frequency":5},"E":{"frequency":0}}"#,
        r#"{"C":{"frequency":5},"E":{}}"#,
        r#"{"C":{"time":[1,{}],"frequency":"5"},"E":{"frequency":null}}"#,
        r#"{"C":"5","E":0.0}"#,
        r#"{"C":5e0,"E":-0}"#,
        r#"{"\u0043":5,"E":0,"I":null}"#,
        "{\"C\":5,\n// note\n'E':0 /* none */}",
        "{C:5, # note\n E:{frequency:0}}",
        r#"{"counts":{"C":5,"E":0}}"#,
        r#"{"schema":1,"build":"b","session":"s","seq":3,"counts":{"C":5,"E":0},"context":{"C":7},"G":9}"#,
        r#"{"G":9,"from":1.5,"counts":{"1":5,"2":0}}"#,
    ] {
        assert_eq!(hits(text), [(1, 5), (2, 0)], "{text}");
    }
}

#[test]
fn the_head_of_our_own_shape() {
    let report = read(r#"{"counts":{},"seq":3,"session":"ü\n","build":"b","schema":1}"#).unwrap();
    assert_eq!(report.build.as_deref(), Some("b"));
    assert_eq!(report.session.as_deref(), Some("ü\n"));
    assert_eq!(report.seq, Some(3));
    // Without `counts` these are names that are no ids.
    let report = read(r#"{"seq":3,"session":"s","build":"b","C":1,"__proto__":{"frequency":1}}"#).unwrap();
    assert_eq!((report.build, report.session, report.seq, report.strange), (None, None, None, 4));
}

#[test]
fn ids_are_spelled_in_two_ways_that_no_text_mixes_up() {
    for number in (1..5000).chain([(1 << 31) - 1, 1 << 20]) {
        let id = ProbeId::new(number).unwrap();
        for form in [IdForm::Vlq, IdForm::Number] {
            let mut text = Vec::new();
            id.push(form, &mut text);
            assert_eq!(ProbeId::from_spelling(&text), Some(id), "{number}");
        }
    }
    for strange in ["", "0", "01", "2147483648", "99999999999", "A", "D", "g", "CC", "C1", "-1", "1.0", "constructor"] {
        assert_eq!(ProbeId::from_spelling(strange.as_bytes()), None, "{strange}");
    }
}

#[test]
fn bad_reports_are_refused() {
    use ReportErrorKind::{
        BadString, CountTooLarge, CutShort, Expected, FractionalCount, MemberTwice, NegativeCount, TooDeep,
        UnknownSchema,
    };
    let deep = format!(r#"{{"context":{}{},"counts":{{}}}}"#, "[".repeat(200), "]".repeat(200));
    let cases: [(&str, ReportErrorKind); 26] = [
        ("", CutShort),
        ("null", Expected("a report: a JSON object of ids and counts")),
        ("[1]", Expected("a report: a JSON object of ids and counts")),
        ("{", CutShort),
        (r#"{"C""#, CutShort),
        (r#"{"C":"#, CutShort),
        (r#"{"C":5"#, CutShort),
        (r#"{"C":5,}"#, Expected("a name in double quotes")),
        (r#"{"C":5 "E":6}"#, Expected("`,` or `}`")),
        (r#"{"C":05}"#, Expected("a number")),
        (r#"{"C":5x}"#, Expected("`,` or `}`")),
        (r#"{"C":true}"#, Expected("a count")),
        (r#"{"C":[5]}"#, Expected("a count")),
        (r#"{"C":"five"}"#, Expected("a number")),
        (r#"{"C":-1}"#, NegativeCount),
        (r#"{"C":{"frequency":-1}}"#, NegativeCount),
        (r#"{"C":1.5}"#, FractionalCount),
        (r#"{"C":18446744073709551616}"#, CountTooLarge),
        (r#"{"C":1e300}"#, CountTooLarge),
        ("{\"C\n\":5}", BadString),
        (r#"{"\x":5}"#, BadString),
        (r#"{"counts":{},"counts":{}}"#, MemberTwice("counts")),
        (r#"{"C":{"frequency":1,"frequency":2}}"#, MemberTwice("frequency")),
        (r#"{"schema":2,"counts":{}}"#, UnknownSchema(2)),
        (r#"{"schema":1,"C":5}"#, Expected("a member `counts` in a report with a `schema`")),
        (&deep, TooDeep),
    ];
    for (text, wanted) in cases {
        let error = Report::default().read(text.as_bytes(), 0).unwrap_err();
        assert_eq!(error.kind, wanted, "{text}");
    }
    assert_eq!(Report::default().read(b"{\"\xff\":5}", 0).unwrap_err().kind, BadString);
    assert_eq!(hits(r#"{"C":18446744073709551615}"#), [(1, u64::MAX)]);
}

/// A hostile text must not be looked at to its end for each of its lines, nor nest without bound.
#[test]
fn hostile_lenient_text_ends_soon() {
    for unit in ["{/*\n", "{'a':", "{a:[", "{#\n"] {
        let text = unit.repeat(200_000);
        assert!(Report::default().read(text.as_bytes(), 0).is_err());
    }
}

/// A comment in which a reader would find the next report: a bad report that opens it would cost good ones.
#[test]
fn no_comment_holds_the_beginning_of_a_report() {
    assert_eq!(hits("{/* C\n */ C:5, E:0}"), [(1, 5), (2, 0)]);
    let text = "{C:5 /*\n{\"G\":1}\n{\"I\":1}\n*/}";
    assert!(Report::default().read(text.as_bytes(), 0).is_err());
}

/// Multiplicative congruence: the same texts on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound
    }

    /// Changes a few bytes: removes, inserts, replaces, cuts off or repeats.
    fn mutate(&mut self, text: &mut Vec<u8>) {
        let bytes = br#"{}[]:,"\0123456789.eE+-CgBu ntrfals/x"#;
        for _ in 0..self.below(4) {
            if text.is_empty() {
                return;
            }
            let place = self.below(text.len());
            match self.below(5) {
                0 => drop(text.remove(place)),
                1 => text.insert(place, bytes[self.below(bytes.len())]),
                2 => text[place] = bytes[self.below(bytes.len())],
                3 => text.truncate(place),
                _ => {
                    let end = place + self.below((text.len() - place).min(12));
                    let copy = text[place..end].to_vec();
                    let to = self.below(text.len());
                    text.splice(to..to, copy);
                }
            }
        }
    }
}

const SEEDS: [&str; 6] = [
    r#"{"C":{"frequency":5},"gB":{"frequency":123456},"__proto__":{"frequency":1}}"#,
    r#"{"C":5,"E":0,"ggB":18446744073709551615,"2":1.0,"I":"7","K":null}"#,
    r#"{"schema":1,"build":"a\u00e9","session":"s","seq":3,"from":-1.5e3,"context":{"r":["/x",null,true]},"counts":{"C":5,"4":6}}"#,
    "{\"C\":1, \"ü\":{\"x\":[[]]},\r\n\t\"E\" : {\"t\":1,\"frequency\": 2 } }",
    r#"{"counts":{"C":1e2,"E":-0,"G":0.5}}"#,
    r#"{}"#,
];

#[test]
fn mutated_reports_are_read_as_serde_json_reads_them() {
    let mut random = Random(7);
    let (mut good, mut bad) = (0, 0);
    for at in 0..300_000 {
        let mut text = SEEDS[at % SEEDS.len()].as_bytes().to_vec();
        random.mutate(&mut text);
        let shown = String::from_utf8_lossy(&text);
        let expected = reference(&text);
        let mut report = Report::default();
        let found = report.read(&text, 0).ok().filter(|end| text[*end..].trim_ascii().is_empty());
        match (&expected, found) {
            (Some((hits, strange)), Some(_)) => {
                good += 1;
                assert_eq!((&report.hits, report.strange), (hits, *strange), "{shown}");
            }
            (None, None) => bad += 1,
            // What only the lenient reader takes: a name or a comment that JSON does not have.
            (None, Some(_)) if serde_json::from_slice::<serde::de::IgnoredAny>(&text).is_err() => {}
            _ => panic!("{shown}\nserde_json: {expected:?}\nfound: {found:?} {report:?}"),
        }
    }
    assert!(good > 50_000 && bad > 50_000, "{good} good, {bad} bad");
}

fn two_probes() -> Mapping {
    Mapping::parse(" FileNames:[\"a\"]\n FunctionNames:[\"f\"]\n Types:[\"FUNCTION\"]\nC:AAACA\nI:AAAEA\n").unwrap()
}

#[test]
fn counts_commute_and_tell_what_they_do_not_know() {
    let mapping = two_probes();
    let texts = [r#"{"C":5,"E":1,"x y":2,"zz":1}"#, r#"{"4":7,"C":0,"x":1}"#, r#"{"C":18446744073709551615,"G":1}"#];
    let reports: Vec<Report> = texts.iter().map(|text| read(text).unwrap()).collect();
    let sum = |order: &[usize]| {
        let mut shards = [Counts::new(&mapping), Counts::new(&mapping)];
        for (turn, at) in order.iter().enumerate() {
            let shard = &mut shards[turn % 2];
            shard.check(&mapping, &reports[*at]).unwrap();
            shard.add(&mapping, &reports[*at]);
        }
        let [mut all, other] = shards;
        all.merge(&other);
        let examples = (all.lowest_unknown(), all.strange_name().map(str::to_owned));
        (all.at(0), all.at(1), all.reports(), all.unknown(), examples, all.has_overflowed())
    };
    let first = Hits { hits: u64::MAX, reports: 3 };
    let examples = (ProbeId::new(2), Some("x".to_owned()));
    let expected = (first, Hits { hits: 7, reports: 1 }, 3, 5, examples, true);
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        assert_eq!(sum(&order), expected, "{order:?}");
    }
}

#[test]
fn an_id_in_two_spellings_comes_twice() {
    let mapping = two_probes();
    let mut counts = Counts::new(&mapping);
    let twice = read(r#"{"4":1,"C":1,"1":2}"#).unwrap();
    assert_eq!(counts.check(&mapping, &twice), Err(ReportErrorKind::IdTwice(ProbeId::new(1).unwrap())));
    // The refused report left no trace.
    let once = read(r#"{"4":1,"C":1}"#).unwrap();
    assert_eq!(counts.check(&mapping, &once), Ok(()));
    assert_eq!((counts.at(0), counts.reports()), (Hits::default(), 0));
}
