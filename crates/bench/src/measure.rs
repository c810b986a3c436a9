//! Measures one database: every hot request beside its floors, writes, starts, memory.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::{Value, json};

use crate::asked::{Asked, asked};
use crate::cli::say;
use crate::driver::Driver;
use crate::floor::Floor;
use crate::http::{Client, ask};
use crate::load::{Effort, Requests, Seen};
use crate::place::{Ground, Place};
use crate::program::Program;

/// Clients that read at once.
const READERS: usize = 8;
/// Clients that write at once.
const WRITERS: usize = 16;
/// Users at once for the figure of memory.
const USERS: usize = 100;
/// Each request and its floors take turns, so that what else the machine does hits all of them.
const ROUNDS: u32 = 3;

/// One line of the tables.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What was asked.
    pub name: &'static str,
    /// Answers in a second.
    pub rate: f64,
    /// Half of the answers came within, in milliseconds.
    pub p50: f64,
    /// Nearly all came within, in milliseconds.
    pub p99: f64,
    /// Half of the answers to a single client came within, in milliseconds.
    pub alone: f64,
    /// Half of the use cases in the process took at most, in milliseconds.
    pub inside: Option<f64>,
    /// Processor time of the program for one, in microseconds.
    pub cpu: f64,
    /// Processor time of the database server for one, in microseconds.
    pub database_cpu: f64,
    /// Processor time over that of floor (a).
    pub to_bytes: Option<f64>,
    /// Processor time, with that of the database server, over that of floor (b).
    pub to_driver: Option<f64>,
}

/// What is told of one database.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Customers.
    pub size: usize,
    /// Seconds in which `rapport seed` made them, where that is known.
    pub made: Option<f64>,
    /// The requests.
    pub lines: Vec<Line>,
    /// Milliseconds from the start of the program until it was ready.
    pub start: f64,
    /// The same after it was killed while it was writing.
    pub start_after_kill: f64,
    /// MiB in use after the start.
    pub idle: f64,
    /// MiB in use while 100 users read.
    pub busy: f64,
}

impl Measured {
    /// The line of a request.
    #[must_use]
    pub fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }
}

/// Measures a database; `time` is how long each request is sent.
///
/// # Errors
/// When something does not answer as it should.
pub fn measure(ground: &Ground, place: &Place, time: Duration) -> anyhow::Result<Measured> {
    let (backend, size) = (place.backend.name(), place.size);
    say(format_args!("• {backend}, {size} customers"));
    // The first start may bring older data up to date, and reads the file into the memory of the machine.
    drop(Program::start(ground, place)?);
    let starts = (0..3).map(|_| Ok(Program::start(ground, place)?.start)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut program = Program::start(ground, place)?;
    std::thread::sleep(Duration::from_secs(2).min(time));
    let idle = program.memory();
    program.sign_in()?;
    let floors = Floors { floor: Floor::start()?, driver: Driver::open(place)? };
    let requests = asked(&program.caller)?;
    let mut lines = Vec::new();
    for request in &requests {
        lines.push(told(read(&program, &floors, request, time)?));
    }
    let busy = memory_under_load(&program, &requests, time)?;
    lines.push(told(create(&program, time)?));
    lines.push(told(convert(&program, time)?));
    program.send(writing(time / 4), usize::MAX / 2, &customers(&program))?;
    program.kill()?;
    let start_after_kill = millis(Program::start(ground, place)?.start);
    let start = millis(crate::load::percentile(&starts, 0.5));
    let measured = Measured { size, made: ground.made_in(place), lines, start, start_after_kill, idle, busy };
    say(format_args!(
        "  ready in {start:.0} ms, after kill -9 in {start_after_kill:.0} ms; {idle:.0} MiB idle, {busy:.0} MiB busy"
    ));
    Ok(measured)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn told(line: Line) -> Line {
    let ratio = |ratio: Option<f64>| ratio.map_or("–".to_owned(), |ratio| format!("{ratio:.1}"));
    say(format_args!(
        "  {:36} {:8.0}/s  p50 {:7.2} ms  p99 {:7.2} ms  cpu {:6.0} µs + {:6.0} µs  (a) × {}  (b) × {}",
        line.name,
        line.rate,
        line.p50,
        line.p99,
        line.cpu,
        line.database_cpu,
        ratio(line.to_bytes),
        ratio(line.to_driver)
    ));
    line
}

struct Floors {
    floor: Floor,
    driver: Driver,
}

fn line(name: &'static str, seen: &Seen, alone: &Seen) -> Line {
    Line {
        name,
        rate: seen.rate(),
        p50: seen.within(0.5),
        p99: seen.within(0.99),
        alone: alone.within(0.5),
        inside: None,
        cpu: seen.cpu_each(),
        database_cpu: seen.database_cpu_each(),
        to_bytes: None,
        to_driver: None,
    }
}

/// A request beside its floors.
fn read(program: &Program, floors: &Floors, asked: &Asked, time: Duration) -> anyhow::Result<Line> {
    let sent: Vec<Vec<u8>> = asked.paths.iter().map(|path| program.caller.get(path)).collect();
    let next = |n: usize| sent.get(n % sent.len()).map(|request| Cow::Borrowed(request.as_slice()));
    let first = sent.first().context("nothing is asked")?;
    let answer = Client::connect(program.caller.address)?.send(first)?.1.to_vec();
    let slice = |clients, share: u32| Effort { clients, time: time * share / 10 / ROUNDS };
    let (mut seen, mut alone, mut bytes, mut driver) =
        (Seen::default(), Seen::default(), Seen::default(), Seen::default());
    for round in 0..ROUNDS as usize {
        seen.add(program.send(slice(READERS, 10), round * 7919, &next)?);
        bytes.add(floors.floor.measure(slice(READERS, 5), &answer)?);
        driver.add(floors.driver.statements(asked, &answer, slice(1, 5).time)?);
        alone.add(program.send(slice(1, 3), round * 104_729, &next)?);
    }
    let inside = floors.driver.use_case(asked, time * 3 / 10).transpose()?;
    let all = |seen: &Seen| seen.cpu_each() + seen.database_cpu_each();
    Ok(Line {
        inside: inside.map(|seen| seen.within(0.5)),
        to_bytes: Some(seen.cpu_each() / bytes.cpu_each().max(1.0)),
        to_driver: (!driver.times.is_empty()).then(|| all(&seen) / all(&driver).max(1.0)),
        ..line(asked.name, &seen, &alone)
    })
}

/// What 100 users need who look at records and lists.
fn memory_under_load(program: &Program, requests: &[Asked], time: Duration) -> anyhow::Result<f64> {
    let usual = requests.iter().filter(|asked| asked.name.starts_with("get") || asked.name.starts_with("list 50"));
    let sent: Vec<Vec<u8>> =
        usual.flat_map(|asked| asked.paths.iter().take(200).map(|path| program.caller.get(path))).collect();
    let next = |n: usize| sent.get(n * 31 % sent.len()).map(|request| Cow::Borrowed(request.as_slice()));
    let effort = Effort { clients: USERS, time };
    std::thread::scope(|scope| {
        let load = scope.spawn(|| program.send(effort, 0, &next));
        let mut most = 0.0_f64;
        while !load.is_finished() {
            most = most.max(program.memory());
            std::thread::sleep(Duration::from_millis(20));
        }
        load.join().map_err(|_| anyhow::anyhow!("the load panicked"))??;
        Ok(most)
    })
}

// ---------------------------------------------------------------- writing

fn writing(time: Duration) -> Effort {
    Effort { clients: WRITERS, time }
}

/// New customers, each with its own name, number and address.
fn customers(program: &Program) -> impl Fn(usize) -> Option<Cow<'static, [u8]>> + Sync + use<> {
    let caller = program.caller.clone();
    move |n| {
        let customer = json!({
            "name": format!("杭州基准{n}号精密机械有限公司"), "industry": "制造业", "level": "B", "tags": ["展会", "renewal"],
            "phone": format!("+86 139 {:04} {:04}", n / 10_000 % 10_000, n % 10_000),
            "email": format!("office{n}@bench.example"), "website": format!("https://www.bench{n}.example"),
            "address": {"country": "CN", "region": "浙江", "city": "杭州"},
        });
        Some(Cow::Owned(caller.post("/customers", &customer)))
    }
}

fn create(program: &Program, time: Duration) -> anyhow::Result<Line> {
    let requests = customers(program);
    let alone = program.send(Effort { clients: 1, time: time * 3 / 10 }, 50_000_000, &requests)?;
    let seen = program.send(writing(time), 10_000_000, &requests)?;
    Ok(line("create a customer", &seen, &alone))
}

/// Converts leads that were made for it, each into a customer, a contact and an opportunity.
fn convert(program: &Program, time: Duration) -> anyhow::Result<Line> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some hundreds")]
    let wanted = (time.as_secs_f64() * 700.0) as usize + 40;
    let leads = leads(program, wanted)?;
    let body = json!({"customer": {"mode": "create"}, "contact": {"mode": "create"}, "on_duplicate": "force",
        "duplicate_reason": "measured", "opportunity": {"mode": "create", "fields": {"name": "机床"}}});
    let caller = &program.caller;
    let next = |n: usize| Some(Cow::Owned(caller.post(&format!("/leads/{}/conversion", leads.get(n)?), &body)));
    let next: &Requests<'_> = &next;
    let alone = program.send(Effort { clients: 1, time: time * 3 / 10 }, wanted - wanted / 8, next)?;
    let few = |n: usize| if n < wanted - wanted / 8 { next(n) } else { None };
    let seen = program.send(writing(time), 0, &few)?;
    Ok(line("convert a lead", &seen, &alone))
}

fn leads(program: &Program, wanted: usize) -> anyhow::Result<Vec<String>> {
    let mut client = Client::connect(program.caller.address)?;
    let lead = |n: usize| {
        json!({"action": "create", "data": {"company_name": format!("宁波转化{n}号纺织有限公司"), "family_name": "沈",
            "given_name": format!("知行{n}"), "email": format!("shen{n}@lead{n}.example"), "source": "website"}})
    };
    let mut ids = BTreeSet::new();
    for first in (0..wanted).step_by(100) {
        let operations: Vec<Value> = (first..wanted.min(first + 100)).map(lead).collect();
        let body = json!({"atomic": true, "operations": operations});
        let made = ask(&mut client, &program.caller.post("/leads/batch", &body))?;
        let rows = made.get("results").and_then(Value::as_array).context("no results")?;
        ids.extend(rows.iter().filter_map(|row| row.get("id").and_then(Value::as_str)).map(str::to_owned));
    }
    Ok(ids.into_iter().collect())
}
