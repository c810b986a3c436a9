//! The bars, and what of them was reached at the largest size of a run.

use crate::measure::{Line, Measured};
use crate::report::Report;

/// Something that was promised, and what was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// The promise.
    pub promise: &'static str,
    /// What was seen.
    pub seen: f64,
    /// The limit.
    pub limit: Limit,
    /// What the figures count.
    pub unit: &'static str,
}

/// A limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// Not more.
    AtMost(f64),
    /// Not less.
    AtLeast(f64),
}

impl Bar {
    /// Whether what was seen is within the limit.
    #[must_use]
    pub fn is_met(&self) -> bool {
        match self.limit {
            Limit::AtMost(limit) => self.seen <= limit,
            Limit::AtLeast(limit) => self.seen >= limit,
        }
    }
}

/// The smallest and the largest database of one kind.
struct Pair<'a> {
    small: &'a Measured,
    large: &'a Measured,
    /// SQLite, of which some bars speak alone.
    is_embedded: bool,
}

impl Pair<'_> {
    fn line(&self, name: &str) -> Option<&Line> {
        self.large.line(name)
    }

    /// How much more processor time a request takes in the large database.
    fn growth(&self, name: &str) -> Option<f64> {
        growth(self.small, self.large, name)
    }

    /// The slowest of some requests, to a single client.
    fn slowest(&self, is_meant: impl Fn(&str) -> bool) -> Option<f64> {
        let times = self.large.lines.iter().filter(|line| is_meant(line.name)).map(|line| line.alone);
        times.reduce(f64::max)
    }
}

/// Processor time with that of the database server, in microseconds.
pub(crate) fn work(line: &Line) -> f64 {
    line.cpu + line.database_cpu
}

/// How much more processor time a request takes in another database.
pub(crate) fn growth(small: &Measured, large: &Measured, name: &str) -> Option<f64> {
    Some(work(large.line(name)?) / work(small.line(name)?).max(1.0))
}

const GET: &str = "get a record";
const FIRST: &str = "list 50, an owner's by name";
const DEEP: &str = "list 50, an owner's by name, deepest";
const CREATE: &str = "create a customer";
const CONVERT: &str = "convert a lead";

/// Every bar that a run can answer.
#[must_use]
pub fn bars(report: &Report) -> Vec<Bar> {
    let (Some(small), Some(large)) = (report.all.first(), report.all.last()) else { return Vec::new() };
    let pair = Pair { small, large, is_embedded: report.backend == "SQLite" };
    let program = Some(report.circumstances.program);
    let size: Vec<Found> = vec![("size of the program", program, Limit::AtMost(40.0), "MiB")];
    [making(&pair), reading(&pair), listing(&pair), writing(&pair), living(&pair), size]
        .into_iter()
        .flatten()
        .filter_map(|(promise, seen, limit, unit)| Some(Bar { promise, seen: seen?, limit, unit }))
        .collect()
}

type Found = (&'static str, Option<f64>, Limit, &'static str);

/// A million customers, and what belongs to them, in ten minutes.
fn making(pair: &Pair<'_>) -> Vec<Found> {
    let within = 600.0 * pair.large.size as f64 / 1e6;
    vec![("seed", pair.large.made.filter(|_| pair.large.size >= 100_000), Limit::AtMost(within), "s")]
}

fn reading(pair: &Pair<'_>) -> Vec<Found> {
    use Limit::{AtLeast, AtMost};
    let get = pair.line(GET);
    let is_dashboard = |name: &str| name == "board" || name.starts_with("sums") || name.starts_with("counts");
    let mut found = vec![
        ("get: growth of the processor time", pair.growth(GET), AtMost(1.5), "×"),
        ("search, slowest kind, one client", pair.slowest(|name| name.starts_with("search")), AtMost(5.0), "ms"),
        ("board and sums, slowest, one client", pair.slowest(is_dashboard), AtMost(300.0), "ms"),
    ];
    if pair.is_embedded {
        found.extend([
            ("get: processor time over floor (a)", get.and_then(|line| line.to_bytes), AtMost(5.0), "×"),
            (
                "get: as many as two cores could answer",
                get.map(|line| 2e6 / line.cpu.max(1.0)),
                AtLeast(25_000.0),
                "/s",
            ),
        ]);
    }
    found
}

fn listing(pair: &Pair<'_>) -> Vec<Found> {
    use Limit::AtMost;
    let (first, deep) = (pair.line(FIRST), pair.line(DEEP));
    let within = if pair.is_embedded { 1.0 } else { 2.0 };
    let depth = first.zip(deep).map(|(first, deep)| work(deep) / work(first).max(1.0));
    vec![
        ("list of 50: processor time over floor (b)", first.and_then(|line| line.to_driver), AtMost(2.0), "×"),
        ("list of 50, deepest page: over floor (b)", deep.and_then(|line| line.to_driver), AtMost(2.0), "×"),
        ("list of 50: p50 in the process", first.and_then(|line| line.inside), AtMost(within), "ms"),
        ("list of 50: growth of the processor time", pair.growth(FIRST), AtMost(2.0), "×"),
        ("list of 50: deepest page over the first one", depth, AtMost(1.2), "×"),
    ]
}

fn writing(pair: &Pair<'_>) -> Vec<Found> {
    use Limit::{AtLeast, AtMost};
    let (create, convert) = (pair.line(CREATE), pair.line(CONVERT));
    let cost = create.zip(convert).map(|(create, convert)| work(convert) / work(create).max(1.0));
    let mut found = vec![("convert: processor time over that of a create", cost, AtMost(3.0), "×")];
    if pair.is_embedded {
        found.extend([
            ("create, 16 clients", create.map(|line| line.rate), AtLeast(1000.0), "/s"),
            ("create, 16 clients: p99", create.map(|line| line.p99), AtMost(50.0), "ms"),
        ]);
    }
    found
}

fn living(pair: &Pair<'_>) -> Vec<Found> {
    use Limit::AtMost;
    vec![
        ("ready after the start", Some(pair.large.start), AtMost(300.0), "ms"),
        ("ready after kill -9", Some(pair.large.start_after_kill), AtMost(1000.0), "ms"),
        ("memory, idle", Some(pair.large.idle), AtMost(40.0), "MiB"),
        ("memory, 100 users", Some(pair.large.busy), AtMost(150.0), "MiB"),
    ]
}
