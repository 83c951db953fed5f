"""What people said of extractions outlives every later extraction, in this record and in another one."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from line_extractor import LineExtractor, attribution, raw
from sqlmodel import select

from kb import ask, reviewing
from kb.errors import JudgementError, NotFoundError
from kb.ingest.pipeline import Item, Pipeline
from kb.ingest.prepare import prepare
from kb.ingest.recording import record_again
from kb.ingest.repeats import link_speakers
from kb.store import Store, open_store, reviews, sources, tables, threads
from kb.store.check import check
from kb.types import DocumentData, Edit, Filters, ItemResult, RawDocument, SpeakerMention, StatementRow

NOW = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
ANA = {"by": "ana", "now": NOW}
LATER = NOW + dt.timedelta(days=1)

STORY = """Ann Lee predicts that boats will sell in 2027
Bob Ray says: rain is wet and cold in the north
Ann Lee predicts that robots will sell in 2028
"""
FERRY = """Ann Lee predicts that the ferry will cross the northern strait in {year}
Ann Lee predicts that the ferry will {not_}carry cars to the southern island in 2027
"""
"""Said twice: it moves the first date, and contradicts the second line."""
OTHER = "Ann Lee predicts that electric boats will sell very well in 2029\nCy Fox says that snow is white and cold"


def by_words(store: Store, words: str) -> int:
    every = Filters(words=words, review=("machine", "accepted", "edited", "rejected"))
    return ask.said(store, every)[0].id


def version(store: Store, statement_id: int) -> int:
    return ask.show(store, statement_id).version


def read_again(store: Store, extractor: LineExtractor, document: DocumentData, document_id: int = 1) -> None:
    (_, found), *_ = extractor.pipe([document])
    with store.transaction() as session:
        record_again(session, document_id, found, extractor=extractor.version, now=LATER)


def state(store: Store) -> list[object]:
    """Everything that questions tell of the statements, without row ids."""
    rows = ask.said(store, Filters(review=("machine", "accepted", "edited", "rejected")))
    names = {row.id: row.fingerprint for row in rows}
    return sorted(
        (
            row.fingerprint,
            row.text,
            row.speaker or "",
            row.kind,
            row.review,
            [names[other] if other else "" for other in (row.repeats, row.slips, row.contradicts)],
            str(row.horizon and (row.horizon.earliest, row.horizon.latest, row.horizon.precision)),
            sorted((report.words, report.speaker_text, report.content, report.cue) for report in row.reports),
        )
        for row in rows
    )


def judged(store: Store) -> list[object]:
    """What every report of a judged statement is read as."""
    rows = ask.said(store, Filters(review=("accepted", "edited", "rejected")))
    found = []
    for row in rows:
        reading = () if row.review == "rejected" else (row.text, row.speaker, row.kind, str(row.horizon))
        found += [(report.document_id, report.content, row.review, reading) for report in row.reports]
    return sorted(found, key=str)


def parted(store: Store) -> set[frozenset[object]]:
    """Pairs of reports of which people said that nothing links them; the statements are not linked."""
    rows = {row.id: row for row in ask.said(store, Filters(review=("machine", "accepted", "edited", "rejected")))}
    with store.reading() as session:
        pairs = {pair for pair in threads.apart(session, set(rows)) if len(pair) == 2}
    assert not [pair for pair in pairs if threads.linked(*(rows[id_] for id_ in pair))]
    places = {id_: [(report.document_id, report.content) for report in row.reports] for id_, row in rows.items()}
    return {frozenset((a, b)) for one, two in map(tuple, pairs) for a in places[one] for b in places[two]}


def corrections(store: Store) -> list[dict[str, object]]:
    """The whole ledger."""
    with store.reading() as session:
        rows = session.exec(select(tables.Correction).order_by(tables.Correction.id)).all()
        return [row.model_dump(exclude={"id"}) for row in rows]


def test_a_rerun_undoes_no_review(store: Store, ingest: Callable[..., list[ItemResult]]) -> None:
    story = raw("1", STORY)
    ingest(story)
    boats, rain, robots = (by_words(store, words) for words in ("boats", "rain", "robots"))
    reviewing.edit(store, boats, Edit(new_speaker="Dee Oh", kind="opinion"), version=0, **ANA)
    reviewing.reject(store, rain, version=0, **ANA)
    reviewing.accept(store, robots, version=0, **ANA)
    before = state(store)
    read_again(store, LineExtractor(), prepare(story))
    read_again(store, LineExtractor(version="lines 2"), prepare(story))
    assert state(store) == before
    assert reviewing.conflicts(store) == []
    assert check(store) == []


def test_a_newer_model_that_draws_other_ends_adds_nothing_beside_a_review(
    store: Store, ingest: Callable[..., list[ItemResult]]
) -> None:
    story = raw("1", STORY)
    ingest(story)
    boats, rain, robots = (by_words(store, words) for words in ("boats", "rain", "robots"))
    shorter = reviewing.spans_of(STORY, "boats will sell")
    reviewing.edit(store, boats, Edit(content=shorter), version=0, **ANA)
    reviewing.reject(store, rain, version=0, **ANA)
    before = state(store)
    document = prepare(story)
    found = [
        attribution(
            document,
            (content[0], content[1]),
            SpeakerMention(name=name, kind="person"),
            quote_kind="indirect",
            kind=kind,
        )
        for content, name, kind in (
            (reviewing.spans_of(STORY, "boats will sell in 2027")[0], "Ann Lee", "prediction"),
            (reviewing.spans_of(STORY, "that boats will")[0], "Eve Ash", "claim"),
            (reviewing.spans_of(STORY, "rain is wet")[0], "Bob Ray", "opinion"),
            (reviewing.spans_of(STORY, "robots will sell")[0], "Ann Lee", "prediction"),
        )
    ]
    with store.transaction() as session:
        record_again(session, 1, found, extractor="lines 3", now=LATER)
    assert [one for one in state(store) if one[4] != "machine"] == [one for one in before if one[4] != "machine"]
    noted = {(row.field, row.person, row.machine) for row in reviewing.conflicts(store)}
    assert {("kind", "prediction", "claim"), ("speaker", "Ann Lee", "Eve Ash")} <= noted
    assert not [row for row in reviewing.conflicts(store) if row.statement_id != boats]
    reviewing.edit(
        store, boats, Edit(kind="claim"), version=version(store, boats), by="bo", now=LATER + dt.timedelta(1)
    )
    assert reviewing.conflicts(store) == []
    assert ask.show(store, robots).review == "machine"


def test_a_changed_text_keeps_what_was_said_of_the_words_that_stay(
    store: Store, ingest: Callable[..., list[ItemResult]]
) -> None:
    ingest(raw("1", STORY))
    reviewing.reject(store, by_words(store, "rain"), version=0, **ANA)
    reviewing.edit(store, by_words(store, "boats"), Edit(new_speaker="Dee Oh"), version=0, **ANA)
    ingest(raw("1", "Correction: it is colder.\n" + STORY))
    rows = ask.said(store, Filters())
    assert {(row.speaker, row.text) for row in rows} == {
        ("Dee Oh", "boats will sell in 2027"),
        ("Ann Lee", "robots will sell in 2028"),
    }


def link_all(store: Store) -> None:
    with store.transaction() as session:
        link_speakers(session, [row.id for row in ask.speakers(store)])


def ferries(store: Store) -> list[StatementRow]:
    """What Ann said of the ferry, in the order recorded."""
    return sorted(ask.said(store, Filters(words="ferry")), key=lambda row: row.id)


def the_ferry(year: int, not_: str = "") -> RawDocument:
    when = dt.datetime(year - 1, 6, 1, tzinfo=dt.UTC)
    return raw(str(year), FERRY.format(year=year, not_=not_), published_at=when)


def test_links_that_a_person_took_back_stay_away_whatever_is_read_again(
    store: Store, ingest: Callable[..., list[ItemResult]]
) -> None:
    first, second = the_ferry(2026), the_ferry(2027, "not ")
    ingest(first, second)
    crosses, carries, moved, denied = ferries(store)
    assert (moved.slips, denied.contradicts) == (crosses.id, carries.id)
    reviewing.unlink(store, moved.id, crosses.id, version=0, **ANA)
    reviewing.unlink(store, carries.id, denied.id, version=0, **ANA)

    def unlinked() -> bool:
        return all(row.slips is row.contradicts is row.repeats is None for row in ferries(store))

    assert unlinked()
    read_again(store, LineExtractor(version="lines 2"), prepare(first))
    link_all(store)
    assert unlinked()
    changed = replace(second, text=f"Corrected.\n\n{second.text}")
    assert [result.status for result in ingest(changed)] == ["changed"]
    link_all(store)
    assert unlinked()
    third = replace(first, external_id="copy", url=None, published_at=first.published_at + dt.timedelta(days=400))
    ingest(third)
    again = {row.text: row for row in ferries(store) if row.said_on == "2026-07-06"}
    assert again[crosses.text].repeats == crosses.id
    assert again[carries.text].repeats == carries.id
    assert [row.slips for row in ferries(store)] == [None] * 6
    reviewing.undo(store, crosses.id, version=version(store, crosses.id), by="bo", now=LATER)
    assert ask.show(store, moved.id).slips == crosses.id
    assert ask.show(store, denied.id).contradicts is None
    assert check(store) == []


def test_parting_two_predictions_settles_no_conflict_about_their_words(
    store: Store, ingest: Callable[..., list[ItemResult]]
) -> None:
    first, second = the_ferry(2026), the_ferry(2027)
    ingest(first, second)
    crosses, _, moved, _ = ferries(store)
    reviewing.accept(store, moved.id, version=0, **ANA)
    document = prepare(second)
    content = reviewing.spans_of(document.text, moved.text)[0]
    source = reviewing.spans_of(document.text, "Ann Lee")
    read = attribution(
        document,
        content,
        SpeakerMention(name="Ann Lee", kind="person"),
        source=source,
        quote_kind="indirect",
        kind="opinion",
    )
    with store.transaction() as session:
        record_again(session, moved.reports[0].document_id, [read], extractor="lines 3", now=LATER)
    assert [(row.field, row.machine) for row in reviewing.conflicts(store)] == [("kind", "opinion")]
    later = {"by": "bo", "now": LATER + dt.timedelta(days=1)}
    parted = reviewing.unlink(store, moved.id, crosses.id, version=version(store, moved.id), **later)
    assert len(reviewing.conflicts(store)) == 1
    reviewing.edit(store, moved.id, Edit(kind="opinion"), version=parted.version, **later)
    assert reviewing.conflicts(store) == []


EDITS = ["accept", "reject", "kind", "speaker", "words", "horizon"]
JUDGED = st.lists(
    st.tuples(
        st.sampled_from([*EDITS, "split", "merge", "unlink", "undo"]),
        st.integers(0, 15),
        st.integers(0, 15),
    ),
    max_size=8,
)


def judge(store: Store, what: str, first: int, second: int) -> None:
    """One judgement of some statement; what the record refuses changes nothing."""
    rows = ask.said(store, Filters(review=("machine", "accepted", "edited", "rejected")))
    row, other = sorted(rows, key=lambda row: row.fingerprint)[first % len(rows)], rows[second % len(rows)]
    report = row.reports[second % len(row.reports)]
    start, end = report.content[0]
    edits = {
        "kind": Edit(kind="opinion" if second % 2 else "claim"),
        "speaker": Edit(speaker="")
        if second % 3 == 0
        else Edit(speaker="Ann Lee")
        if second % 2
        else Edit(speaker="Cy Fox"),
        "words": Edit(report=report.id, content=((start, end - 1 - second % 3),), source=(), cue=((0, 3),)),
        "horizon": Edit(horizon=("2030", "vague", "none", "2027..")[second % 4]),
    }
    given = {"version": row.version, **ANA}
    try:
        if what in edits:
            reviewing.edit(store, row.id, edits[what], **given)
        elif what == "split":
            reviewing.split(store, row.id, [report.id], **given)
        elif what == "merge":
            reviewing.merge(store, row.id, other.id, **given)
        elif what == "unlink":
            near = reviewing.linked(ask.show(store, row.id))
            reviewing.unlink(store, row.id, near[second % len(near)] if near else other.id, **given)
        else:
            {"accept": reviewing.accept, "reject": reviewing.reject, "undo": reviewing.undo}[what](
                store, row.id, **given
            )
    except (JudgementError, NotFoundError):
        assert check(store) == []


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record with nothing in it."""
    path = tmp_path_factory.mktemp("empty") / "kb.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="module")
def filled(empty: Path) -> Path:
    """A record of two articles, and one that prints a line of the first."""
    path = Path(shutil.copy(empty, empty.with_name("filled.db")))
    with open_store(f"sqlite:///{path}") as store:
        take_in(store)
    return path


def take_in(store: Store) -> None:
    with store.transaction() as session:
        source_id = sources.register(session, "file", name="one", url="one")
    pipeline = Pipeline(store=store, extractor=LineExtractor, now=lambda: NOW)
    documents = [raw("1", STORY), raw("2", OTHER), raw("3", "Ann Lee predicts: boats will sell in 2027, she says")]
    documents += [the_ferry(2026), the_ferry(2027, "not "), the_ferry(2028)]
    list(pipeline.run([Item(source_id, document) for document in documents]))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(judgements=JUDGED)
def test_any_sequence_of_reviews_replays_to_the_same_state(
    empty: Path, filled: Path, judgements: list[tuple[str, int, int]]
) -> None:
    live, again = (Path(shutil.copy(filled, filled.with_name(f"{name}.db"))) for name in ("live", "again"))
    with open_store(f"sqlite:///{live}") as store:
        for what, first, second in judgements:
            judge(store, what, first, second)
        assert check(store) == []
        after = state(store)
        ledger = corrections(store)
    with open_store(f"sqlite:///{again}") as store:
        with store.transaction() as session:
            for values in ledger:
                session.add(correction := tables.Correction(**values))
                session.flush()
                reviews.carry_out(session, correction)
        link_all(store)
        assert state(store) == after
        assert check(store) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    judgements=st.lists(
        st.tuples(st.sampled_from([*EDITS, "unlink", "unlink"]), st.integers(0, 15), st.integers(0, 15)), max_size=4
    )
)
def test_documents_that_come_after_their_reviews_are_read_as_people_said(
    empty: Path, filled: Path, judgements: list[tuple[str, int, int]]
) -> None:
    live, again = (Path(shutil.copy(path, path.with_name(f"{path.stem}-copy.db"))) for path in (filled, empty))
    with open_store(f"sqlite:///{live}") as store:
        for what, first, second in judgements:
            judge(store, what, first, second)
        said, ledger, apart = judged(store), corrections(store), parted(store)
    with open_store(f"sqlite:///{again}") as store:
        with store.transaction() as session:
            for values in ledger:
                session.add(tables.Correction(**values))
                session.flush()
        take_in(store)
        assert judged(store) == said
        assert apart <= parted(store)
        assert check(store) == []


def test_a_person_s_word_goes_before_documents_that_come_later(
    store: Store, request: pytest.FixtureRequest, database: str, tmp_path: Path
) -> None:
    take_in(store)
    boats, rain, moved = by_words(store, "boats 2027"), by_words(store, "rain"), by_words(store, "ferry")
    reviewing.edit(store, boats, Edit(new_speaker="Dee Oh", horizon="2030"), version=0, **ANA)
    report = ask.show(store, rain).reports[0]
    start, end = report.content[0]
    reviewing.edit(store, rain, Edit(report=report.id, content=((start, end - 3),)), version=0, **ANA)
    (earlier, *_) = reviewing.linked(ask.show(store, moved))
    reviewing.unlink(store, moved, earlier, version=0, **ANA)
    said, ledger, apart = judged(store), corrections(store), parted(store)
    on_server = database == "postgresql"
    url = request.getfixturevalue("postgres").record() if on_server else f"sqlite:///{tmp_path / 'again.db'}"
    with open_store(url) as again:
        with again.transaction() as session:
            for values in ledger:
                session.add(tables.Correction(**values))
                session.flush()
        take_in(again)
        assert (judged(again), parted(again)) == (said, apart)
        assert check(again) == []
