"""The command line: each command parses, calls one method of the facade, and prints."""

from __future__ import annotations

import gc
import sys
from io import TextIOWrapper

COLLECT_AFTER = 50_000
"""New objects after which Python looks for cycles (700 unless told): extraction makes millions that hold none, and
looking for them takes 4 % of its time."""


def main() -> None:
    """Run the ``kb`` command and exit with its code: 0 ok, 1 failed items, 2 usage, 3 not found."""
    from kb.cli.root import app

    gc.set_threshold(COLLECT_AFTER)
    # A terminal that cannot show a character, or a file name that is not valid text, must not end the program.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    app()
