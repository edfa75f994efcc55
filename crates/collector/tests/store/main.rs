//! The contract of a store, and both databases held to it.

// A test that cannot set itself up has failed; when the contract is broken, the last name that was printed says where.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../support/cluster.rs"]
mod cluster;
mod contract;
mod facts;

use pathlight_collector::{Store, StoreAddress, StoreError};

use self::cluster::Cluster;

/// Of hits of builds that were not pushed, in bytes; small, so that a test reaches it.
const APART_LIMIT: u64 = 200;

fn open(address: &str) -> Store {
    let address: StoreAddress = address.parse().unwrap();
    Store::open(&address, APART_LIMIT).unwrap()
}

#[test]
fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    for (name, case) in contract::CASES.iter().chain(facts::CASES) {
        println!("{name}");
        case(&format!("sqlite:{}/{name}.db", folder.path().display()));
    }
}

#[test]
fn what_was_rolled_back_is_not_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let address = format!("sqlite:{}", path.display());
    let mut store = open(&address);
    for (seq, at) in [(1, contract::NOW), (2, contract::NOW + 5)] {
        store.add(&[contract::report("s", seq, &[(1, 1)])], at).unwrap();
    }
    drop(store);
    // Both are read when their build is pushed, the first one is added, and the second one cannot be.
    let sqlite = rusqlite::Connection::open(&path).unwrap();
    assert_eq!(sqlite.execute("UPDATE apart SET hits = 'x' WHERE seq = 2", []).unwrap(), 1);
    drop(sqlite);
    let mut store = open(&address);
    assert!(matches!(store.push("b", contract::MAPPING, None, contract::NOW), Err(StoreError::BadRow { .. })));
    for seq in 1..=100 {
        store.add(&[contract::report("t", seq, &[(2, 1)])], contract::NOW).unwrap();
        assert_eq!(contract::hits(&mut store), [(2, seq)]);
    }
}

#[test]
fn other_programs_read_hits_as_rows() {
    let columns = "point, hits, reports, first_seen, last_seen, start, width";
    let sql = format!("SELECT {columns} FROM hits WHERE build = 'b' ORDER BY point");
    let (now, hour) = (contract::NOW, contract::HOUR);
    let expected = |more: i64| {
        vec![
            [1, 5 * (1 + more), 1 + more, now + 10, now + 20, now, hour],
            [2, 7, 1, now + 10, now + 10, now, hour],
            [3, i64::MAX, 1 + more, now + 10, now + 20, now, hour],
        ]
    };

    let folder = tempfile::tempdir().unwrap();
    for more in [1, 40] {
        let path = folder.path().join(format!("{more}.db"));
        contract::add_rows(&format!("sqlite:{}", path.display()), more);
        let sqlite = rusqlite::Connection::open(&path).unwrap();
        let mut statement = sqlite.prepare(&sql).unwrap();
        let row = |row: &rusqlite::Row<'_>| Ok([0, 1, 2, 3, 4, 5, 6].map(|column| row.get(column).unwrap()));
        let rows: Vec<[i64; 7]> = statement.query_map([], row).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows, expected(more.cast_signed()));
    }

    let cluster = Cluster::start();
    let address = cluster.database("rows");
    contract::add_rows(&address, 1);
    let mut postgres = postgres::Client::connect(&address, postgres::NoTls).unwrap();
    let rows = postgres.query(&sql, &[]).unwrap();
    let rows: Vec<[i64; 7]> = rows.iter().map(|row| [0, 1, 2, 3, 4, 5, 6].map(|column| row.get(column))).collect();
    assert_eq!(rows, expected(1));
}

#[test]
fn postgres_keeps_the_contract() {
    let cluster = Cluster::start();
    for (name, case) in contract::CASES.iter().chain(facts::CASES) {
        println!("{name}");
        case(&cluster.database(name));
    }
}

#[test]
fn other_addresses_are_refused() {
    for address in ["", "sqlite:", "mysql://localhost/db", "pathlight.db"] {
        assert!(address.parse::<StoreAddress>().is_err(), "{address}");
    }
    let secret: StoreAddress = "postgres://me:secret@localhost/db".parse().unwrap();
    assert!(!format!("{secret:?}").contains("secret"));
}

#[test]
fn a_store_of_the_first_version_is_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("first.db");
    let sqlite = rusqlite::Connection::open(&path).unwrap();
    sqlite.execute_batch(include_str!("../../src/store/sqlite/1.sql")).unwrap();
    sqlite.execute_batch(contract::FIRST_VERSION).unwrap();
    sqlite.pragma_update(None, "user_version", 1).unwrap();
    contract::is_the_first_version(&format!("sqlite:{}", path.display()));

    let cluster = Cluster::start();
    let address = cluster.database("first");
    let mut postgres = postgres::Client::connect(&address, postgres::NoTls).unwrap();
    postgres
        .batch_execute("CREATE TABLE pathlight_schema (version BIGINT); INSERT INTO pathlight_schema VALUES (1)")
        .unwrap();
    postgres.batch_execute(include_str!("../../src/store/postgres/1.sql")).unwrap();
    postgres.batch_execute(contract::FIRST_VERSION).unwrap();
    contract::is_the_first_version(&address);
}

/// Where the child of the test below finds the store that it is to bring up to date.
const OLD_STORE: &str = "PATHLIGHT_TEST_OLD_STORE";

#[test]
fn a_migration_that_is_killed_leaves_the_store_as_it_was() {
    let own = "a_migration_that_is_killed_leaves_the_store_as_it_was";
    if let Some(address) = std::env::var_os(OLD_STORE) {
        open(address.to_str().unwrap());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.db");
    let sqlite = rusqlite::Connection::open(&path).unwrap();
    sqlite.pragma_update(None, "synchronous", "off").unwrap();
    sqlite.execute_batch(include_str!("../../src/store/sqlite/1.sql")).unwrap();
    sqlite.execute_batch(include_str!("../../src/store/sqlite/2.sql")).unwrap();
    sqlite
        .execute_batch(
            "INSERT INTO hits (build, point, width, start, hits, reports, first_seen, last_seen)
             WITH RECURSIVE points (point) AS (VALUES (1) UNION ALL SELECT point + 1 FROM points WHERE point < 100000)
             SELECT 'b', point, 3600, 1728000000, point % 997, 1 + point % 5, 1728000005, 1728000010 FROM points",
        )
        .unwrap();
    sqlite.pragma_update(None, "user_version", 2).unwrap();
    drop(sqlite);
    // Other connections than the child's would keep it from its exclusive steps.
    let known = || -> (i64, [i64; 5]) {
        let sqlite = rusqlite::Connection::open(&path).unwrap();
        let sums = "SELECT count(*), sum(point * hits), sum(reports), min(first_seen), max(last_seen) FROM hits";
        let version = sqlite.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        let column = |row: &rusqlite::Row<'_>| Ok([0, 1, 2, 3, 4].map(|column| row.get(column).unwrap()));
        (version, sqlite.query_row(sums, [], column).unwrap())
    };
    let (version, before) = known();
    assert_eq!((version, before[0]), (2, 100_000));
    let mut seen = Vec::new();
    for step in 1..=12 {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", own]).env(OLD_STORE, format!("sqlite:{}", path.display()));
        let mut child = child.stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(step * step * 20));
        child.kill().unwrap();
        child.wait().unwrap();
        let (version, sums) = known();
        assert_eq!(sums, before);
        seen.push(version);
        if version > 2 {
            break;
        }
    }
    println!("versions after each SIGKILL: {seen:?}");
    assert_eq!(open(&format!("sqlite:{}", path.display())).builds().unwrap(), [""; 0]);
}

#[test]
fn a_store_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("newer.db");
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 1000).unwrap();
    let address: StoreAddress = format!("sqlite:{}", path.display()).parse().unwrap();
    let error = Store::open(&address, APART_LIMIT).err().expect("it must not open");
    assert!(error.to_string().contains("version 1000"), "{error}");
}
