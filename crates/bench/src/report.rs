//! The report: bars, tables, circumstances.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::bars::{Bar, Limit, bars, growth};
use crate::cli::say;
use crate::measure::{Line, Measured};
use crate::plot;

/// What was measured, on what, and how.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Circumstances {
    /// The commit.
    pub commit: String,
    /// The machine.
    pub machine: String,
    /// The load of the machine when the run began.
    pub load: f64,
    /// Milliseconds in which its disk keeps 4 KiB for good.
    pub flush: f64,
    /// The size of the program in MiB.
    pub program: f64,
    /// Seconds that each request was sent.
    pub seconds: f64,
}

/// What was measured of one kind of database.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// SQLite or PostgreSQL.
    pub backend: &'static str,
    /// Around it.
    pub circumstances: Circumstances,
    /// Each database, the smallest first.
    pub all: Vec<Measured>,
}

impl Report {
    /// Writes `benchmarks-<database>.md` and its picture into a folder.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn write(&self, docs: &Path) -> anyhow::Result<()> {
        let (images, name) = (docs.join("images"), self.name());
        fs::create_dir_all(&images)?;
        fs::write(images.join(format!("{name}.svg")), plot::plot(self.backend, &self.all))?;
        let file = docs.join(format!("{name}.md"));
        fs::write(&file, self.text())?;
        for bar in bars(self).iter().filter(|bar| !bar.is_met()) {
            say(format_args!("✗ missed on {}: {} is {}, {}", self.backend, bar.promise, seen(bar), limit(bar)));
        }
        say(format_args!("• written: {}", file.display()));
        Ok(())
    }

    fn name(&self) -> String {
        format!("benchmarks-{}", self.backend.to_lowercase())
    }

    /// The whole document.
    #[must_use]
    pub fn text(&self) -> String {
        let small = self.all.first();
        let of = |measured: &Measured| table(measured, small.filter(|small| small.size != measured.size));
        let tables: String = self.all.iter().map(of).collect();
        format!(
            "# Benchmarks on {}\n\n{}\n{}\n![Processor time of every request](images/{}.svg)\n{tables}",
            self.backend,
            self.around(),
            self.bars(),
            self.name()
        )
    }

    fn around(&self) -> String {
        let c = &self.circumstances;
        let sizes: Vec<String> = self.all.iter().map(|measured| measured.size.to_string()).collect();
        let shared = if c.load > 3.0 {
            format!(
                "**The machine was shared**: its load was {:.1} when the run began. Ratios and processor times hold, \
                     rates and times are worse than they would be.",
                c.load
            )
        } else {
            format!("The load of the machine was {:.1} when the run began.", c.load)
        };
        format!(
            "How to read it: [Benchmarks](benchmarks.md). Commit `{}`, {}; the disk keeps 4 KiB for good in {:.2} ms. {shared} \
             The clients run on the same cores as what they measure. \
             Made by `DATABASES={} SIZES={} SECONDS_EACH={} make bench`.\n",
            c.commit,
            c.machine,
            c.flush,
            if self.backend == "SQLite" { "sqlite" } else { "postgres" },
            sizes.join(","),
            c.seconds
        )
    }

    fn bars(&self) -> String {
        let mut text = String::from("## The bars, at the largest size\n\n| | seen | bar | |\n|---|---:|---:|---|\n");
        for bar in bars(self) {
            let mark = if bar.is_met() { "met" } else { "**missed**" };
            let _ = writeln!(text, "| {} | {} | {} | {mark} |", bar.promise, seen(&bar), limit(&bar));
        }
        text
    }
}

fn table(measured: &Measured, small: Option<&Measured>) -> String {
    let Measured { size, made, start, start_after_kill, idle, busy, .. } = measured;
    let made = made.map_or(String::new(), |seconds| format!("Made in {seconds:.0} s. "));
    let mut text = format!(
        "\n## {size} customers\n\n{made}Ready {start:.0} ms after the start, {start_after_kill:.0} ms after kill -9; {idle:.0} MiB idle, \
         {busy:.0} MiB with 100 users.\n\n\
         | | requests/s | p50 ms | p99 ms | one client p50 ms | in process p50 ms | CPU µs | database CPU µs | ÷ (a) | ÷ (b) | ÷ (c) |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    for line in &measured.lines {
        let to_small = small.and_then(|small| growth(small, measured, line.name));
        text.push_str(&row(line, to_small));
    }
    text
}

fn row(line: &Line, to_small: Option<f64>) -> String {
    let some = |value: Option<f64>, digits: usize| value.map_or("–".to_owned(), |value| format!("{value:.digits$}"));
    format!(
        "| {} | {:.0} | {:.2} | {:.2} | {:.2} | {} | {:.0} | {} | {} | {} | {} |\n",
        line.name,
        line.rate,
        line.p50,
        line.p99,
        line.alone,
        some(line.inside, 2),
        line.cpu,
        some((line.database_cpu > 0.0).then_some(line.database_cpu), 0),
        some(line.to_bytes, 1),
        some(line.to_driver, 1),
        some(to_small, 2),
    )
}

fn seen(bar: &Bar) -> String {
    number(bar.seen, bar.unit)
}

fn limit(bar: &Bar) -> String {
    match bar.limit {
        Limit::AtMost(limit) => format!("≤ {}", number(limit, bar.unit)),
        Limit::AtLeast(limit) => format!("≥ {}", number(limit, bar.unit)),
    }
}

fn number(value: f64, unit: &str) -> String {
    let digits = if value >= 100.0 { 0 } else { 2 };
    let space = if unit.starts_with('/') { "" } else { " " };
    format!("{value:.digits$}{space}{unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &'static str, cpu: f64) -> Line {
        Line {
            name,
            rate: 1234.4,
            p50: 0.5,
            p99: 2.0,
            alone: 0.25,
            inside: Some(0.125),
            cpu,
            database_cpu: 0.0,
            to_bytes: Some(4.96),
            to_driver: Some(2.5),
        }
    }

    fn report() -> Report {
        let measured = |size, cpu| Measured {
            size,
            made: Some(81.6),
            lines: vec![line("get a record", cpu), line("list 50, an owner's by name", 2.0 * cpu)],
            start: 100.0,
            start_after_kill: 1001.0,
            idle: 20.0,
            busy: 151.0,
        };
        let circumstances =
            Circumstances { commit: "abc".into(), load: 3.5, program: 20.0, ..Circumstances::default() };
        Report { backend: "SQLite", circumstances, all: vec![measured(10, 50.0), measured(1000, 70.0)] }
    }

    #[test]
    fn tables_tell_growth_over_the_smallest_size() {
        let text = report().text();
        assert!(
            text.contains("| get a record | 1234 | 0.50 | 2.00 | 0.25 | 0.12 | 50 | – | 5.0 | 2.5 | – |"),
            "{text}"
        );
        assert!(
            text.contains("| get a record | 1234 | 0.50 | 2.00 | 0.25 | 0.12 | 70 | – | 5.0 | 2.5 | 1.40 |"),
            "{text}"
        );
        assert!(text.contains("**The machine was shared**: its load was 3.5"), "{text}");
    }

    #[test]
    fn bars_are_met_or_missed_at_the_largest_size() {
        let text = report().text();
        assert!(text.contains("| get: growth of the processor time | 1.40 × | ≤ 1.50 × | met |"), "{text}");
        assert!(text.contains("| get: as many as two cores could answer | 28571/s | ≥ 25000/s | met |"), "{text}");
        assert!(
            text.contains("| list of 50: processor time over floor (b) | 2.50 × | ≤ 2.00 × | **missed** |"),
            "{text}"
        );
        assert!(text.contains("| ready after kill -9 | 1001 ms | ≤ 1000 ms | **missed** |"), "{text}");
        assert!(!text.contains("convert: processor time"), "what was not measured is not judged: {text}");
    }

    #[test]
    fn the_picture_has_a_bar_for_every_request_and_size() {
        let report = report();
        let svg = plot::plot(report.backend, &report.all);
        assert_eq!(svg.matches("height=\"8\"").count(), 4);
        assert!(svg.contains("list 50, an owner's by name") && svg.ends_with("</svg>\n"));
    }
}
