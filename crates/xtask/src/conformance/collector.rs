//! SIGKILL at random moments under load: what was acknowledged is in, once, however often it was sent.
//!
//! | store | what is killed |
//! |---|---|
//! | SQLite | the collector |
//! | PostgreSQL | in turn one of two collectors, between which the clients change |
//! | PostgreSQL | all processes of the server |
//!
//! Clients send each report until it is acknowledged, some of them again after that. A kill shows that nothing which
//! was acknowledged is in a process alone; that the disk keeps what it was given, only a loss of power could show.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::tally::Tally;
use super::{Length, Settle};
use crate::Failure;
use crate::collector::client::Client;
use crate::collector::cluster::Cluster;
use crate::collector::load::{DISTINCT, Expected, Hits, Random};
use crate::collector::{Collector, Site};

const CLIENTS: u64 = 16;
/// Each client's for each kill.
const REPORTS: u64 = 30;
/// Every so many reports one that is acknowledged is sent again.
const RESENT: u64 = 5;
/// Of one session.
const SESSION: u64 = 20;
/// No collector and no server is away so long.
const DEADLINE: Duration = Duration::from_secs(120);

pub(super) fn prove(length: Length, settle: Settle, pathlight: &Path) -> Result<(), Failure> {
    let (kills, name) = match length {
        Length::Short => (5, "collector"),
        Length::Long => (50, "collector-long"),
    };
    let mut tally = Tally::default();
    let site = Site::new(pathlight, None)?;
    let mut collectors = vec![Collector::start(&site, "127.0.0.1:0", &[])?];
    run("SQLite, collector killed", kills, &site, &mut collectors, &mut tally, |collectors, _| {
        restart(&site, &mut collectors[0])
    })?;
    let cluster = Cluster::start();
    let site = Site::new(pathlight, Some(cluster.database("collectors")))?;
    let mut collectors =
        vec![Collector::start(&site, "127.0.0.1:0", &[])?, Collector::start(&site, "127.0.0.1:0", &[])?];
    run("PostgreSQL, collectors killed", kills, &site, &mut collectors, &mut tally, |collectors, kill| {
        restart(&site, &mut collectors[kill % 2])
    })?;
    let site = Site::new(pathlight, Some(cluster.database("server")))?;
    let mut collectors = vec![Collector::start(&site, "127.0.0.1:0", &[])?];
    run("PostgreSQL, server killed", kills, &site, &mut collectors, &mut tally, |_, _| {
        cluster.crash_and_restart();
        Ok(())
    })?;
    tally.settle(name, settle)
}

fn restart(site: &Site, collector: &mut Collector) -> Result<(), Failure> {
    collector.kill()?;
    let address = collector.address.clone();
    *collector = Collector::start(site, &address, &[])?;
    Ok(())
}

/// Clients send while `kill` is called at random moments; then all that was acknowledged is compared with the store.
fn run(
    name: &str,
    kills: u64,
    site: &Site,
    collectors: &mut [Collector],
    tally: &mut Tally,
    mut kill: impl FnMut(&mut [Collector], usize) -> Result<(), Failure>,
) -> Result<(), Failure> {
    site.push(&collectors[0])?;
    let addresses: Vec<String> = collectors.iter().map(|collector| collector.address.clone()).collect();
    let hits: Vec<Hits> = (0..DISTINCT).map(Hits::new).collect();
    let reports = REPORTS * (kills + 1);
    let acknowledged = AtomicU64::new(0);
    let mut random = Random(kills);
    let expected = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (addresses, hits, acknowledged) = (&addresses, &hits, &acknowledged);
                scope.spawn(move || send(client, reports, addresses, hits, acknowledged))
            })
            .collect();
        for number in 1..=kills {
            let started = Instant::now();
            while acknowledged.load(Ordering::Relaxed) < number * CLIENTS * REPORTS {
                if started.elapsed() > DEADLINE || clients.iter().any(thread::ScopedJoinHandle::is_finished) {
                    break;
                }
                thread::sleep(Duration::from_millis(1));
            }
            thread::sleep(Duration::from_micros(random.below(20_000).into()));
            // Clients give up when nobody answers; their words say more than an error here.
            if let Err(error) = kill(collectors, number as usize) {
                eprintln!("{name}: {error}");
                break;
            }
        }
        let mut expected = Expected::default();
        for client in clients {
            let sent = client.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            expected.merge(&sent.map_err(|error| format!("{name}: {error}"))?);
        }
        Ok::<_, String>(expected)
    })?;
    tally.add(&format!("{name}: kills"), kills);
    tally.add(&format!("{name}: reports acknowledged and counted once"), expected.reports);
    tally.add(&format!("{name}: of them sent again"), CLIENTS * (reports / RESENT));
    match expected.compare(&site.counts(&collectors[0])?) {
        Ok(compared) => tally.add(&format!("{name}: numbers compared"), compared),
        Err(error) => tally.fail(format!("{name}: {error}")),
    }
    Ok(())
}

fn send(
    client: u64,
    reports: u64,
    addresses: &[String],
    hits: &[Hits],
    acknowledged: &AtomicU64,
) -> Result<Expected, String> {
    let mut expected = Expected::default();
    let mut connection = None;
    let mut body = String::new();
    for number in 0..reports {
        let hits = &hits[(client * 61 + number) as usize % hits.len()];
        let (session, seq) = (number / SESSION, 1 + number % SESSION);
        body.clear();
        hits.write(&format!("{client}-{session}"), seq, &mut body);
        until_answered(&mut connection, addresses, client + number, &body)?;
        if number % RESENT == RESENT - 1 {
            let answer = until_answered(&mut connection, addresses, client + number + 1, &body)?;
            if !answer.contains("\"duplicate\":1") {
                return Err(format!("what was acknowledged is not in: {answer}"));
            }
        }
        expected.add(hits, 1);
        expected.sessions += u64::from(seq == 1);
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
    Ok(expected)
}

/// Sends it, now to this collector and now to that one, until one has answered.
fn until_answered(
    connection: &mut Option<Client>,
    addresses: &[String],
    turn: u64,
    body: &str,
) -> Result<String, String> {
    let started = Instant::now();
    for attempt in turn.. {
        let address = &addresses[attempt as usize % addresses.len()];
        let mut client = match connection.take() {
            // One collector: its connection is kept.
            Some(client) if addresses.len() == 1 => client,
            _ => match Client::connect(address) {
                Ok(client) => client,
                Err(_) if started.elapsed() < DEADLINE => {
                    thread::sleep(Duration::from_millis(2));
                    continue;
                }
                Err(error) => return Err(format!("no collector answers: {error}")),
            },
        };
        match client.post(body) {
            Ok((200, answer)) => {
                *connection = Some(client);
                return Ok(answer);
            }
            Ok((503, _)) | Err(_) if started.elapsed() < DEADLINE => thread::sleep(Duration::from_millis(2)),
            Ok((status, answer)) => return Err(format!("{status}: {answer}")),
            Err(error) => return Err(error.to_string()),
        }
    }
    Err("no turn is left".to_owned())
}
