"""The real program in a world that can break: what tests across all layers start, stop, load and check it with.

    import rig                                        # PYTHONPATH=tests

    with rig.folder() as folder:
        place = rig.SqlitePlace(folder / "data")      # or cluster.new_place() of a rig.Cluster
        program = rig.Program(place, folder)          # the binary at RAPPORT_BIN
        program.add_admin()
        with program.serve() as server:               # free port, ready; SIGTERM at the end, panics are complaints
            client = server.sign_in()                 # keep-alive, one per thread
            client.get("/leads")

`Cluster` is a PostgreSQL server of the test's own: start, stop ("fast", "immediate"), freeze, a base for a standby.
`Workload` writes from several threads and notes every call in a `Ledger`; `judge` compares ledger, API and database,
and answers a list of complaints: everything acknowledged is there, nothing refused is, what nobody knows is whole.
"""

from .background import Background
from .checks import judge
from .client import Answer, Client, Unanswered, Unreachable
from .cluster import HASTY, Cluster, earnest
from .ledger import Call, Ledger, Outcome
from .place import MEMORY, Place, SqlitePlace, folder, free_port, is_memory_roomy
from .postgres import PostgresPlace, find_programs, psql
from .program import EMAIL, PASSWORD, Program, Server, StartFailed
from .tally import Tally
from .workload import Workload

__all__ = [
    "EMAIL", "HASTY", "MEMORY", "PASSWORD", "Answer", "Background", "Call", "Client", "Cluster", "Ledger", "Outcome", "Place",
    "PostgresPlace", "Program", "Server", "SqlitePlace", "StartFailed", "Tally", "Unanswered", "Unreachable", "Workload",
    "earnest", "find_programs", "folder", "free_port", "is_memory_roomy", "judge", "psql",
]
