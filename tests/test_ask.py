"""Questions, on a small record."""

from __future__ import annotations

import datetime as dt

import pytest
from records import NOW, Record, due
from sqlalchemy import event

from kb import ask, outcomes, scoreboard
from kb.errors import NotFoundError
from kb.store import speakers, statements
from kb.types import Filters, PredictionStatus, Report, Role, StatementData

TODAY = dt.date(2025, 6, 15)


def ids(rows: list) -> list[int]:
    return [row.id for row in rows]


def test_a_statement_comes_with_its_reports_in_order_of_publication(record: Record) -> None:
    ann = record.speaker("Ann Lee")
    data = StatementData(kind="claim", text="boats float")
    late = record.document(
        "“boats float”, repeated.", published=dt.date(2024, 12, 9), publisher="Late", url="https://l.test/1"
    )
    early = record.document("She said boats float.", published=dt.date(2024, 12, 3), publisher="Early")
    with record.store.transaction() as session:
        statement_id = statements.insert(session, ann, data, said_on="2024-12-03")
    record.report(statement_id, data, late)
    record.report(statement_id, data, early)
    row = ask.show(record.store, statement_id)
    assert (row.speaker_id, row.speaker, row.text, row.said_on) == (ann, "Ann Lee", "boats float", "2024-12-03")
    assert [(r.publisher, r.words, r.content) for r in row.reports] == [
        ("Early", "boats float", ((9, 20),)),
        ("Late", "boats float", ((1, 12),)),
    ]
    assert row.reports[1].published_at == dt.datetime(2024, 12, 9, 12, tzinfo=dt.UTC)


def test_show_unknown(record: Record) -> None:
    for statement_id in (7, 10**30):
        with pytest.raises(NotFoundError):
            ask.show(record.store, statement_id)


@pytest.mark.parametrize("by", ["Clement Delangue", "delangue", "CLÉMENT", "2"])
def test_by_finds_speakers_without_accents_and_by_a_word(record: Record, by: str) -> None:
    assert (record.speaker("Bo Delan"), record.speaker("Clément Delangue")) == (1, 2)
    wanted = record.said(2, "robots will sell")
    record.said(1, "boats will sell")
    record.said(None, "nobody knows")
    assert ids(ask.said(record.store, Filters(by=by))) == [wanted]


@pytest.mark.parametrize("by", ["nobody", "delan", "99", "99999999999999999999", "???"])
def test_by_somebody_unknown_is_an_error(record: Record, by: str) -> None:
    record.speaker("Clément Delangue")
    with pytest.raises(NotFoundError):
        ask.said(record.store, Filters(by=by))


def test_of_a_set_of_documents(record: Record) -> None:
    rain, _, snow = (record.said(None, f"there will be {what}") for what in ("rain", "wind", "snow"))
    assert ids(ask.said(record.store, Filters(documents=(1, 3)))) == [rain, snow]
    assert {entry.statement.id for entry in ask.timeline(record.store, Filters(documents=(3,)), TODAY)} == {snow}
    for unknown in (9, 10**30):
        with pytest.raises(NotFoundError, match=r"no (document 9 in the record|record has so large a number)"):
            ask.said(record.store, Filters(documents=(1, unknown)))


def test_questions_see_merged_speakers_as_one(record: Record) -> None:
    right, wrong, other = record.speaker("Clément Delangue"), record.speaker("Clement Delange"), record.speaker("Bo")
    theirs = {record.said(right, "one"), record.said(wrong, "two")}
    record.said(other, "three")
    record.merge(wrong, right)
    for name in ("Delange", "Delangue", str(wrong)):
        rows = ask.said(record.store, Filters(by=name))
        assert {row.id for row in rows} == theirs
        assert {row.speaker for row in rows} == {"Clément Delangue"}
    assert [(s.name, s.statements) for s in ask.speakers(record.store)] == [("Clément Delangue", 2), ("Bo", 1)]
    assert ask.speaker(record.store, "Delange").aliases == ("Clément Delangue", "Clement Delange")


def test_other_and_rejected_are_left_out(record: Record) -> None:
    claim = record.said(None, "a claim", kind="claim")
    other = record.said(None, "well", kind="other")
    rejected = record.said(None, "not said at all", kind="claim")
    with record.store.transaction() as session:
        session.connection().exec_driver_sql(f"UPDATE statement SET review = 'rejected' WHERE id = {rejected}")
    assert ids(ask.said(record.store, Filters())) == [claim]
    assert ids(ask.said(record.store, Filters(kind="other"))) == [other]
    assert ask.show(record.store, rejected).review == "rejected"


DATES = ["2023", "2024", "2024-06", "2024-06-15", "2024-12-31", "2025-01-01", None]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(since="2024-06-15"), ["2025-01-01", "2024-12-31", "2024-06-15", "2024-06", "2024"]),
        (Filters(since="2025"), ["2025-01-01"]),
        (Filters(until="2024"), ["2024-12-31", "2024-06-15", "2024-06", "2024", "2023"]),
        (Filters(until="2024-06-14"), ["2024-06", "2024", "2023"]),
        (Filters(since="2024-07", until="2024-12"), ["2024-12-31", "2024"]),
        (Filters(), ["2025-01-01", "2024-12-31", "2024-06-15", "2024-06", "2024", "2023", None]),
        (Filters(limit=2), ["2025-01-01", "2024-12-31"]),
    ],
)
def test_partial_dates_count_when_they_may_fall_in(record: Record, filters: Filters, expected: list) -> None:
    for number, date in enumerate(DATES):
        record.said(None, f"statement {number}", on=date)
    assert [row.said_on for row in ask.said(record.store, filters)] == expected


def test_words_and_about_and_outlet(record: Record) -> None:
    robots = record.said(None, "Robots will sell", mentions=(("Hugging Face", "ORG"),))
    boats = record.said(None, "Boats will sell 100% more")
    shouted = StatementData(kind="claim", text="loud")
    with record.store.transaction() as session:
        loud = statements.insert(session, None, shouted, said_on=None)
    record.report(loud, shouted, record.document("so loud", publisher="The Daily", url="https://www.daily.test/a/b"))

    def found(filters: Filters) -> set[int]:
        return {row.id for row in ask.said(record.store, filters)}

    assert found(Filters(words="robot")) == {robots}
    assert found(Filters(words="sell will")) == {robots, boats}
    assert found(Filters(words='"sell will"')) == set()
    assert found(Filters(about="hugging")) == found(Filters(about="robots")) == {robots}
    assert found(Filters(about="%")) == set()
    assert found(Filters(outlet="daily")) == found(Filters(outlet="daily.test")) == {loud}
    assert found(Filters(outlet="aily.test")) == found(Filters(outlet="a")) - {loud} == set()


STATUSES: dict[str | None, PredictionStatus] = {
    "2025-06-14": "overdue",
    "2025-06-15": "due",
    "2025-07-15": "due",
    "2025-07-16": "open",
    None: "open",
}


def test_status_in_rows_and_in_filters_is_the_same(record: Record) -> None:
    made = {record.said(None, f"by {day}", horizon=due(day) if day else None): s for day, s in STATUSES.items()}
    resolved = record.said(None, "done", horizon=due("2025-01-31"))
    outcomes.resolve(record.store, resolved, "void", recorded_by="ann", now=NOW)
    made[resolved] = "resolved"
    rows = ask.predictions(record.store, Filters(), TODAY)
    assert {row.id: ask.status_of(row, TODAY) for row in rows} == made
    for status in ("open", "due", "overdue", "resolved"):
        chosen = ask.predictions(record.store, Filters(status=status), TODAY)
        assert {row.id for row in chosen} == {key for key, value in made.items() if value == status}


def test_predictions_by_due_date(record: Record) -> None:
    undated = record.said(None, "some day")
    late = record.said(None, "later", horizon=due("2025-12-31"))
    early = record.said(None, "sooner", horizon=due("2025-01-01"))
    promise = record.said(None, "I will", kind="commitment", horizon=due("2025-01-01"))
    assert ids(ask.predictions(record.store, Filters(), TODAY)) == [early, late, undated]
    assert ids(ask.predictions(record.store, Filters(due_before=dt.date(2025, 12, 31)), TODAY)) == [early]
    assert ids(ask.predictions(record.store, Filters(kind="commitment"), TODAY)) == [promise]


def test_the_horizon_comes_back_with_its_place_in_the_text(record: Record) -> None:
    here = record.said(None, "done on 2025-12-31 or never", horizon=due("2025-12-31"))
    elsewhere = record.said(None, "the same day", horizon=due("2025-12-31"))
    horizon = ask.show(record.store, here).horizon
    assert horizon
    assert (horizon.start, horizon.end, horizon.latest, horizon.rule) == (8, 18, dt.date(2025, 12, 31), "test")
    inherited = ask.show(record.store, elsewhere).horizon
    assert inherited
    assert (inherited.phrase, inherited.start, inherited.end) == ("2025-12-31", 0, 0)


def test_one_speaker_by_name(record: Record) -> None:
    sam, jack = record.speaker("Sam Altman"), record.speaker("Jack Altman")
    short = record.speaker("Altman")
    assert ask.speaker(record.store, "sam").id == sam
    assert ask.speaker(record.store, jack).id == jack
    assert ask.speaker(record.store, "Altman").id == short
    record.merge(short, sam)
    assert ask.speaker(record.store, "Altman").id == sam
    record.speaker("Altman Brown")
    record.speaker("Jo Brown")
    with pytest.raises(NotFoundError, match="4: Altman Brown; 5: Jo Brown"):
        ask.speaker(record.store, "brown")
    with pytest.raises(NotFoundError, match="did you mean 'Sam Altman'"):
        ask.speaker(record.store, "Sam Altmann")
    with pytest.raises(NotFoundError, match=r"'Zebedee' in the record$"):
        ask.speaker(record.store, "Zebedee")


def test_a_speaker_has_roles_and_merges(record: Record) -> None:
    one, two = record.speaker("Ann Lee"), record.speaker("A. Lee")
    document_id = record.document("text")
    with record.store.transaction() as session:
        for seen in ("2024-05-01", "2024-02", "2024-05-01", None):
            speakers.add_role(session, two, Role(title="CEO"), seen=seen, document_id=document_id)
    merge_id = record.merge(two, one)
    row = ask.speaker(record.store, "Ann")
    assert [(r.title, r.organisation, r.first_seen, r.last_seen) for r in row.roles] == [
        ("CEO", None, "2024-02", "2024-05-01")
    ]
    assert [(m.id, m.from_name, m.into_name, m.undone_at) for m in row.merges] == [
        (merge_id, "A. Lee", "Ann Lee", None)
    ]
    with record.store.transaction() as session:
        speakers.unmerge(session, merge_id, now=NOW)
    apart = ask.speaker(record.store, two)
    assert apart.merges[0].undone_at == NOW
    assert [role.title for role in apart.roles] == ["CEO"]
    assert ask.speaker(record.store, one).roles == ()


def test_a_role_that_several_documents_give_is_one(record: Record) -> None:
    one, two = record.speaker("Ann Lee"), record.speaker("A. Lee")
    given = (
        (one, Role(title="Chief executive", organisation="Café Co"), "2024-05"),
        (two, Role(title="chief executive", organisation="Cafe Co"), "2024-02-01"),
        (two, Role(title="chief executive", organisation="CAFE CO"), "2024-08"),
        (two, Role(title="chair", organisation="Cafe Co"), None),
    )
    for speaker_id, role, seen in given:
        document_id = record.document(f"{role} in {seen}")
        with record.store.transaction() as session:
            speakers.add_role(session, speaker_id, role, seen=seen, document_id=document_id)
    record.merge(two, one)
    roles = ask.speaker(record.store, one).roles
    assert [(r.title, r.organisation, r.first_seen, r.last_seen) for r in roles] == [
        ("chief executive", "Cafe Co", "2024-02-01", "2024-08"),
        ("chair", "Cafe Co", None, None),
    ]


def test_accounts_are_not_spellings(record: Record) -> None:
    ann, other = record.speaker("Ann Lee", "Annie"), record.speaker("Ann  Lee")
    with record.store.transaction() as session:
        for speaker_id in (ann, other):
            speakers.add_alias(session, speaker_id, "x:annlee", origin="handle")
    record.merge(other, ann)
    row = ask.speaker(record.store, ann)
    assert row.aliases == ("Ann Lee", "Annie", "Ann  Lee")
    assert row.accounts == ("x:annlee",)


def report_in(record: Record, text: str, words: str) -> Report:
    """The report of ``words`` as ``show`` gives it."""
    data = StatementData(kind="claim", text=words)
    with record.store.transaction() as session:
        statement_id = statements.insert(session, None, data, said_on=None)
    record.report(statement_id, data, record.document(text))
    (report,) = ask.show(record.store, statement_id).reports
    place = slice(report.content[0][0] - report.context_start, report.content[-1][1] - report.context_start)
    assert report.context[place] == words
    return report


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("Before.\n\nHe said it is so.\n- twice\n\nAfter.", "He said it is so.\n- twice"),
        ("it is so", "it is so"),
        ("it is so\n\nAfter.", "it is so"),
        ("Before.\n\nit is so", "it is so"),
    ],
)
def test_words_are_shown_in_their_paragraph(record: Record, text: str, context: str) -> None:
    assert report_in(record, text, "it is so").context == context


def test_context_is_about_a_page_where_there_are_no_paragraphs(record: Record) -> None:
    long = "word " * 10_000
    assert len(report_in(record, f"{long}it is so {long}", "it is so").context) == 2 * ask.CONTEXT + len("it is so")


def test_speakers_with_words_and_limit(record: Record) -> None:
    for name in ("Ann Lee", "Bo Lee", "Cy Day"):
        record.speaker(name)
    record.said(2, "something")
    assert [row.name for row in ask.speakers(record.store, words="lee")] == ["Bo Lee", "Ann Lee"]
    assert [row.name for row in ask.speakers(record.store, words="le an")] == ["Ann Lee"]
    assert [row.name for row in ask.speakers(record.store, limit=1)] == ["Bo Lee"]
    assert ask.speakers(record.store, words="nobody") == ask.speakers(record.store, words="?!") == []


def test_timeline(record: Record) -> None:
    undated = record.said(None, "undated", on=None, kind="claim")
    first = record.said(None, "first", on="2024", horizon=due("2025-03-01"))
    second = record.said(None, "second", on="2025-03-01", kind="claim")
    outcomes.resolve(
        record.store,
        first,
        "false",
        evidence=["https://a.test/"],
        known_on=dt.date(2025, 3, 1),
        recorded_by="a",
        now=dt.datetime(2025, 3, 2, tzinfo=dt.UTC),
    )
    entries = ask.timeline(record.store, Filters(), TODAY)
    assert [(e.date, e.kind, e.statement.id) for e in entries] == [
        ("2024", "statement", first),
        ("2025-03-01", "statement", second),
        ("2025-03-01", "due", first),
        ("2025-03-01", "outcome", first),
        (None, "statement", undated),
    ]
    assert [e.outcome.verdict for e in entries if e.outcome] == ["false"]


def test_scores(record: Record) -> None:
    ann, bo = record.speaker("Ann"), record.speaker("Bo")
    for speaker_id, verdict in ((ann, "true"), (ann, "false"), (bo, "mostly"), (None, "true")):
        statement_id = record.said(speaker_id, f"{verdict} for {speaker_id}", horizon=due("2025-01-01"))
        outcomes.resolve(record.store, statement_id, verdict, evidence=["https://a.test/"], recorded_by="a", now=NOW)
    record.said(bo, "a boat", kind="commitment")
    cards = scoreboard.scores(record.store, Filters(), TODAY)
    assert [(c.speaker, c.predictions, c.hits, c.scored) for c in cards] == [("Ann", 2, 1, 2), ("Bo", 2, 1, 1)]
    assert [c.speaker for c in scoreboard.scores(record.store, Filters(), TODAY, min_n=2)] == ["Ann"]
    assert [c.predictions for c in scoreboard.scores(record.store, Filters(by="bo", about="boat"), TODAY)] == [1]


def test_the_number_of_queries_does_not_grow_with_the_rows(record: Record) -> None:
    def queries() -> int:
        seen = []
        count = lambda *arguments: seen.append(arguments)  # noqa: E731
        engine = record.store._engine
        event.listen(engine, "before_cursor_execute", count)
        assert ask.said(record.store, Filters())
        assert ask.speakers(record.store)
        event.remove(engine, "before_cursor_execute", count)
        return len(seen)

    record.said(record.speaker("First"), "one thing")
    few = queries()
    for number in range(5):
        record.said(record.speaker(f"Speaker {number}"), f"thing {number}")
    assert queries() == few
