//! One program for all targets: `RAPPORT_FUZZ_TARGET` says which.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rapport_fuzz::{TARGETS, Target, find};

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("RAPPORT_FUZZ_TARGET").unwrap_or_default();
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    find(&name).unwrap_or_else(|| panic!("RAPPORT_FUZZ_TARGET is one of {}", names.join(", ")))
});

fuzz_target!(|bytes: &[u8]| (TARGET.run)(bytes));
