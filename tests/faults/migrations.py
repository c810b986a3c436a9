"""The program is killed at every statement of its migrations, and started again."""

import rig

from . import strace
from .case import POSTGRES, SQLITE, Figures, Trial, Wrong, case, control, must_be_empty

# Where a statement leaves the process: into the file, or to the server.
CALLS = {SQLITE: "pwrite64,ftruncate,fsync,fdatasync", POSTGRES: "sendto"}
# Far more than there are.
LIMIT = 5000


def schema_of(place: rig.Place) -> list[tuple[object, ...]]:
    """Tables, columns and indexes as the database tells them."""
    if isinstance(place, rig.SqlitePlace):
        return place.rows("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
    here = "current_schema()"
    columns = place.rows("SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns "
                         f"WHERE table_schema = {here} ORDER BY table_name, column_name")
    indexes = place.rows(f"SELECT indexname, replace(indexdef, {here} || '.', '') AS text FROM pg_indexes "
                         f"WHERE schemaname = {here} ORDER BY indexname")
    return columns + indexes


def killed_at(trial: Trial, program: rig.Program, position: int) -> bool:
    """Migrates with a kill at one system call; whether it came to that."""
    rule = strace.rule(CALLS[trial.database], f"signal=KILL:when={position}")
    prefixed = strace.prefix(rule, trial.new_folder() / "trace")
    done = program.run_under(prefixed, "migrate")
    return done.returncode != 0


@case("a migration is killed at every statement, and run again", needs=("strace",))
def killed(trial: Trial, figures: Figures) -> None:
    whole = trial.place()
    trial.program(whole).must("migrate")
    wanted = schema_of(whole)
    step, position = trial.every(60), 1
    while position < LIMIT:
        place = trial.place()
        program = trial.program(place)
        if not killed_at(trial, program, position):
            break
        program.must("migrate")
        if schema_of(place) != wanted:
            raise Wrong(f"killed at call {position}, the second run left another schema")
        if position % 20 == 0:
            program.add_admin()
            must_be_empty(program.faults())
        figures.runs += 1
        position += step
    if not 3 <= figures.runs < LIMIT:
        raise Wrong(f"{figures.runs} kills do not go through a migration")


@control("a migration that was cut and not run again", needs=("strace",))
def half(trial: Trial) -> list[str]:
    whole, place = trial.place(), trial.place()
    trial.program(whole).must("migrate")
    killed_at(trial, trial.program(place), 12)
    return [] if schema_of(place) == schema_of(whole) else ["the schema is another one"]
