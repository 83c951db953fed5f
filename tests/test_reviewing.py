"""Judgements of extractions: what they change, what follows, and that nothing undoes them but people."""

from __future__ import annotations

import datetime as dt

import pytest
from records import NOW, Record, due

from kb import ask, reviewing
from kb.errors import ConflictError, JudgementError, NotFoundError
from kb.ingest.repeats import link_speakers
from kb.outcomes import resolve
from kb.scoreboard import scores
from kb.store import Store, speakers, statements
from kb.store.check import check
from kb.types import Edit, Filters, SpeakerMention, StatementData, StatementRow

ANA = {"by": "ana", "now": dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)}
BO = {"by": "bo", "now": dt.datetime(2026, 1, 2, 3, 5, tzinfo=dt.UTC)}


def row(store: Store, statement_id: int) -> StatementRow:
    return ask.show(store, statement_id)


def said(store: Store) -> list[int]:
    return [row.id for row in ask.said(store, Filters())]


def test_accepting_and_rejecting(record: Record) -> None:
    good, bad = record.said(None, "it will rain"), record.said(None, "not said at all")
    accepted = reviewing.accept(record.store, good, version=0, **ANA)
    assert (accepted.review, accepted.version > 0) == ("accepted", True)
    assert reviewing.reject(record.store, bad, version=0, **ANA).review == "rejected"
    assert said(record.store) == [good]
    assert [r.id for r in ask.said(record.store, Filters(review=("rejected",)))] == [bad]
    again = reviewing.undo(record.store, bad, version=row(record.store, bad).version, **BO)
    assert (again.review, said(record.store)) == ("machine", [good, bad])
    assert check(record.store) == []


def test_editing_speaker_kind_and_horizon(record: Record) -> None:
    ann, bob = record.speaker("Ann Lee"), record.speaker("Bob Ray")
    statement_id = record.said(ann, "it will rain", kind="claim")
    change = Edit(speaker="bob", kind="prediction", horizon="2026-01..2026-06")
    edited = reviewing.edit(record.store, statement_id, change, version=0, **ANA)
    assert (edited.speaker_id, edited.kind, edited.review) == (bob, "prediction", "edited")
    assert edited.horizon
    assert (edited.horizon.earliest, edited.horizon.latest) == (dt.date(2026, 1, 1), dt.date(2026, 6, 30))
    fields = {correction.field for correction in reviewing.history(record.store, statement_id)}
    assert fields == {"speaker", "kind", "horizon", "review"}
    back = reviewing.undo(record.store, statement_id, version=edited.version, **ANA)
    assert (back.speaker_id, back.kind, back.horizon, back.review) == (ann, "claim", None, "machine")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (Edit(speaker="nobody"), NotFoundError, "nobody"),
        (Edit(speaker="1", new_speaker="Cy"), JudgementError, "not both"),
        (Edit(new_speaker=" "), JudgementError, "empty"),
        (Edit(horizon="soon"), JudgementError, "write 2027"),
        (Edit(horizon="2027..2026"), JudgementError, "turn them round"),
        (Edit(content=((0, 999),)), JudgementError, "outside the text"),
        (Edit(content=((3, 3),)), JudgementError, "is empty"),
        (Edit(content=()), JudgementError, "no word"),
        (Edit(report=99, cue=()), NotFoundError, "no report 99"),
    ],
)
def test_edits_that_cannot_be(record: Record, change: Edit, error: type[Exception], message: str) -> None:
    record.speaker("Ann Lee")
    statement_id = record.said(1, "it will rain")
    before = row(record.store, statement_id)
    with pytest.raises(error, match=message):
        reviewing.edit(record.store, statement_id, change, version=0, **ANA)
    assert row(record.store, statement_id) == before


def test_editing_the_words(record: Record) -> None:
    statement_id = record.said(None, "it will rain tomorrow he said")
    text = row(record.store, statement_id).reports[0].context
    content = reviewing.spans_of(text, "it  will rain tomorrow")
    source, cue = reviewing.spans_of(text, "he"), reviewing.spans_of(text, "said")
    edited = reviewing.edit(record.store, statement_id, Edit(content=content, source=source, cue=cue), version=0, **ANA)
    (report,) = edited.reports
    assert (edited.text, report.words, report.speaker_text) == ("it will rain tomorrow",) * 2 + ("he",)
    assert check(record.store) == []
    kind = reviewing.edit(record.store, statement_id, Edit(kind="claim"), version=edited.version, **ANA)
    for _ in range(2):
        kind = reviewing.undo(record.store, statement_id, version=kind.version, **ANA)
    assert (kind.text, kind.kind, kind.review) == ("it will rain tomorrow he said", "prediction", "machine")
    assert kind.reports[0].source == ()
    with pytest.raises(JudgementError, match="taken back"):
        reviewing.undo(record.store, statement_id, version=kind.version, **ANA)
    assert check(record.store) == []


@pytest.mark.parametrize(
    ("text", "words", "near", "spans"),
    [
        ("we win, we win", "we win", 9, ((8, 14),)),
        ("“We will,” she said, “win.”", "We will ... win", 0, ((1, 8), (22, 25))),
        ("it's  so", "it’s so", 0, ((0, 8),)),
    ],
)
def test_words_are_found_near_where_they_were(text: str, words: str, near: int, spans: tuple) -> None:
    assert reviewing.spans_of(text, words, near=near) == spans


@pytest.mark.parametrize("words", ["", "...", "lose", "win ... we will"])
def test_words_that_stand_nowhere(words: str) -> None:
    with pytest.raises(JudgementError):
        reviewing.spans_of("we will win", words)


def reported_twice(record: Record) -> tuple[int, list[int]]:
    """A statement whose two reports are of two things."""
    ann = record.speaker("Ann Lee")
    first = StatementData(kind="prediction", text="boats will sell in 2026", horizon=due("2026-12-31"))
    second = StatementData(kind="prediction", text="robots will sell one day")
    with record.store.transaction() as session:
        statement_id = statements.insert(session, ann, first, said_on="2025")
    reports = [record.report(statement_id, data, record.document(f"Ann: {data.text}.")) for data in (first, second)]
    return statement_id, reports


def test_a_split_and_back(record: Record) -> None:
    statement_id, (_, second) = reported_twice(record)
    before = row(record.store, statement_id)
    stays, new = reviewing.split(record.store, statement_id, [second], version=0, **ANA)
    assert (stays.id, stays.text, new.text) == (statement_id, "boats will sell in 2026", "robots will sell one day")
    assert (new.speaker, new.horizon, new.review) == ("Ann Lee", None, "edited")
    assert [report.id for report in new.reports] == [second]
    assert check(record.store) == []
    for version in (0, new.version):
        with pytest.raises(JudgementError):
            reviewing.split(record.store, new.id, [second], version=version, **ANA)
    back = reviewing.undo(record.store, statement_id, version=stays.version, **BO)
    assert [report.id for report in back.reports] == [report.id for report in before.reports]
    assert (back.text, back.review, said(record.store)) == (before.text, "machine", [statement_id])
    assert check(record.store) == []


def test_two_reports_of_the_very_same_text_cannot_be_parted(record: Record) -> None:
    data = StatementData(kind="prediction", text="boats will sell")
    statement_id = record.said(record.speaker("Ann Lee"), "boats will sell")
    second = record.report(statement_id, data, record.document("It will be seen: boats will sell"))
    with pytest.raises(JudgementError, match="very same text"):
        reviewing.split(record.store, statement_id, [second], version=0, **ANA)
    assert len(row(record.store, statement_id).reports) == 2
    assert check(record.store) == []


def test_a_split_is_not_undone_over_a_later_judgement(record: Record) -> None:
    statement_id, (_, second) = reported_twice(record)
    stays, new = reviewing.split(record.store, statement_id, [second], version=0, **ANA)
    reviewing.edit(record.store, new.id, Edit(kind="opinion"), version=new.version, **BO)
    with pytest.raises(JudgementError, match=f"statement {new.id} was judged since"):
        reviewing.undo(record.store, statement_id, version=stays.version, **ANA)


def test_a_merge_and_back(record: Record) -> None:
    ann = record.speaker("Ann Lee")
    kept, gone = record.said(ann, "boats will sell"), record.said(ann, "boats are going to sell", kind="claim")
    later = record.said(ann, "boats will sell, again")
    with pytest.raises(JudgementError, match="into itself"):
        reviewing.merge(record.store, gone, gone, version=0, **ANA)
    merged = reviewing.merge(record.store, gone, kept, version=0, **ANA)
    assert (merged.id, len(merged.reports), merged.review) == (kept, 2, "edited")
    assert set(said(record.store)) == {kept, later}
    assert check(record.store) == []
    with pytest.raises(NotFoundError, match=f"statement {gone} was merged into statement {kept}; look at that one"):
        row(record.store, gone)
    with pytest.raises(NotFoundError, match="no statement 99 in the record"):
        row(record.store, 99)
    reviewing.undo(record.store, kept, version=merged.version, **ANA)
    again = row(record.store, gone)
    assert (again.text, again.kind, again.review, len(again.reports)) == (
        "boats are going to sell",
        "claim",
        "machine",
        1,
    )
    assert check(record.store) == []


def test_a_number_tells_where_it_went_over_several_merges(record: Record) -> None:
    first, second, third = (record.said(None, words) for words in ("it will rain", "rain will come", "it will be wet"))
    taken = reviewing.merge(record.store, first, second, version=0, **ANA)
    last = reviewing.merge(record.store, second, third, version=taken.version, **BO)
    for gone in (first, second):
        with pytest.raises(NotFoundError, match=f"statement {gone} was merged into statement {third}; look"):
            row(record.store, gone)
    reviewing.undo(record.store, third, version=last.version, **ANA)
    with pytest.raises(NotFoundError, match=f"statement {first} was merged into statement {second}; look"):
        row(record.store, first)
    assert row(record.store, second).id == second


def test_the_number_of_the_newest_statement_is_never_given_to_another(record: Record) -> None:
    kept, newest = record.said(None, "it will rain"), record.said(None, "rain will come")
    merged = reviewing.merge(record.store, newest, kept, version=0, **ANA)
    other = record.said(None, "it will be wet")
    assert other > newest
    with pytest.raises(NotFoundError, match=f"statement {newest} was merged into statement {kept}; look"):
        row(record.store, newest)
    reviewing.undo(record.store, kept, version=merged.version, **ANA)
    assert (row(record.store, newest).text, row(record.store, other).text) == ("rain will come", "it will be wet")


def test_what_outcomes_rest_on_is_not_merged_away(record: Record) -> None:
    kept, gone = record.said(None, "boats will sell"), record.said(None, "boats are going to sell")
    resolve(record.store, gone, "void", recorded_by="ana", now=NOW)
    with pytest.raises(JudgementError, match="merge statement 1 into it"):
        reviewing.merge(record.store, gone, kept, version=0, **ANA)


def test_the_second_reviewer_is_told_and_nothing_is_lost(record: Record) -> None:
    statement_id = record.said(None, "it will rain")
    reviewing.edit(record.store, statement_id, Edit(kind="claim"), version=0, **ANA)
    with pytest.raises(ConflictError, match="judged meanwhile") as caught:
        reviewing.reject(record.store, statement_id, version=0, **BO)
    assert caught.value.changes == (
        "ana, 2026-01-02 03:04 UTC: kind: prediction, now claim",
        "ana, 2026-01-02 03:04 UTC: edited",
    )
    assert row(record.store, statement_id).kind == "claim"
    assert reviewing.reject(record.store, statement_id, version=row(record.store, statement_id).version, **BO)


def test_links_follow_what_reviewers_say(record: Record) -> None:
    ann, bob = record.speaker("Ann Lee"), record.speaker("Bob Ray")
    first = record.said(ann, "electric boats will outsell petrol boats", on="2024-01-01", horizon=due("2025-12-31"))
    other = "electric boats will outsell the petrol boats"
    second = record.said(bob, other, on="2025-01-01", horizon=due("2025-12-31"))
    edited = reviewing.edit(record.store, second, Edit(speaker="Ann Lee"), version=0, **ANA)
    assert edited.repeats == first
    slipped = reviewing.edit(record.store, second, Edit(horizon="2026"), version=edited.version, **ANA)
    assert (slipped.repeats, slipped.slips) == (None, first)
    reviewing.reject(record.store, first, version=0, **ANA)
    assert row(record.store, second).slips is None


def group(record: Record) -> int:
    with record.store.transaction() as session:
        return speakers.create(session, SpeakerMention(name="analysts", kind="group"))


def test_what_foretells_nothing_any_more_is_linked_to_nothing(record: Record) -> None:
    ann, some = record.speaker("Ann Lee"), group(record)
    first = record.said(ann, "electric boats will outsell petrol boats", on="2024-01-01", horizon=due("2025-12-31"))
    for change in (Edit(kind="claim"), Edit(speaker=""), Edit(speaker=str(some))):
        again = record.said(ann, "electric boats will outsell petrol boats", on="2025-01-01", horizon=due("2025-12-31"))
        linked = reviewing.edit(record.store, again, Edit(horizon="2025"), version=0, **ANA)
        assert linked.repeats == first
        edited = reviewing.edit(record.store, again, change, version=linked.version, **ANA)
        assert (edited.repeats, edited.thread) == (None, ())
        assert reviewing.undo(record.store, again, version=edited.version, **ANA).repeats == first
        reviewing.reject(record.store, again, version=row(record.store, again).version, **ANA)
        assert row(record.store, first).thread == ()


def twice(record: Record) -> tuple[int, int]:
    """Two statements, the second one a repeat of the first."""
    ann = record.speaker("Ann Lee")
    first = record.said(ann, "electric boats will outsell petrol boats", on="2024-01-01", horizon=due("2025-12-31"))
    second = record.said(ann, "electric boats will outsell petrol boats", on="2025-01-01", horizon=due("2025-12-31"))
    with record.store.transaction() as session:
        link_speakers(session, [ann])
    return first, second


def counted(record: Record) -> tuple[int, dict[str, int]]:
    """How many predictions the one scorecard has, and their outcomes."""
    (card,) = scores(record.store, Filters(), dt.date(2026, 6, 1))
    return card.predictions, card.counts


def test_a_wrong_link_is_taken_back_and_the_two_count_apart(record: Record) -> None:
    first, second = twice(record)
    resolve(record.store, first, "true", evidence=["https://a.test/"], recorded_by="ana", now=NOW)
    assert (reviewing.linked(row(record.store, second)), counted(record)) == ([first], (1, {"true": 1}))
    parted = reviewing.unlink(record.store, second, first, version=0, **ANA)
    assert (parted.repeats, parted.thread, parted.outcomes, parted.review) == (None, (), (), "machine")
    assert counted(record) == (2, {"true": 1})
    told = [reviewing.described(one) for one in reviewing.history(record.store, first)]
    assert told == ["ana, 2026-01-02 03:04 UTC: nothing to do with “electric boats will outsell petrol boats”"]
    assert reviewing.accuracy(record.store) == []
    joined = reviewing.undo(record.store, first, version=row(record.store, first).version, **BO)
    assert (row(record.store, second).repeats, counted(record)) == (first, (1, {"true": 1}))
    told = [reviewing.described(one) for one in reviewing.history(record.store, second)]
    assert told[-1].startswith("bo, 2026-01-02 03:05 UTC: undone, nothing to do with “electric")
    again = reviewing.unlink(record.store, first, second, version=joined.version, **BO)
    assert (again.thread, check(record.store)) == ((), [])


def test_links_that_are_none(record: Record) -> None:
    first, second = twice(record)
    other = record.said(record.speaker("Bob Ray"), "it will rain", horizon=due("2025-12-31"))
    for statement_id, beside in ((first, first), (first, other), (other, second)):
        with pytest.raises(JudgementError, match="neither repeats, moves or contradicts the other; kb show"):
            reviewing.unlink(record.store, statement_id, beside, version=0, **ANA)
    with pytest.raises(NotFoundError, match="no statement 99"):
        reviewing.unlink(record.store, first, 99, version=0, **ANA)
    reviewing.unlink(record.store, first, second, version=0, **ANA)
    with pytest.raises(ConflictError, match="nothing to do with"):
        reviewing.unlink(record.store, second, first, version=0, **BO)
    assert len(reviewing.history(record.store, second)) == 1


def test_speakers_who_are_merged_do_not_link_again_what_was_parted(record: Record) -> None:
    first, second = twice(record)
    reviewing.unlink(record.store, first, second, version=0, **ANA)
    merge_id = record.merge(record.speaker("A. Lee"), 1)
    with record.store.transaction() as session:
        link_speakers(session, [1])
    assert row(record.store, second).repeats is None
    with record.store.transaction() as session:
        link_speakers(session, speakers.unmerge(session, merge_id, now=NOW))
    assert row(record.store, second).repeats is None


def test_the_queue_begins_with_the_doubtful(record: Record) -> None:
    ids = {}
    for confidence in (0.9, 0.45, 0.1, 0.6):
        ids[confidence] = record.said(None, f"it will rain {confidence}")
        with record.store.transaction() as session:
            session.connection().exec_driver_sql(
                f"UPDATE attribution SET confidence = {confidence} WHERE statement_id = {ids[confidence]}"
            )

    def order(**options: object) -> list[float]:
        rows = reviewing.queue(record.store, **options)
        return [confidence for row in rows for confidence in ids if ids[confidence] == row.id]

    assert order() == [0.45, 0.6, 0.1, 0.9] or order() == [0.45, 0.6, 0.9, 0.1]
    assert order(order="confidence") == [0.1, 0.45, 0.6, 0.9]
    assert order(order="newest", limit=2) == [0.6, 0.1]
    reviewing.accept(record.store, ids[0.45], version=0, **ANA)
    assert order(limit=1) == [0.6]
    assert order(filters=Filters(review=("accepted",))) == [0.45]
    assert reviewing.queue(record.store)[0].reports[0].context


def test_accuracy_by_outlet_and_quote_kind(record: Record) -> None:
    assert reviewing.accuracy(record.store) == []
    for number, publisher in enumerate(("The Daily", "The Daily", "The Daily", "Weekly")):
        data = StatementData(kind="claim", text=f"boat {number} floats")
        with record.store.transaction() as session:
            statement_id = statements.insert(session, None, data, said_on=None)
        record.report(statement_id, data, record.document(f"“boat {number} floats”", publisher=publisher))
    reviewing.accept(record.store, 1, version=0, **ANA)
    reviewing.edit(record.store, 2, Edit(kind="opinion", horizon="2027"), version=0, **ANA)
    reviewing.reject(record.store, 3, version=0, **ANA)
    undone = reviewing.edit(record.store, 4, Edit(kind="opinion"), version=0, **ANA)
    undone = reviewing.undo(record.store, 4, version=undone.version, **ANA)
    reviewing.accept(record.store, 4, version=undone.version, **ANA)
    found = {(row.part, row.name): row for row in reviewing.accuracy(record.store)}
    assert set(found) == {("all", "all"), ("outlet", "The Daily"), ("outlet", "Weekly"), ("quote", "indirect")}
    daily = found["outlet", "The Daily"]
    assert (daily.accepted, daily.edited, daily.rejected, daily.n, daily.precision) == (1, 1, 1, 3, 1 / 3)
    assert daily.low < 1 / 3 < daily.high
    assert daily.edits == {"horizon": 1, "kind": 1}
    assert found["all", "all"].precision == 0.5
    assert found["outlet", "Weekly"].edits == {}
