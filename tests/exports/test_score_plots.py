"""Pictures of scorecards: the same bytes each time, what is in them, and what is said where nothing can be drawn."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys

import pytest

from exports.score_plots import MOST_LINES, write
from kb.scores import Foretold, scorecard
from kb.types import Judged, Scorecard, Verdict


def card(speaker: str, verdicts: list[Verdict]) -> Scorecard:
    judged = [
        Judged(
            statement_id=number,
            speaker_id=1,
            verdict=verdict,
            known_on=dt.date(2026, 1, 1),
            said_on="2025-01-01",
            latest=dt.date(2025, 12, 31),
            p_low=0.1 + number / 20,
            p_high=0.1 + number / 20,
        )
        for number, verdict in enumerate(verdicts)
    ]
    return scorecard(speaker, judged, Foretold(predictions=9, due=9, today=dt.date(2026, 1, 1)))


CARDS = [
    card("Ann & <Lee> $x$", ["true", "false", "true", "true", "false", "true"]),
    card("Bo", []),
    card("习近平", ["true"]),
]


def drawn(cards: list[Scorecard], format: str) -> bytes:  # noqa: A002
    out = io.BytesIO()
    write(cards, out, format=format)
    return out.getvalue()


@pytest.mark.parametrize(("format", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
@pytest.mark.filterwarnings("ignore:Glyph")  # the font has no Chinese; an SVG names the letters all the same
def test_the_same_cards_give_the_same_bytes(format: str, begins: bytes) -> None:  # noqa: A002
    first = drawn(CARDS, format)
    assert first.startswith(begins)
    assert drawn(CARDS, format) == first
    assert drawn(CARDS[:1], format) != first


@pytest.mark.filterwarnings("ignore:Glyph")
def test_names_numbers_and_bins_are_in_the_picture() -> None:
    svg = drawn(CARDS, "svg").decode()
    assert "Ann &amp; &lt;Lee&gt; $x$ (n = 6)" in svg
    assert "习近平 (n = 1)" in svg
    assert "Bo (" not in svg
    assert "n = 7" in svg


def test_nothing_to_draw_is_said_and_too_much_is_left_out() -> None:
    nothing = drawn([], "svg").decode()
    assert "no probabilities" in nothing
    assert "no outcomes" in nothing
    many = drawn([card(f"Speaker {number:03}", ["true"]) for number in range(MOST_LINES + 1)], "svg").decode()
    assert f"Speaker {MOST_LINES - 1:03}" in many
    assert f"Speaker {MOST_LINES:03}" not in many


def test_without_matplotlib_there_is_one_clear_line() -> None:
    program = (
        "import sys, io; sys.modules['matplotlib'] = None\n"
        "from exports.score_plots import write\n"
        "from kb.errors import ExportError\n"
        "try: write([], io.BytesIO(), format='svg')\n"
        "except ExportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "plots need the package matplotlib: pip install 'onrecord[charts]'\n"
