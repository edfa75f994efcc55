//! The collector's pages as the reporter paints them: facts of the one into what the other shows.

use std::sync::Arc;

use pathlight_collector as collector;
use pathlight_collector::{BuildPages, ChangesPages, Point, Seconds, Traffic};
use pathlight_mapping::{Hits, Mapping};
use pathlight_report::{Build, FileSeen, Seen, Stored, StoredPoint, Time, site};
use site::{Asked, BuildFacts, BuildInput};

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
            pushed: Time::of(build.pushed),
            probes: build.probes,
            hit: build.hit,
            sessions: build.traffic.sessions,
            received: build.traffic.losses.received,
            missing: build.traffic.losses.missing,
            last_report: build.traffic.last_report.map(Time::of),
        };
        let waiting = |build: &collector::WaitingBuild| site::WaitingRow {
            id: build.build.clone(),
            reports: build.reports,
            first: Time::of(build.first),
            last: Time::of(build.last),
        };
        let input = site::HomeInput {
            builds: home.builds.iter().map(build).collect(),
            total: home.total,
            page_length: home.page_length,
            waiting: home.waiting.iter().map(waiting).collect(),
            server: home.server.clone(),
            now: Time::of(home.now),
        };
        site::home(&input, &words(asked))
    }

    fn file(&self, facts: collector::FileFacts, now: Seconds) -> String {
        let mut files = vec![FileSeen::default(); facts.mapping.files().len()];
        if let Some(seen) = files.get_mut(facts.file) {
            *seen = FileSeen { sessions: facts.file_sessions, days: facts.file_days };
        }
        let mut build = Build::new(Mapping::clone(&facts.mapping), facts.manifest);
        build.add_stored(Stored {
            reports: 0,
            sessions: facts.sessions,
            days: facts.file_days,
            files,
            points: facts.points.iter().map(stored).collect(),
        });
        let input = site::FileInput { id: facts.build, build, file: facts.file, now: Time::of(now) };
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
            last_report: database.last_report.map(Time::of),
            apart: (database.apart, ingest.apart_limit),
            database: format!("{} {}", ingest.kind, database.version),
            bytes: database.bytes,
            keep: ingest.keep.unsigned_abs(),
            started: Time::of(ingest.started),
            waiting: numbers.waiting,
            reports: numbers.reports.clone(),
            requests: numbers.requests.clone(),
            refused: numbers.refused.clone(),
            commits: numbers.commits.clone(),
            unknown_ids: numbers.unknown_ids,
            request_latency: latency(&numbers.request),
            commit_latency: latency(&numbers.commit),
            now: Time::of(ingest.now),
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
        site::ChangesPage::default().page(builds, &words(asked), Time::of(now))
    }
}

struct OfBuild(BuildFacts);

impl BuildPages for OfBuild {
    fn files(&self, asked: &collector::Asked, now: Seconds) -> String {
        self.0.folder(&words(asked), Time::of(now))
    }

    fn never_run(&self, asked: &collector::Asked, now: Seconds) -> String {
        self.0.never_run(&words(asked), Time::of(now))
    }
}

struct OfChanges(site::ChangesPage);

impl ChangesPages for OfChanges {
    fn page(&self, builds: &[String], asked: &collector::Asked, now: Seconds) -> String {
        self.0.page(builds, &words(asked), Time::of(now))
    }
}

fn words(asked: &collector::Asked) -> Asked {
    Asked { words: asked.clone() }
}

fn input(facts: collector::BuildFacts, at: Seconds) -> BuildInput {
    let counts = facts.counts;
    let files = counts.file_sessions.iter().zip(&counts.file_days);
    let files = files.map(|(&sessions, &days)| FileSeen { sessions, days }).collect();
    let Traffic { sessions, losses, last_report, days } = counts.traffic;
    let mut build = Build::new(Mapping::clone(&facts.mapping), facts.manifest);
    let points = counts.points.iter().map(stored).collect();
    build.add_stored(Stored { reports: losses.received, sessions, days, files, points });
    BuildInput {
        id: facts.build,
        pushed: Time::of(facts.pushed),
        build,
        missing: losses.missing,
        last_report: last_report.map(Time::of),
        at: Time::of(at),
    }
}

fn stored(point: &Point) -> StoredPoint {
    let seen = Seen { first: Time::of(point.first_seen), last: Time::of(point.last_seen), days: point.days };
    StoredPoint { id: point.id, hits: Hits { hits: point.hits, reports: point.reports }, seen: Some(seen) }
}
