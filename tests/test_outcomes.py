"""Recording outcomes: what is stored, and what is refused without a trace."""

from __future__ import annotations

import datetime as dt
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import NOW, Record, due

from kb import ask
from kb.errors import JudgementError, KBError, NotFoundError
from kb.outcomes import resolve
from kb.scoreboard import scores
from kb.store import open_store
from kb.text import sha256
from kb.types import Filters, OutcomeRow, Verdict


def test_an_outcome_with_every_form_of_evidence(record: Record) -> None:
    statement_id = record.said(record.speaker("Ann"), "robots will sell")
    text = "Last year\nthe company sold “two” Róbots."
    document_id = record.document(text, published=dt.date(2024, 12, 30))
    outcome = resolve(
        record.store,
        statement_id,
        "true",
        evidence=[
            "https://a.test/x?y=1:2",
            "https://b.test/ | they sold",
            "https://c.test/||2025-01",
            str(document_id),
            f"{document_id}: last year the  company",
        ],
        known_on=dt.date(2024, 12, 31),
        reason="two is plural",
        recorded_by="ann",
        now=NOW,
    )
    assert (outcome.verdict, outcome.known_on, outcome.recorded_at) == ("true", dt.date(2024, 12, 31), NOW)
    assert (outcome.recorded_by, outcome.method, outcome.reason) == ("ann", "manual", "two is plural")
    digest = sha256(text)
    assert [e.archived_sha256 for e in outcome.evidence] == [None, None, None, digest, digest]
    assert [(e.url, e.document_id, e.quote, e.direction, e.date) for e in outcome.evidence] == [
        ("https://a.test/x?y=1:2", None, "", "supports", None),
        ("https://b.test/", None, "they sold", "supports", None),
        ("https://c.test/", None, "", "supports", "2025-01"),
        (None, document_id, "", "supports", "2024-12-30"),
        (None, document_id, "last year the  company", "supports", "2024-12-30"),
    ]
    assert ask.show(record.store, statement_id).outcomes == (outcome,)


@pytest.mark.parametrize(
    ("verdict", "direction"),
    [("mostly", "supports"), ("late", "supports"), ("false", "refutes"), ("unclear", "neutral")],
)
def test_direction_follows_the_verdict(record: Record, verdict: str, direction: str) -> None:
    statement_id = record.said(None, "a promise", kind="commitment")
    outcome = resolve(record.store, statement_id, verdict, evidence=["http://a.test"], recorded_by="a", now=NOW)
    assert [item.direction for item in outcome.evidence] == [direction]
    assert outcome.known_on == NOW.date()


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"verdict": "maybe"}, JudgementError, "known: true, mostly"),
        ({"statement_id": 99}, NotFoundError, "no statement 99"),
        ({"statement_id": 2}, JudgementError, "is a claim"),
        ({"known_on": dt.date(2024, 12, 2)}, JudgementError, "said on 2024-12-03"),
        ({"known_on": dt.date(2025, 1, 4)}, JudgementError, "future"),
        ({"evidence": []}, JudgementError, "needs evidence"),
        ({"evidence": ["https://a.test/", "99"]}, NotFoundError, "no document 99"),
        ({"evidence": ["1: words of nobody"]}, JudgementError, "does not say"),
        ({"evidence": ["ftp://a.test/"]}, JudgementError, "neither a URL"),
        ({"evidence": [""]}, JudgementError, "neither a URL"),
        ({"evidence": ["https://a.test/|they sold|2025-13-45"]}, JudgementError, "2025-13-45' is not a date"),
        ({"evidence": ["https://kept.test/1|words of nobody"]}, JudgementError, "does not say"),
        ({"statement_id": 3, "verdict": "late"}, JudgementError, "due on 2025-01-02: on 2025-01-02 nothing was late"),
    ],
)
def test_a_refused_outcome_leaves_nothing(record: Record, changes: dict, error: type[KBError], message: str) -> None:
    record.said(None, "it will rain")
    record.said(None, "it rains", kind="claim")
    record.said(None, "it will snow", horizon=due("2025-01-02"))
    record.document("Kept.", url="https://kept.test/1")
    arguments = {"statement_id": 1, "verdict": "true", "evidence": ["https://a.test/"]} | changes
    with pytest.raises(error, match=message):
        resolve(record.store, recorded_by="a", now=NOW, **arguments)
    with record.store.reading() as session:
        for table in ("outcome", "evidence"):
            assert session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_an_address_that_the_record_has_is_that_document(record: Record) -> None:
    document_id = record.document("They sold two.", url="https://kept.test/1", published=dt.date(2025, 1, 1))
    statement_id = record.said(None, "robots will sell")
    item = "https://kept.test/1|They sold"
    outcome = resolve(record.store, statement_id, "true", evidence=[item], recorded_by="a", now=NOW)
    (evidence,) = outcome.evidence
    assert (evidence.document_id, evidence.url, evidence.date) == (document_id, "https://kept.test/1", "2025-01-01")
    assert evidence.archived_sha256 == sha256("They sold two.")


def test_late_is_after_the_due_date(record: Record) -> None:
    statement_id = record.said(None, "it will snow", horizon=due("2024-12-31"))
    known_on = dt.date(2025, 1, 1)
    outcome = resolve(
        record.store, statement_id, "late", evidence=["https://a.test/"], known_on=known_on, recorded_by="a", now=NOW
    )
    assert outcome.verdict == "late"


def test_partial_dates_of_statements_allow_any_day_within(record: Record) -> None:
    statement_id = record.said(None, "soon", on="2024-12")
    outcome = resolve(record.store, statement_id, "void", known_on=dt.date(2024, 12, 1), recorded_by="a", now=NOW)
    assert outcome.known_on == dt.date(2024, 12, 1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["true", "false", "void", "nonsense"]), max_size=6))
def test_the_ledger_only_grows(record: Record, verdicts: list[Verdict]) -> None:
    statement_id = record.said(None, "it will rain")
    history: tuple[OutcomeRow, ...] = ()
    for verdict in verdicts:
        try:
            outcome = resolve(
                record.store, statement_id, verdict, evidence=["https://a.test/"], recorded_by="a", now=NOW
            )
        except JudgementError:
            assert verdict == "nonsense"
        else:
            history = (*history, outcome)
        row = ask.show(record.store, statement_id)
        assert row.outcomes == history
        assert row.outcome == (history[-1] if history else None)
    with record.store.reading() as session:
        chain = session.connection().exec_driver_sql(
            f"SELECT id, supersedes FROM outcome WHERE statement_id = {statement_id} ORDER BY id"
        )
        ids = [outcome.id for outcome in history]
        assert [tuple(row) for row in chain] == list(zip(ids, [None, *ids[:-1]], strict=False))


# --- replaying the ledger ----------------------------------------------------------------------------------------

START = dt.date(2025, 1, 1)
STEPS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["true", "mostly", "late", "false", "unclear", "void"]),
              st.integers(0, 300)), max_size=10,
)  # fmt: skip
"""(which statement, verdict, on which day after the start it became known), in the order recorded."""


def recorded(record: Record, steps: list[tuple[int, Verdict, int]]) -> list[int]:
    """Four predictions of a new speaker, with these outcomes."""
    speaker = record.speaker("Ann Lee")
    things = ("boats", "trains", "bridges", "tunnels")
    ids = [record.said(speaker, f"{thing} will be late", on="2024-12-03") for thing in things]
    for step, (which, verdict, after) in enumerate(steps):
        resolve(
            record.store,
            ids[which],
            verdict,
            evidence=["https://a.test/"],
            known_on=START + dt.timedelta(days=after),
            recorded_by="ann",
            now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=step),
        )
    return ids


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without anything in it: copying one is faster than making one."""
    path = tmp_path_factory.mktemp("ledger") / "empty.db"
    open_store(f"sqlite:///{path}").close()
    return path


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.integers(0, 300))
def test_the_ledger_replays_to_the_same_scorecard(
    empty: Path, steps: list[tuple[int, Verdict, int]], until: int
) -> None:
    day = START + dt.timedelta(days=until)
    known_then = [step for step in steps if step[2] <= until]
    seen = []
    for replayed, as_of in ((steps, day), (known_then, None), (known_then, day)):
        copy = shutil.copy(empty, empty.with_name("copy.db"))
        with open_store(f"sqlite:///{copy}") as store:
            ids = recorded(Record(store), replayed)
            (card,) = scores(store, Filters(as_of=as_of), day)
            rows = ask.predictions(store, Filters(as_of=as_of), day)
            seen.append((card, {row.id: row.outcome and (row.outcome.verdict, row.outcome.known_on) for row in rows}))
            last = {ids[which]: verdict for which, verdict, after in replayed if as_of is None or after <= until}
            assert card.counts == Counter(last.values())
            assert all(o.known_on <= day for row in rows for o in row.outcomes)
    assert seen[0] == seen[1] == seen[2]


def test_as_of_sees_nothing_said_published_or_known_later(record: Record) -> None:
    ann = record.speaker("Ann Lee")
    early = record.said(ann, "boats will float in spring", on="2024-01-01", horizon=due("2024-12-31"))
    record.said(ann, "trains will float", on="2024-06-01", horizon=due("2024-12-31"))
    record.said(ann, "bridges will float", on=None, horizon=due("2024-12-31"))
    resolve(record.store, early, "false", evidence=["https://a.test/"], recorded_by="a", now=NOW)
    day = dt.date(2024, 5, 31)
    (row,) = ask.predictions(record.store, Filters(as_of=day), dt.date(2026, 1, 1))
    assert (row.id, row.outcomes, ask.status_of(row, day)) == (early, (), "open")
    assert [r.id for r in ask.predictions(record.store, Filters(as_of=day, status="open"), NOW.date())] == [early]
    (card,) = scores(record.store, Filters(as_of=day), NOW.date())
    assert (card.predictions, card.due, card.scored) == (1, 0, 0)
    (card,) = scores(record.store, Filters(), NOW.date())
    assert (card.predictions, card.due, card.scored) == (3, 3, 1)
