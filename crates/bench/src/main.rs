//! The program `rapport-bench`.

fn main() -> anyhow::Result<()> {
    rapport_bench::cli::run()
}
