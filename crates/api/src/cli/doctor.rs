//! `rapport doctor`: what is wrong, and what to do.

use clap::Args;
use rapport_domain::context::Clock as _;
use rapport_persistence::backup::Snapshot;
use rapport_persistence::doctor::{Finding, Level, examine};
use rapport_persistence::room::{Room, room};
use rapport_persistence::{Store, StoreError, Target, migrate};
use serde_json::json;
use uuid::Uuid;

use super::data::runtime;
use super::{Place, explain, say};
use crate::config::Config;
use crate::engine::differences;
use crate::mail::Mailer;
use crate::problem::Problem;
use crate::state::SystemClock;
use crate::{pools, scoring};

/// Checks the database and what surrounds it; the exit status says whether something is wrong. Nothing is changed, unless
/// asked to mend.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    place: Place,
    /// Prints one JSON document, for programs.
    #[arg(long)]
    json: bool,
    /// Writes what is worked out from records and kept beside them anew where it is wrong, and checks afterwards.
    #[arg(long)]
    mend: bool,
}

/// With less room an embedded database is about to stop taking writes: 64 MiB.
const LEAST_ROOM: u64 = 64 << 20;
/// A write-ahead log of this size is no longer emptied: some reader stands in the way.
const LARGE_LOG: u64 = 512 << 20;

impl Doctor {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        let findings = match self.place.config() {
            Ok(config) if self.mend => mend_and_look(&config),
            Ok(config) => look(&config),
            Err(error) => vec![Finding::bad(
                "settings",
                Level::Fault,
                format!("{error:#}"),
                "correct the settings: the message names what is wrong",
            )],
        };
        if self.json {
            print_json(&findings)?;
        } else {
            print_text(&findings)?;
        }
        let faults = findings.iter().filter(|finding| finding.level == Level::Fault).count();
        anyhow::ensure!(faults == 0, "{faults} of {} checks found something wrong", findings.len());
        Ok(())
    }
}

/// A database of another version, or none at all, is left as it is.
fn mend_and_look(config: &Config) -> Vec<Finding> {
    let is_ours = Snapshot::open(&config.target()).and_then(|mut found| Ok(migrate::state(found.db())?.is_current()));
    if !is_ours.unwrap_or_default() {
        return look(config);
    }
    let mended = runtime().and_then(|runtime| {
        let store = Store::open(&config.store())?.at_leisure();
        runtime.block_on(mend(&store))
    });
    let told = match mended {
        Ok(Mended { records, has_releases, has_scores }) => {
            let anew = [(has_releases, "; all releases"), (has_scores, "; all scores, while a server runs")];
            let also: String = anew.into_iter().filter_map(|(is_done, text)| is_done.then_some(text)).collect();
            Finding::fine("mend", format!("what belongs to {records} records was written anew{also}"))
        }
        Err(error) => Finding::bad("mend", Level::Fault, format!("{error:#}"), "see the other checks, and try again"),
    };
    [told].into_iter().chain(look(config)).collect()
}

/// What was wrong and has been written anew.
struct Mended {
    records: u64,
    has_releases: bool,
    has_scores: bool,
}

async fn mend(store: &Store) -> anyhow::Result<Mended> {
    fn is_wrong((count, _example): (u64, Option<Uuid>)) -> bool {
        count > 0
    }
    let now = SystemClock.now();
    let records = crate::engine::mend(store).await?;
    let mend_rules = async {
        let has_releases = store.read("mend_look", |db| pools::differing(db).map(is_wrong)).await?;
        if has_releases {
            store.write("mend_releases", pools::keep_all_releases).await?;
        }
        let has_scores = store.read("mend_look", move |db| scoring::differing(db, now).map(is_wrong)).await?;
        if has_scores {
            store.write("mend_scores", scoring::leads_rewritten).await?;
        }
        Ok(Mended { records, has_releases, has_scores })
    };
    mend_rules.await.map_err(|problem: Problem| explain(&problem))
}

fn look(config: &Config) -> Vec<Finding> {
    let mut findings = vec![Finding::fine("settings", "every setting is known")];
    findings.extend(surroundings(config));
    match Snapshot::open(&config.target()) {
        Ok(mut snapshot) => {
            findings.push(Finding::fine("database", "it answers"));
            findings.extend(database(&mut snapshot).unwrap_or_else(|error| vec![unreachable(&error)]));
        }
        Err(error) => findings.push(unreachable(&error)),
    }
    findings
}

fn database(snapshot: &mut Snapshot) -> Result<Vec<Finding>, StoreError> {
    let mut findings = examine(snapshot, SystemClock.now().timestamp_micros())?;
    let is_ours = findings.iter().any(|finding| finding.check == "schema" && finding.level == Level::Fine);
    if is_ours {
        findings.push(belongings(snapshot));
        findings.push(releases(snapshot));
        findings.push(scores(snapshot));
    }
    Ok(findings)
}

/// What is kept beside every record, made anew and compared.
fn belongings(snapshot: &mut Snapshot) -> Finding {
    const NAME: &str = "belongings";
    let found = match differences(snapshot.db()) {
        Ok(found) => found,
        Err(error) => {
            return Finding::bad(
                NAME,
                Level::Fault,
                format!("a record cannot be read: {error}"),
                "restore the last sound backup, or mend the row by hand",
            );
        }
    };
    let told: Vec<String> = found
        .found
        .iter()
        .map(|(what, (count, example))| format!("{count} with other {what}, for instance {example}"))
        .collect();
    if told.is_empty() {
        return Finding::fine(
            NAME,
            format!("{} records have the tags, keys, links and words they should", found.records),
        );
    }
    Finding::bad(
        NAME,
        Level::Fault,
        format!("of {} records {}", found.records, told.join("; ")),
        "rapport doctor --mend writes it anew",
    )
}

/// When customers go back into the pool, worked out anew and compared.
fn releases(snapshot: &mut Snapshot) -> Finding {
    Kept {
        name: "releases",
        fine: "customers go back into the pool when the rules say",
        wrong: "customers with another release than the rules say",
        advice: "rapport doctor --mend works every release out anew",
    }
    .told(pools::differing(snapshot.db()))
}

/// The points of leads, added up anew and compared.
fn scores(snapshot: &mut Snapshot) -> Finding {
    Kept {
        name: "scores",
        fine: "leads have the points and ratings that the rules say",
        wrong: "leads with other points or another rating than the rules say",
        advice: "rapport doctor --mend has every lead scored anew by the server",
    }
    .told(scoring::differing(snapshot.db(), SystemClock.now()))
}

/// What is kept of records beside what people write, and what can be done where it is wrong.
struct Kept {
    name: &'static str,
    fine: &'static str,
    wrong: &'static str,
    advice: &'static str,
}

impl Kept {
    fn told(&self, found: Result<(u64, Option<Uuid>), Problem>) -> Finding {
        match found {
            Ok((0, _)) => Finding::fine(self.name, self.fine),
            Ok((count, example)) => {
                let example = example.map(|id| id.to_string()).unwrap_or_default();
                let detail = format!("{count} {}, for instance {example}", self.wrong);
                Finding::bad(self.name, Level::Fault, detail, self.advice)
            }
            Err(problem) => {
                Finding::bad(self.name, Level::Fault, format!("it cannot be worked out: {problem}"), self.advice)
            }
        }
    }
}

fn unreachable(error: &StoreError) -> Finding {
    Finding::bad(
        "database",
        Level::Fault,
        format!("it does not answer: {error}"),
        "check --database, or --data and the rights of that folder; is PostgreSQL up?",
    )
}

fn surroundings(config: &Config) -> Vec<Finding> {
    let target = config.target();
    let mut findings = Vec::new();
    match room(&target) {
        Ok(Some(found)) => findings.extend([free(found), log(found)]),
        Ok(None) => {}
        Err(error) => findings.push(Finding::bad(
            "disk",
            Level::Fault,
            format!("the data folder does not answer: {error}"),
            "name the folder with --data, and check its rights",
        )),
    }
    findings.extend(rights(&target));
    findings.push(address(config));
    findings.push(mail(config));
    findings
}

fn free(found: Room) -> Finding {
    let text = format!("{} MiB free beside {} MiB of data", found.free >> 20, found.used >> 20);
    if found.free < LEAST_ROOM {
        return Finding::bad("disk", Level::Fault, text, "make room: soon nothing can be saved");
    }
    if found.free < found.used {
        return Finding::bad("disk", Level::Warning, text, "a backup on this disk, or a restore, may not have room");
    }
    Finding::fine("disk", text)
}

fn log(found: Room) -> Finding {
    let text = format!("{} MiB of write-ahead log", found.log >> 20);
    if found.log > LARGE_LOG {
        let advice = "a backup that is running keeps it; else restart the server, and see what else has the file open";
        return Finding::bad("log", Level::Warning, text, advice);
    }
    Finding::fine("log", text)
}

/// Nobody else should be able to read the data.
fn rights(target: &Target) -> Option<Finding> {
    let Target::Sqlite(path) = target else { return None };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &std::path::Path| std::fs::metadata(path).map(|found| found.permissions().mode() & 0o077);
        let (folder, file) = (mode(path.parent()?).ok()?, mode(path).ok()?);
        Some(if folder & 0o011 == 0 || file & 0o044 == 0 {
            Finding::fine("rights", "only its owner can read the data")
        } else {
            let advice = format!("chmod go-rwx {}", path.parent()?.display());
            Finding::bad("rights", Level::Warning, "others on this machine can read the data", advice)
        })
    }
    #[cfg(not(unix))]
    None
}

fn address(config: &Config) -> Finding {
    let is_open = !config.server.listen.ip().is_loopback();
    if is_open && !config.is_https() {
        return Finding::bad(
            "address",
            Level::Warning,
            "people reach it without https",
            "put a proxy with TLS before it and set server.public_url",
        );
    }
    Finding::fine("address", if is_open { "https by server.public_url" } else { "this machine only" })
}

/// Whether the mail server is there; nothing is sent.
fn mail(config: &Config) -> Finding {
    const NAME: &str = "mail";
    let warning = |detail: String, advice: &str| Finding::bad(NAME, Level::Warning, detail, advice);
    let mailer = match Mailer::of(config) {
        Ok(Some(mailer)) => mailer,
        Ok(None) => return Finding::fine(NAME, "no server is named: no digests are sent"),
        Err(error) => return warning(format!("{error:#}"), "correct the settings of mail"),
    };
    match runtime().map(|runtime| runtime.block_on(mailer.greet())) {
        Ok(Ok(())) => Finding::fine(NAME, "the server answers"),
        Ok(Err(failure)) => warning(failure.to_string(), "check mail.url: name, port, encryption, user and password"),
        Err(error) => warning(format!("{error:#}"), "run doctor again"),
    }
}

fn print_json(findings: &[Finding]) -> anyhow::Result<()> {
    let checks: Vec<_> = findings
        .iter()
        .map(|finding| {
            json!({
                "check": finding.check,
                "level": finding.level.as_str(),
                "detail": finding.detail,
                "advice": (!finding.advice.is_empty()).then_some(&finding.advice),
            })
        })
        .collect();
    let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Level::Fine);
    say(serde_json::to_string_pretty(&json!({ "level": worst.as_str(), "checks": checks }))?)
}

fn print_text(findings: &[Finding]) -> anyhow::Result<()> {
    for finding in findings {
        say(format_args!("{:<8} {:<18} {}", finding.level.as_str(), finding.check, finding.detail))?;
        if !finding.advice.is_empty() {
            say(format_args!("{:<8} {:<18} → {}", "", "", finding.advice))?;
        }
    }
    Ok(())
}
