"""What a run has shown: a line for each case on the terminal, and tables for the page about reliability.

Each family has a section of its own in the page, with the commit and the seed of its run: the sections of other families stay
as they are, so that one can be run again by itself.
"""

import os
import platform
import re
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping, Sequence

import rig

from .case import Case, Figures

MARK = re.compile(r"(<!-- faults: begin -->\n)(.*?)(<!-- faults: end -->)", re.DOTALL)
SECTION = re.compile(r"^### (\w+)\n.*?(?=^### |\Z)", re.DOTALL | re.MULTILINE)
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


def write(page: Path, families: Sequence[str], results: list[Result], left_out: Mapping[str, list[str]], seed: int) -> None:
    """Replaces the sections of those families whose cases have all passed; `families` gives their order."""
    text = page.read_text()
    found = MARK.search(text)
    assert found, f"{page} has no place for the figures"
    sections = {part[1]: part[0] for part in SECTION.finditer(found[2])}
    for family in families:
        of_family = [result for result in results if result.case.family == family]
        if of_family and not any(result.problem for result in of_family):
            sections[family] = section(family, of_family, left_out.get(family, []), seed)
    told = "".join(sections[family].rstrip("\n") + "\n\n" for family in families if family in sections)
    page.write_text(MARK.sub(lambda found: f"{found[1]}\n{told}{found[3]}", text))


def section(family: str, results: list[Result], left_out: list[str], seed: int) -> str:
    cases = [result.row() for result in results if not result.case.is_control]
    controls = [f"| {result.case.title} | {result.database} | {'; '.join(result.figures.notes)} |"
                for result in results if result.case.is_control]
    parts = [
        f"### {family}\n",
        f"Commit {commit()}, {time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.release().split('-')[0]}, PostgreSQL {version_of_postgres()}, seed {seed}, "
        f"{sum(result.seconds for result in results) / 60:.1f} minutes.\n",
        "| fault | database | times | acknowledged | of them lost | refused | without an answer | |",
        "|---|---|---|---|---|---|---|---|", *cases]
    if controls:
        parts += ["\nControls: the same check where something was made wrong on purpose. Each of them found it.\n",
                  "| made wrong | database | found |", "|---|---|---|", *controls]
    parts += [f"\nLeft out: {reason}" for reason in left_out]
    return "\n".join(parts) + "\n"


def commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain", "--", "crates", "migrations"], capture_output=True, text=True,
                             check=False).stdout.strip()
    return (done.stdout.strip() or "unknown") + (", changed" if changed else "")


def version_of_postgres() -> str:
    told = subprocess.run([str(rig.find_programs() / "postgres"), "--version"], capture_output=True, text=True, check=True)
    return told.stdout.split()[2]
