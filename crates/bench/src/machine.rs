//! What the operating system says: processor time, memory, load.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;

/// Linux counts processor time for programs in hundredths of a second, whatever the kernel's own clock is.
const TICKS: u64 = 100;

/// What `/proc/PID/stat` says of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stat {
    parent: u32,
    /// Its own time.
    own: u64,
    /// That of its children that have ended.
    ended: u64,
}

impl Stat {
    fn parse(text: &str) -> Option<Self> {
        // The name of the program may hold blanks and brackets; what follows the last bracket does not.
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
        Some(Self {
            parent: u32::try_from(number(1)?).ok()?,
            own: number(11)? + number(12)?,
            ended: number(13)? + number(14)?,
        })
    }

    fn of(pid: u32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }
}

fn time(ticks: u64) -> Duration {
    Duration::from_millis(ticks.saturating_mul(1000 / TICKS))
}

/// Processor time of a process, by the program and by the kernel for it.
#[must_use]
pub fn cpu_of(pid: u32) -> Duration {
    time(Stat::of(pid).map_or(0, |stat| stat.own))
}

/// Processor time of a process with all its children, those that have ended too: a PostgreSQL server.
#[must_use]
pub fn cpu_of_family(pid: u32) -> Duration {
    let living = fs::read_dir("/proc").into_iter().flatten().flatten();
    let children = living.filter_map(|entry| Stat::of(entry.file_name().to_str()?.parse().ok()?));
    let children: u64 = children.filter(|stat| stat.parent == pid).map(|stat| stat.own).sum();
    time(children + Stat::of(pid).map_or(0, |stat| stat.own + stat.ended))
}

/// The parent of a process.
#[must_use]
pub fn parent_of(pid: u32) -> Option<u32> {
    Stat::of(pid).map(|stat| stat.parent)
}

/// Memory of a process that is in use, in MiB: what it shares with nobody and what it has mapped.
#[must_use]
pub fn memory_of(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    kib(&text, "VmRSS:") / 1024.0
}

fn kib(text: &str, name: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0.0)
}

/// How many programs wanted to run in the last minute, on average.
#[must_use]
pub fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0.0)
}

/// The processors and the memory, in words.
#[must_use]
pub fn description() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let memory = kib(&fs::read_to_string("/proc/meminfo").unwrap_or_default(), "MemTotal:") / 1024.0 / 1024.0;
    format!("{cores} cores of {}, {memory:.0} GiB of memory", model.map_or("an unknown processor", |(_, model)| model))
}

/// How long the disk under a folder takes to keep 4 KiB for good: the middle of 50 tries.
///
/// # Errors
/// When nothing can be written there.
pub fn flush_time(folder: &Path) -> anyhow::Result<Duration> {
    use std::io::Write as _;
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times = Vec::new();
    for _ in 0..50 {
        let began = std::time::Instant::now();
        file.write_all(&[7; 4096])?;
        file.sync_data()?;
        times.push(began.elapsed());
    }
    times.sort_unstable();
    times.get(25).copied().context("no time was taken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_blanks_and_brackets_do_not_shift_the_fields() {
        let line = "812 (a) b (c)) S 7 812 812 0 -1 4194560 900 0 0 0 250 50 30 20 20 0 9 0 1000 1 2";
        assert_eq!(Stat::parse(line), Some(Stat { parent: 7, own: 300, ended: 50 }));
        assert_eq!(Stat::parse("812 (a"), None);
    }

    #[test]
    fn work_takes_processor_time_and_sleep_does_not() {
        let me = std::process::id();
        let before = cpu_of(me);
        let began = std::time::Instant::now();
        let mut sum = 0_u64;
        while began.elapsed() < Duration::from_secs(10) && cpu_of(me) - before < Duration::from_millis(60) {
            sum = std::hint::black_box(sum.wrapping_mul(31) + 7);
        }
        assert!(cpu_of(me) - before >= Duration::from_millis(60), "{sum}");
        assert!(cpu_of_family(parent_of(me).unwrap_or(0)) >= cpu_of(me) - before);
    }

    #[test]
    fn memory_is_read_in_mebibytes() {
        assert!((1.0..4096.0).contains(&memory_of(std::process::id())));
        assert!((kib("VmPeak:\t 9 kB\nVmRSS:\t  2048 kB\n", "VmRSS:") - 2048.0).abs() < 0.1);
    }
}
