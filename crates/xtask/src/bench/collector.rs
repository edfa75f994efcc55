//! `cargo xtask bench collector`: reports of 100 points over kept connections, acknowledged when they are durable; into
//! SQLite and into PostgreSQL. The collector is held to one core, the load to the others, and PostgreSQL, which would have
//! a machine of its own, to none.
//!
//! Once as fast as connections wait for answers, once at the pace of the goal. At a pace, an answer's time counts from
//! when its report was due, so that a pause of the collector counts for all that it kept waiting. The collector's own
//! processor time for each report says how many a core can take where the machine has other work; that of the load
//! says whether the load was the limit.

use std::fs::File;
use std::io::{self, Write as _};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::collector::client::Client;
use crate::collector::cluster::Cluster;
use crate::collector::load::{DISTINCT, Expected, Hits};
use crate::collector::{Collector, Site, own_processor_time};
use crate::{Failure, known, product};

/// What the command line calls it.
pub(super) const NAME: &str = "collector";

/// Browsers have one each; what they send while one commit is under way is the next.
const CONNECTIONS: usize = 256;
/// Between two looks at the collector's memory.
const LOOK: Duration = Duration::from_millis(250);
/// Reports of one session.
const SESSION: u64 = 10;

/// As in `--store`.
const SQLITE: &str = "sqlite";
const POSTGRES: &str = "postgres";

struct Goal {
    store: &'static str,
    /// Reports a second.
    speed: u64,
    /// In ms.
    p99: f64,
}

const GOALS: [Goal; 2] =
    [Goal { store: SQLITE, speed: 5_000, p99: 50.0 }, Goal { store: POSTGRES, speed: 3_000, p99: 50.0 }];
/// At a pace: the share of it at which a report more or less at the ends of the run is all that is missing.
const KEPT_UP: f64 = 0.99;
/// Memory is flat if the second half of a run ends with no more than so many times what it began with …
const GROWTH: f64 = 1.05;
/// … and so many MB: less is what an allocator has on its way.
const SLACK: f64 = 1.0;

/// `only`: stores, all if there is none. `length`: of each run.
pub(super) fn run(only: &[String], length: Duration) -> Result<(), Failure> {
    known("store", only, &GOALS.map(|goal| goal.store))?;
    let pathlight = product()?;
    let wanted = |goal: &&Goal| only.is_empty() || only.iter().any(|store| store == goal.store);
    // What is started later is held as this process is.
    let cluster = GOALS.iter().filter(wanted).any(|goal| goal.store == POSTGRES).then(Cluster::start);
    let before = pin();
    println!("Alone, and as noisy as the machine is now:");
    baseline("4 kB that are written and synced", &|file| file.write_all(&[7; 4096]).and_then(|()| file.sync_data()))?;
    baseline("1 ms that a thread sleeps", &|_| {
        thread::sleep(Duration::from_millis(1));
        Ok(())
    })?;
    println!(
        "\n{CONNECTIONS} connections, {} s each; of the collector: processor time for a report in µs, memory in MB;\n\
         load: share of the other cores that sending took\n",
        length.as_secs()
    );
    println!(
        "{:10} {:>9} {:>9} {:>7} {:>8} {:>8} {:>8} {:>6} {:>6} {:>6} {:>6} {:>6}",
        "store",
        "pace",
        "reports/s",
        "CPU, µs",
        "p50, ms",
        "p99, ms",
        "max, ms",
        "load",
        "start",
        "middle",
        "end",
        "peak"
    );
    let mut verdicts = Vec::new();
    for goal in GOALS.iter().filter(wanted) {
        let cluster = cluster.as_ref().filter(|_| goal.store == POSTGRES);
        let site = Site::new(&pathlight, cluster.map(|cluster| cluster.database("bench")))?;
        let collector = Collector::start(&site, "127.0.0.1:0", &before)?;
        site.push(&collector)?;
        let mut expected = Expected::default();
        let free = measure(goal, None, length, &collector, &mut expected)?;
        let paced = measure(goal, Some(goal.speed), length, &collector, &mut expected)?;
        // A figure for work that was not done would be none.
        expected.compare(&site.counts(&collector)?)?;
        verdicts.push(goal.verdict(&free, &paced));
    }
    println!("\n{}", verdicts.join("\n"));
    Ok(())
}

impl Goal {
    fn verdict(&self, free: &Figures, paced: &Figures) -> String {
        let reached = |is_reached| if is_reached { "reached" } else { "missed" };
        let Self { store, speed, p99 } = self;
        let speed_reached = reached(paced.speed >= *speed as f64 * KEPT_UP);
        let growth = |figures: &Figures| match figures.growth() {
            (from, to) if to <= from * GROWTH + SLACK => "flat".to_owned(),
            (from, to) => format!("grew from {from:.1} to {to:.1} MB"),
        };
        format!(
            "{store}: {speed} reports/s {speed_reached}, p99 below {p99} ms at that pace {}; memory {}, at the pace {}",
            reached(paced.p99 < *p99),
            growth(free),
            growth(paced)
        )
    }
}

/// What a run showed.
struct Figures {
    /// Reports a second.
    speed: f64,
    /// In ms.
    p99: f64,
    /// The collector's, in MB, over the run.
    memory: Vec<f64>,
}

impl Figures {
    /// Mean memory, in MB, of the third quarter of the run and of the last.
    fn growth(&self) -> (f64, f64) {
        let quarter = (self.memory.len() / 4).max(1);
        let mean = |samples: &[f64]| samples.iter().sum::<f64>() / samples.len().max(1) as f64;
        let last = self.memory.len().saturating_sub(quarter);
        (mean(&self.memory[last.saturating_sub(quarter)..last]), mean(&self.memory[last..]))
    }
}

/// The command that holds a program to the first core; this process keeps to the others. Nothing where there is but
/// one core, or no `taskset`.
fn pin() -> Vec<String> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let others = format!("1-{}", cores.saturating_sub(1));
    let own = std::process::id().to_string();
    let mut command = Command::new("taskset");
    command.args(["--all-tasks", "--cpu-list", "--pid", &others, &own]).stdout(std::process::Stdio::null());
    if cores < 2 || !command.status().is_ok_and(|status| status.success()) {
        println!("Not held to one core: there is one alone, or no taskset.");
        return Vec::new();
    }
    ["taskset", "--cpu-list", "0"].map(str::to_owned).to_vec()
}

/// What no collector can be better than here: durations of `work`, over two seconds.
fn baseline(name: &str, work: &dyn Fn(&mut File) -> io::Result<()>) -> Result<(), Failure> {
    let mut file = tempfile::tempfile_in(crate::collector::folder()?)?;
    let (started, mut times) = (Instant::now(), Vec::new());
    while started.elapsed() < Duration::from_secs(2) {
        let start = Instant::now();
        work(&mut file)?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    let [p50, p99, max] = [0.5, 0.99, 1.0].map(|share| at(&times, share));
    println!("{name:34} p50 {p50:.1} ms, p99 {p99:.1} ms, max {max:.1} ms");
    Ok(())
}

/// Of sorted times, the one that this share is not above, in ms.
fn at(times: &[Duration], share: f64) -> f64 {
    let index = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1e3)
}

/// One run, printed as a row.
fn measure(
    goal: &Goal,
    pace: Option<u64>,
    length: Duration,
    collector: &Collector,
    expected: &mut Expected,
) -> Result<Figures, Failure> {
    let hits: Vec<Hits> = (0..DISTINCT).map(Hits::new).collect();
    let (start, before, own_before) = (Instant::now(), collector.processor_time(), own_processor_time());
    let is_over = AtomicBool::new(false);
    let (done, memory) = thread::scope(|scope| {
        let senders: Vec<_> = (0..CONNECTIONS)
            .map(|connection| {
                let (hits, is_over) = (&hits, &is_over);
                scope.spawn(move || {
                    let name = format!("{}-{connection}", pace.unwrap_or(0));
                    // Each has its share of the pace, and its turn in it.
                    let due = pace.map(|pace| Due {
                        first: start + Duration::from_secs_f64(connection as f64 / pace as f64),
                        every: Duration::from_secs_f64(CONNECTIONS as f64 / pace as f64),
                    });
                    send(&collector.address, &name, connection * 7, due, hits, is_over)
                })
            })
            .collect();
        let mut memory = vec![collector.memory("VmRSS")];
        while start.elapsed() < length && !senders.iter().any(thread::ScopedJoinHandle::is_finished) {
            thread::sleep(LOOK);
            memory.push(collector.memory("VmRSS"));
        }
        is_over.store(true, Ordering::Relaxed);
        let done =
            senders.into_iter().map(|sender| sender.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        (done.collect::<io::Result<Vec<Done>>>(), memory)
    });
    let seconds = start.elapsed().as_secs_f64();
    let processor = collector.processor_time().saturating_sub(before);
    let own = own_processor_time().saturating_sub(own_before);
    let mut times = Vec::new();
    for done in done? {
        expected.merge(&done.expected);
        times.extend(done.times);
    }
    times.sort_unstable();
    let figures = Figures { speed: times.len() as f64 / seconds, p99: at(&times, 0.99), memory };
    let cores = thread::available_parallelism().map_or(1, usize::from) as f64;
    println!(
        "{:10} {:>9} {:>9.0} {:>7.0} {:>8.1} {:>8.1} {:>8.1} {:>4.0} % {:>6.1} {:>6.1} {:>6.1} {:>6.1}",
        goal.store,
        pace.map_or_else(|| "as it can".to_owned(), |pace| format!("{pace}/s")),
        figures.speed,
        processor.as_secs_f64() * 1e6 / times.len().max(1) as f64,
        at(&times, 0.5),
        figures.p99,
        at(&times, 1.0),
        own.as_secs_f64() * 100.0 / seconds / cores,
        figures.memory[0],
        figures.memory[figures.memory.len() / 2],
        figures.memory[figures.memory.len() - 1],
        collector.memory("VmHWM"),
    );
    Ok(figures)
}

/// When a connection's reports are to be sent.
struct Due {
    first: Instant,
    every: Duration,
}

/// What one connection sent.
struct Done {
    expected: Expected,
    /// Of the answers.
    times: Vec<Duration>,
}

fn send(
    address: &str,
    name: &str,
    offset: usize,
    due: Option<Due>,
    hits: &[Hits],
    is_over: &AtomicBool,
) -> io::Result<Done> {
    let mut client = Client::connect(address)?;
    let mut done = Done { expected: Expected::default(), times: Vec::new() };
    let mut body = String::new();
    let mut number = 0_u64;
    while !is_over.load(Ordering::Relaxed) {
        let hits = &hits[(offset + number as usize) % hits.len()];
        let (session, seq) = (number / SESSION, 1 + number % SESSION);
        body.clear();
        hits.write(&format!("{name}-{session}"), seq, &mut body);
        let start = match &due {
            None => Instant::now(),
            Some(due) => {
                let due = due.first + due.every * u32::try_from(number).unwrap_or(u32::MAX);
                thread::sleep(due.saturating_duration_since(Instant::now()));
                due
            }
        };
        let (status, answer) = client.post(&body)?;
        if status != 200 || !answer.contains("\"added\":1") {
            return Err(io::Error::other(format!("{status}: {answer}")));
        }
        done.times.push(start.elapsed());
        done.expected.add(hits, 1);
        done.expected.sessions += u64::from(seq == 1);
        number += 1;
    }
    Ok(done)
}
