"""Fuzz every family of parsers for a while: python -m tests.fuzz.run [--seconds 600] [FAMILY ...]

Ends with exit code 1 at the first family that fails, after printing the smallest input found that does it.
"""

from __future__ import annotations

import argparse
import logging
import time

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.families import Family, families
from tests.fuzz.trial import read_bytes, read_file

ROUND = 200
"""Inputs that one search draws; searches begin anew, so that no part of the space is missed for ever."""


def fuzz(family: Family, seconds: float) -> int:
    """Read inputs for so long; how many were read. Raises what a parser raised."""
    end, count, failed = time.monotonic() + seconds, 0, False

    @settings(
        max_examples=ROUND,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(family.inputs(), st.booleans())
    def trial(data: bytes, at_url: bool) -> None:
        nonlocal count, failed
        if time.monotonic() > end and not failed:  # what failed is made smaller, however long that takes
            return
        count += 1
        try:
            read_file(data)
            read_bytes(data, at_url=at_url)
        except BaseException:
            failed = True
            raise

    logging.disable()  # what libraries say of damaged input
    while time.monotonic() < end:
        trial()
    return count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("families", nargs="*", metavar="FAMILY", help="feeds, pages, posts ...; all unless named")
    parser.add_argument("--seconds", type=float, default=600, help="for each family (600)")
    arguments = parser.parse_args()
    known = {family.name: family for family in families()}
    if unknown := set(arguments.families) - set(known):
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}")
    for name in arguments.families or known:
        print(f"{name}: {fuzz(known[name], arguments.seconds):,} inputs, no crash, no hang", flush=True)


if __name__ == "__main__":
    main()
