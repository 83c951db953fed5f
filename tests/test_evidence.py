"""Suggested evidence: the passage that settles a prediction among many that are about other firms and other things."""

from __future__ import annotations

import csv
import datetime as dt
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from records import NOW, Record, document_data, due

from kb.errors import JudgementError, NotFoundError
from kb.evidence import suggest
from kb.store import documents, statements
from kb.types import Quantity, StatementData

PAIRS = list(
    csv.DictReader((Path(__file__).parent / "data/evidence/pairs.tsv").read_text("utf-8").splitlines(), delimiter="\t")
)
DISTRACTORS = 2000
FLOOR = 34
"""Of 40; the bar that was set."""


def quantity(text: str) -> Quantity | None:
    comparator, value, *unit = text.split(" ", 2)
    return Quantity(comparator=comparator, value=float(value), unit=unit[0]) if unit else None  # type: ignore[arg-type]


def distractors(made: random.Random) -> Iterator[str]:
    """Answers about another firm with other figures, and what the same firm did otherwise."""
    firms = [pair["org"] for pair in PAIRS]
    deeds = (
        "{} moved its head office to {} Street.",
        "{} named a new treasurer after {} weeks.",
        "Shares of {} lost {} percent in a day.",
        "A court heard {} witnesses against {}.",
        "{} will publish its plans in {} days.",
    )
    while True:
        for pair in PAIRS:
            other = pair["answer"].replace(pair["org"], made.choice([f for f in firms if f != pair["org"]]))
            yield re.sub(r"\d[\d,.]*\d", lambda _: str(made.randrange(20, 90)), other)
            first, second = pair["org"], str(made.randrange(2, 90))
            deed = made.choice(deeds)
            yield deed.format(*((second, first) if deed.startswith("A court") else (first, second)))


def fill(record: Record, texts: Iterator[tuple[str, dt.date]]) -> None:
    with record.store.transaction() as session:
        for number, (text, published) in enumerate(texts):
            data = document_data(text, external_id=f"e{number}", published=published)
            documents.insert(session, record.source_id, data, NOW)


def predicted(record: Record, pair: dict[str, str]) -> int:
    """The prediction of a pair, stored."""
    horizon = replace(due(pair["due"]), earliest=None, precision="year", phrase=pair["phrase"])
    data = StatementData(
        kind="prediction", text=pair["prediction"], horizon=horizon, quantity=quantity(pair["quantity"])
    )
    with record.store.transaction() as session:
        statement_id = statements.insert(session, None, data, said_on=pair["said_on"])
    record.report(statement_id, data, record.document(f"{data.text}, it said.", published=day(pair["said_on"])))
    return statement_id


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_the_right_passage_is_among_the_first_three(record: Record) -> None:
    made = random.Random(7)
    others = distractors(made)
    days = (dt.date(2021, 1, 1) + dt.timedelta(days=made.randrange(1900)) for _ in range(DISTRACTORS))
    answers = [(pair["answer"], day(pair["published"])) for pair in PAIRS]
    fill(record, iter([*((next(others), published) for published in days), *answers]))
    missed = [
        pair["prediction"]
        for pair in PAIRS
        if pair["answer"] not in [s.passage for s in suggest(record.store, predicted(record, pair), limit=3)]
    ]
    assert len(PAIRS) == 40
    assert len(PAIRS) - len(missed) >= FLOOR, missed


ROBOTS = {
    "prediction": "At least 100,000 personal robots will be ordered in 2025",
    "said_on": "2024-12-03",
    "due": "2025-12-31",
    "phrase": "in 2025",
    "quantity": ">= 100000 robots",
}


@pytest.mark.parametrize(
    ("passage", "published", "direction", "comparison"),
    [
        (
            "In all, 120,000 personal robots were ordered.",
            "2026-01-20",
            "supports",
            "says 120,000 robots; predicted at least 100,000 robots: supports",
        ),
        (
            "Only 9,000 personal robots were ordered.",
            "2026-01-20",
            "refutes",
            "says 9,000 robots; predicted at least 100,000 robots: refutes",
        ),
        (
            "So far 9,000 personal robots were ordered.",
            "2025-06-01",
            "neutral",
            "says 9,000 robots; predicted at least 100,000 robots: not yet, with time left until 2025-12-31",
        ),
        (
            "More than 9,000 personal robots were ordered.",
            "2026-01-20",
            "neutral",
            "says more than 9,000 robots; predicted at least 100,000 robots: settles nothing",
        ),
        ("Personal robots were ordered everywhere.", "2026-01-20", "neutral", ""),
    ],
)
def test_figures_are_compared(record: Record, passage: str, published: str, direction: str, comparison: str) -> None:
    fill(record, iter([(f"It rained. {passage} It snowed.", day(published))]))
    (found,) = suggest(record.store, predicted(record, ROBOTS))
    assert (found.passage, found.direction, found.comparison) == (passage, direction, comparison)
    assert (found.start, found.end) == (11, 11 + len(passage))


def test_what_appeared_before_or_reports_the_prediction_itself_is_left_out(record: Record) -> None:
    fill(record, iter([("120,000 personal robots were ordered.", dt.date(2024, 12, 3))]))
    assert suggest(record.store, predicted(record, ROBOTS)) == []


def test_a_passage_that_foretells_comes_behind_one_that_tells(record: Record) -> None:
    texts = ["Personal robots will be ordered by thousands.", "Personal robots have been ordered by thousands."]
    fill(record, iter([(text, dt.date(2026, 1, 2)) for text in texts]))
    found = [s.passage for s in suggest(record.store, predicted(record, ROBOTS))]
    assert found == list(reversed(texts))


def test_nothing_is_resolved_by_a_suggestion(record: Record) -> None:
    fill(record, iter([("120,000 personal robots were ordered.", dt.date(2026, 1, 3))]))
    assert suggest(record.store, predicted(record, ROBOTS))
    with record.store.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM outcome").scalar() == 0


def test_only_what_foretells_needs_evidence(record: Record) -> None:
    claim = record.said(None, "it rains", kind="claim")
    with pytest.raises(JudgementError, match="is a claim"):
        suggest(record.store, claim)
    with pytest.raises(NotFoundError):
        suggest(record.store, 99)


def test_words_of_no_use_find_nothing(record: Record) -> None:
    vague = record.said(None, "it will be what it will be", horizon=None)
    fill(record, iter([("It will be what it will be.", dt.date(2026, 1, 3))]))
    assert suggest(record.store, vague) == []


def test_what_several_papers_print_is_suggested_once(record: Record) -> None:
    answer = ("In 2025 customers ordered 120,000 personal robots.", dt.date(2026, 1, 5))
    fill(record, iter([answer, answer, (answer[0].upper(), answer[1])]))
    (suggested,) = suggest(record.store, predicted(record, ROBOTS), limit=3)
    assert suggested.document_id == 1
