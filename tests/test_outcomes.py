"""Recording outcomes: what is stored, and what is refused without a trace."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import NOW, Record

from kb import ask
from kb.errors import JudgementError, KBError, NotFoundError
from kb.outcomes import resolve
from kb.types import OutcomeRow, Verdict


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
    assert [(e.url, e.document_id, e.quote, e.direction, e.date) for e in outcome.evidence] == [
        ("https://a.test/x?y=1:2", None, "", "supports", None),
        ("https://b.test/", None, "they sold", "supports", None),
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
    ],
)
def test_a_refused_outcome_leaves_nothing(record: Record, changes: dict, error: type[KBError], message: str) -> None:
    record.said(None, "it will rain")
    record.said(None, "it rains", kind="claim")
    arguments = {"statement_id": 1, "verdict": "true", "evidence": ["https://a.test/"]} | changes
    with pytest.raises(error, match=message):
        resolve(record.store, recorded_by="a", now=NOW, **arguments)
    with record.store.reading() as session:
        for table in ("outcome", "evidence"):
            assert session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


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
