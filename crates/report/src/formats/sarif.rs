//! SARIF 2.1.0: never-run code as findings, for code scanning and editors.

use std::io::{self, Write};

use pathlight_mapping::ContentHash;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

use super::{FormatOptions, plural};
use crate::coverage::Coverage;
use crate::ranking::{Finding, Verdict, never_run};

/// GitHub takes no more in one run; the ranking says which.
const MOST: usize = 25_000;

pub(super) fn write(coverage: &Coverage, _: &FormatOptions, out: &mut dyn Write) -> io::Result<()> {
    let findings = never_run(coverage);
    let mut ordinals = FxHashMap::default();
    let results: Vec<Value> = findings
        .iter()
        .take(MOST)
        .map(|finding| result(finding, coverage.reports, fingerprint(finding, &mut ordinals)))
        .collect();
    let rules: Vec<Value> = Verdict::ALL.iter().map(|verdict| rule(*verdict)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "pathlight", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "utf16CodeUnits",
            "originalUriBaseIds": { "ROOT": { "description": { "text": "The folder that names are relative to" } } },
            "properties": { "reports": coverage.reports, "findings": findings.len() },
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    out.write_all(b"\n")
}

fn rule(verdict: Verdict) -> Value {
    json!({
        "id": verdict.name(),
        "shortDescription": { "text": verdict.about() },
        "defaultConfiguration": { "level": "note" },
        "properties": { "tags": ["coverage", "dead-code"] },
    })
}

fn result(finding: &Finding<'_>, reports: u64, fingerprint: String) -> Value {
    let text = format!("{}: {} in {}.", finding.subject(), finding.verdict.about(), plural(reports, "report"));
    let rule = Verdict::ALL.iter().position(|verdict| *verdict == finding.verdict);
    json!({
        "ruleId": finding.verdict.name(),
        "ruleIndex": rule,
        "level": "note",
        "message": { "text": text },
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&finding.file.name), "uriBaseId": "ROOT" },
                "region": region(finding),
            },
            "logicalLocations": [{ "name": &*finding.point.function, "kind": "function" }],
        }],
        "partialFingerprints": { "pathlight/v1": fingerprint },
        "properties": properties(finding),
    })
}

fn properties(finding: &Finding<'_>) -> Value {
    let mut properties = json!({ "bytes": finding.bytes, "passed": finding.passed });
    if let Some(bundle) = finding.bundle {
        properties["bundleBytes"] = bundle.into();
    }
    properties
}

/// SARIF counts columns from 1.
fn region(finding: &Finding<'_>) -> Value {
    let point = finding.point;
    match &point.span {
        // A region must not be empty: code that nobody wrote is shown at its construct.
        Some(span) if finding.verdict != Verdict::File && span.start < span.end => json!({
            "startLine": span.start.line, "startColumn": span.start.column.saturating_add(1),
            "endLine": span.end.line, "endColumn": span.end.column.saturating_add(1),
        }),
        _ => json!({ "startLine": point.at.line, "startColumn": point.at.column.saturating_add(1) }),
    }
}

/// What stays when lines move: file, function, kind of finding, and which one of these it is in source order.
fn fingerprint<'a>(finding: &Finding<'a>, ordinals: &mut FxHashMap<[&'a str; 4], u32>) -> String {
    let site = finding.point.span.map_or(finding.point.kind.name(), |span| span.site.name());
    let key = [finding.file.name.as_str(), &*finding.point.function, finding.verdict.name(), site];
    let ordinal = ordinals.entry(key).or_default();
    *ordinal += 1;
    let ordinal = ordinal.to_string();
    ContentHash::of_parts(key.iter().copied().chain([ordinal.as_str()]).map(str::as_bytes)).short()
}

/// A relative reference: all but what RFC 3986 leaves alone is escaped.
fn uri(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
