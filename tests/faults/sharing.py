"""A second server on one database: refused on an SQLite file, welcome on PostgreSQL."""

import rig

from .case import POSTGRES, SQLITE, Figures, Trial, Wrong, case, must_be_empty


@case("a second server on one file is refused, the first goes on", on=(SQLITE,), short=(SQLITE,))
def second_refused(trial: Trial, figures: Figures) -> None:
    with trial.world() as world:
        server = world.serve()
        for _ in range(trial.count(2, 10)):
            with world.load(server) as load:
                load.wait_for(10)
                try:
                    second = world.program.serve()
                    second.kill()
                    raise Wrong("two servers work on one file")
                except rig.StartFailed as failure:
                    if "another Rapport" not in str(failure):
                        raise Wrong(f"the second server ended without saying why: {failure}") from failure
                load.wait_for(10)
            world.must_be_whole(server)
            # A lock must not outlive the one who held it.
            server.kill()
            server = world.serve()
            figures.runs += 1
        with server:
            must_be_empty(world.judge(server))
        world.end(figures)


@case("the command line works beside a running server")
def command_line(trial: Trial, figures: Figures) -> None:
    with trial.world() as world, world.serve() as server:
        with world.load(server) as load:
            load.wait_for(10)
            backup = trial.new_folder() / "all.rapport"
            world.program.must("backup", "--to", str(backup))
            world.program.must("migrate")
            given = f"{rig.PASSWORD}\n"
            world.program.must("user", "create", "--name", "Grace", "--email", "g@example.com", "--role", "sales",
                               given=given)
            server.sign_in("g@example.com").get("/me")
            load.wait_for(10)
        world.must_be_whole(server)
        figures.runs = 1
        world.end(figures)


@case("two servers share one schema; one is killed", on=(POSTGRES,))
def shared(trial: Trial, figures: Figures) -> None:
    with trial.world() as world, world.serve() as first:
        for _ in range(trial.count(2, 10)):
            second = world.serve()
            with world.load(first, writers=4) as load, world.load(second, writers=4) as other:
                load.wait_for(20)
                other.wait_for(20)
                second.kill()
                load.wait_for(20)
            figures.runs += 1
            world.must_be_whole(first, 0)
        world.end(figures)
