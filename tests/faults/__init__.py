"""Breaks what surrounds the real program, and shows what that does not break. `python3 -m faults --help`."""
