"""Scorecards of a record: whose, of what, in which parts."""

from __future__ import annotations

import datetime as dt

import pytest
from records import Record, due

from kb.errors import NotFoundError
from kb.outcomes import resolve
from kb.scoreboard import horizon_length, scores
from kb.types import Filters, Verdict

TODAY = dt.date(2026, 6, 1)


def resolved(
    record: Record, speaker_id: int | None, verdict: Verdict, *, said_on: str = "2024-12-03", **said: object
) -> None:
    number = len(record_ids(record)) + 1
    said = {"horizon": due("2025-06-01"), **said}
    statement_id = record.said(speaker_id, f"prophecy {number} of many things", on=said_on, **said)  # type: ignore[arg-type]
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    resolve(record.store, statement_id, verdict, evidence=["https://a.test/"], recorded_by="a", now=now)


def record_ids(record: Record) -> list[int]:
    with record.store.reading() as session:
        return list(session.connection().exec_driver_sql("SELECT id FROM statement").scalars())


@pytest.fixture
def board(record: Record) -> Record:
    """Ann: 5 of 6, Bo: 1 of 1, Cy: 4 of 5, Di: nothing; one prediction of nobody known."""
    ann, bo, cy, di = (record.speaker(name) for name in ("Ann Lee", "Bo Day", "Cy Fox", "Di Orr"))
    for speaker_id, right, wrong in ((ann, 5, 1), (bo, 1, 0), (cy, 4, 1)):
        for verdict in ["true"] * right + ["false"] * wrong:
            resolved(record, speaker_id, verdict)  # type: ignore[arg-type]
    record.said(di, "it will snow")
    record.said(di, "it snows", kind="claim")
    resolved(record, None, "true")
    return record


def test_speakers_are_ranked_once_they_have_enough(board: Record) -> None:
    cards = scores(board.store, Filters(), TODAY)
    assert [(c.rank, c.speaker, c.scored) for c in cards] == [
        (1, "Ann Lee", 6),
        (2, "Cy Fox", 5),
        (None, "Bo Day", 1),
        (None, "Di Orr", 0),
    ]
    assert [c.speaker for c in scores(board.store, Filters(limit=2), TODAY)] == ["Ann Lee", "Cy Fox"]
    assert [c.speaker for c in scores(board.store, Filters(), TODAY, min_n=1)] == ["Ann Lee", "Cy Fox", "Bo Day"]


def test_one_speaker_is_compared_with_everybody(board: Record) -> None:
    (alone,) = scores(board.store, Filters(by="Bo"), TODAY)
    assert alone.shrunk == next(c.shrunk for c in scores(board.store, Filters(), TODAY) if c.speaker == "Bo Day")
    assert alone.shrunk == pytest.approx((1 + 5 * 9 / 11) / 6)
    with pytest.raises(NotFoundError):
        scores(board.store, Filters(by="Zebedee"), TODAY)


def test_merged_speakers_have_one_card(board: Record) -> None:
    board.merge(2, 1)
    (card,) = scores(board.store, Filters(by="Bo"), TODAY)
    assert (card.speaker, card.hits, card.scored, card.predictions) == ("Ann Lee", 6, 7, 7)


def test_rejected_ones_do_not_count(board: Record) -> None:
    with board.store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE statement SET review = 'rejected' WHERE speaker_id = 1")
    assert [c.speaker for c in scores(board.store, Filters(), TODAY)] == ["Cy Fox", "Bo Day", "Di Orr"]


def test_parts(record: Record) -> None:
    ann = record.speaker("Ann Lee")
    resolved(record, ann, "true", said_on="2023", mentions=(("Hugging Face", "ORG"), ("Lisbon", "GPE")))
    resolved(record, ann, "false", said_on="2025-05-01", mentions=(("Lisbon", "GPE"), ("Lisbon", "ORG")))
    record.said(ann, "some day", on=None)

    def parts(per: str, **filters: str) -> dict[str | None, tuple[int, int, int]]:
        cards = scores(record.store, Filters(**filters), TODAY, per=per)  # type: ignore[arg-type]
        return {card.part: (card.predictions, card.due, card.hits) for card in cards}

    assert parts("year") == {"2023": (1, 1, 1), "2025": (1, 1, 0), "no date": (1, 0, 0)}
    assert parts("horizon") == {"up to 3 years": (1, 1, 1), "up to 3 months": (1, 1, 0), "no date": (1, 0, 0)}
    assert parts("topic") == {"Hugging Face": (1, 1, 1), "Lisbon": (2, 2, 1)}
    assert parts("year", about="hugging", by="Ann") == {"2023": (1, 1, 1)}


@pytest.mark.parametrize(
    ("said_on", "latest", "length"),
    [
        ("2025-01-01", "2025-04-03", "up to 3 months"),
        ("2025-01-01", "2025-04-04", "up to a year"),
        ("2025", "2025-12-31", "up to a year"),
        ("2025-06", "2027-12-31", "up to 3 years"),
        ("2025-01-01", "2035-12-31", "over 3 years"),
        (None, "2025-12-31", "no date"),
        ("2025", None, "no date"),
    ],
)
def test_lengths_of_horizons(said_on: str | None, latest: str | None, length: str) -> None:
    assert horizon_length(said_on, dt.date.fromisoformat(latest) if latest else None) == length
