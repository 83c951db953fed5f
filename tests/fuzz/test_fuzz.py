"""A few seconds of fuzzing, the same inputs every time; ``make fuzz`` searches for minutes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.families import Family, families
from tests.fuzz.trial import read_bytes, read_file

INPUTS = 60
"""Of each family: some two seconds."""


@pytest.mark.parametrize("family", families(), ids=lambda family: family.name)
def test_no_input_crashes_or_hangs_a_parser(family: Family) -> None:
    @settings(max_examples=INPUTS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(family.inputs(), st.booleans())
    def trial(data: bytes, at_url: bool) -> None:
        read_file(data)
        read_bytes(data, at_url=at_url)

    trial()
