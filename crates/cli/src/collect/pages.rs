//! The collector's pages as the reporter paints them: facts of the one into what the other shows.

use std::sync::Arc;

use pathlight_collector as collector;
use pathlight_collector::{BuildPages, ChangesPages, Losses, Point};
use pathlight_mapping::{BuildManifest, Hits, Mapping};
use pathlight_report::{Build, site};
use site::{Asked, BuildFacts, BuildInput, FileSeen, Seconds, Seen};

pub(crate) struct Pages;

impl collector::Pages for Pages {
    fn asset(&self, name: &str) -> Option<(&'static str, &'static [u8])> {
        site::asset(name)
    }

    fn login(&self, problem: Option<collector::LoginProblem>, to: &str) -> String {
        let problem = problem.map(|problem| match problem {
            collector::LoginProblem::WrongToken => site::LoginProblem::WrongToken,
            collector::LoginProblem::Ended => site::LoginProblem::Ended,
            collector::LoginProblem::OtherSite => site::LoginProblem::OtherSite,
        });
        site::login(problem, to)
    }

    fn notice(&self, title: &str, text: &str) -> String {
        site::notice(title, text)
    }

    fn unknown_build(&self, build: &str, reports: u64, server: &str) -> String {
        site::unknown_build(build, reports, server)
    }

    fn home(&self, home: &collector::Home, asked: &collector::Asked) -> String {
        let build = |build: &collector::ListedBuild| site::BuildRow {
            id: build.build.clone(),
            pushed: build.pushed,
            probes: build.probes,
            hit: build.hit,
            sessions: build.traffic.sessions,
            received: build.traffic.losses.received,
            missing: build.traffic.losses.missing,
            last_report: build.traffic.last_report,
        };
        let waiting = |build: &collector::WaitingBuild| site::WaitingRow {
            id: build.build.clone(),
            reports: build.reports,
            first: build.first,
            last: build.last,
        };
        let input = site::HomeInput {
            builds: home.builds.iter().map(build).collect(),
            total: home.total,
            page_length: home.page_length,
            waiting: home.waiting.iter().map(waiting).collect(),
            server: home.server.clone(),
            now: home.now,
        };
        site::home(&input, &words(asked))
    }

    fn file(&self, facts: collector::FileFacts, now: Seconds) -> String {
        let (build, seen) = joined(&facts.mapping, facts.manifest, &facts.points);
        let input = site::FileInput {
            id: facts.build,
            build,
            file: facts.file,
            seen,
            file_seen: FileSeen { sessions: facts.file_sessions, days: facts.file_days },
            sessions: facts.sessions,
            now,
        };
        // The store has found the file in this mapping.
        site::file(&input).unwrap_or_default()
    }

    fn ingest(&self, ingest: &collector::Ingest) -> String {
        let latency = |latency: &collector::Latency| site::Latency {
            count: latency.count,
            sum: latency.sum,
            buckets: latency.buckets.clone(),
        };
        let (database, numbers) = (&ingest.database, &ingest.numbers);
        site::ingest(&site::IngestInput {
            received: ingest.losses.received,
            missing: ingest.losses.missing,
            last_report: database.last_report,
            apart: (database.apart, ingest.apart_limit),
            database: format!("{} {}", ingest.kind, database.version),
            bytes: database.bytes,
            keep: ingest.keep,
            started: ingest.started,
            waiting: numbers.waiting,
            reports: numbers.reports.clone(),
            requests: numbers.requests.clone(),
            commits: numbers.commits.clone(),
            unknown_ids: numbers.unknown_ids,
            request_latency: latency(&numbers.request),
            commit_latency: latency(&numbers.commit),
            now: ingest.now,
        })
    }

    fn build(&self, facts: collector::BuildFacts, at: Seconds) -> Arc<dyn BuildPages> {
        Arc::new(OfBuild(BuildFacts::of(input(facts, at))))
    }

    fn changes(
        &self,
        before: collector::BuildFacts,
        after: collector::BuildFacts,
        at: Seconds,
    ) -> Arc<dyn ChangesPages> {
        Arc::new(OfChanges(site::ChangesPage::of(&input(before, at), &input(after, at))))
    }

    fn no_changes(&self, builds: &[String], asked: &collector::Asked, now: Seconds) -> String {
        site::ChangesPage::default().page(builds, &words(asked), now)
    }
}

struct OfBuild(BuildFacts);

impl BuildPages for OfBuild {
    fn files(&self, asked: &collector::Asked, now: Seconds) -> String {
        self.0.folder(&words(asked), now)
    }

    fn never_run(&self, asked: &collector::Asked, now: Seconds) -> String {
        self.0.never_run(&words(asked), now)
    }
}

struct OfChanges(site::ChangesPage);

impl ChangesPages for OfChanges {
    fn page(&self, builds: &[String], asked: &collector::Asked, now: Seconds) -> String {
        self.0.page(builds, &words(asked), now)
    }
}

fn words(asked: &collector::Asked) -> Asked {
    Asked { words: asked.clone() }
}

fn input(facts: collector::BuildFacts, at: Seconds) -> BuildInput {
    let (build, seen) = joined(&facts.mapping, facts.manifest, &facts.counts.points);
    let files = facts.counts.file_sessions.iter().zip(&facts.counts.file_days);
    let Losses { received, missing } = facts.traffic.losses;
    BuildInput {
        id: facts.build,
        pushed: facts.pushed,
        build,
        seen,
        files: files.map(|(&sessions, &days)| FileSeen { sessions, days }).collect(),
        sessions: facts.counts.sessions,
        days: facts.counts.days,
        received,
        missing,
        last_report: facts.traffic.last_report,
        at,
    }
}

/// A build with its hits, and when each of its probes was hit, by position in the mapping.
fn joined(mapping: &Mapping, manifest: Option<BuildManifest>, points: &[Point]) -> (Build, Vec<Option<Seen>>) {
    let mut build = Build::new(mapping.clone(), manifest);
    let mut seen = vec![None; mapping.len()];
    for point in points {
        let Some(at) = mapping.position(point.id) else { continue };
        // Hits of long ago are not kept, but that there were some is: what ran then is not code that never runs.
        build.counts.add_hits(at, Hits { hits: point.hits.max(1), reports: 1 });
        let Point { first_seen, last_seen, days, hits, .. } = *point;
        seen[at] = Some(Seen { first: first_seen, last: last_seen, days, hits });
    }
    (build, seen)
}
