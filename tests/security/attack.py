#!/usr/bin/env python3
"""The attacks on a server without rate limits; run.py starts it and this."""

import sys

import injection
import rights
import roles
import sessions
import wire
from target import Target
from world import World


def main():
    target = Target()
    world = World(target)
    contract = roles.document(target)
    sessions.run(target, world)
    rights.run(target, world)
    roles.run(target, world, contract)
    wire.run(target, world)
    injection.run(target, world, contract)
    return target.finish("attack")


if __name__ == "__main__":
    sys.exit(main())
