"""What a run has shown: a line for each case on the terminal, and tables for the page about reliability."""

import os
import platform
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import rig

from .case import Case, Figures

MARK = re.compile(r"(<!-- faults: begin -->\n).*?(<!-- faults: end -->)", re.DOTALL)
OUTCOMES = (rig.Outcome.ACKNOWLEDGED, rig.Outcome.REFUSED, rig.Outcome.UNKNOWN)


@dataclass(frozen=True)
class Result:
    """A case that was run. `problem` is empty when it passed."""

    case: Case
    database: str
    figures: Figures
    problem: str
    seconds: float

    def line(self) -> str:
        counts = ", ".join(f"{self.figures.total[outcome]:,} {outcome.value}" for outcome in OUTCOMES
                           if self.figures.total[outcome])
        told = "; ".join(part for part in [f"{self.figures.runs:,} ×" if self.figures.runs else "", counts,
                                           *self.figures.notes] if part)
        title = f"control: {self.case.title}" if self.case.is_control else self.case.title
        verdict = "✗" if self.problem else "✓"
        return f"{verdict} {self.database:10} {self.case.family:10} {title} [{self.seconds:.1f} s] {told}"

    def row(self) -> str:
        figures = self.figures
        counts = [f"{figures.total[outcome]:,}" if figures.total else "" for outcome in OUTCOMES]
        lost = "0" if figures.total else ""
        return (f"| {self.case.title} | {self.database} | {figures.runs or ''} | {counts[0]} | {lost} | {counts[1]} | "
                f"{counts[2]} | {'; '.join(figures.notes)} |")


def write(page: Path, results: list[Result], left_out: list[str], seed: int) -> None:
    """Replaces the tables of the page."""
    text = page.read_text()
    cases = [result.row() for result in results if not result.case.is_control]
    controls = [f"| {result.case.title} | {result.database} | {'; '.join(result.figures.notes)} |"
                for result in results if result.case.is_control]
    parts = [
        f"Commit {commit()}, {time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.release().split('-')[0]}, PostgreSQL {version_of_postgres()}, seed {seed}, "
        f"{sum(result.seconds for result in results) / 60:.0f} minutes.\n",
        "| fault | database | times | acknowledged | of them lost | refused | without an answer | |",
        "|---|---|---|---|---|---|---|---|", *cases,
        "\nControls: the same check where something was made wrong on purpose. Each of them found it.\n",
        "| made wrong | database | found |", "|---|---|---|", *controls,
        *(f"\nLeft out: {reason}" for reason in left_out)]
    page.write_text(MARK.sub(lambda found: f"{found[1]}{chr(10).join(parts)}\n{found[2]}", text))


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain", "--", "crates", "migrations"], capture_output=True, text=True,
                             check=False).stdout.strip()
    return (done.stdout.strip() or "unknown") + (", changed" if changed else "")


def version_of_postgres() -> str:
    told = subprocess.run([str(rig.find_programs() / "postgres"), "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[2]
