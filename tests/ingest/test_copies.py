"""Copies of a story are linked and count once; one with other facts is linked, noted, and counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from line_extractor import raw

from kb.ingest.copies import differing
from kb.shingles import is_copy, shingles
from kb.store import Store, statement_rows
from kb.store.check import check
from kb.types import Filters, ItemResult, RawDocument, StatementRow

Ingest = Callable[..., list[ItemResult]]
TODAY = dt.date(2025, 1, 1)
DAY = dt.datetime(2024, 12, 3, tzinfo=dt.UTC)

SAID = "Mira Okafor (chief executive of Havenlink) predicts: Rotterdam will order 40,000 electric ferries in 2025"
STORY = f"""The port of Rotterdam is to build a second terminal for electric ferries, its operator said on Tuesday.

{SAID}

The terminal, on the southern bank of the river, will cost 310 million euros and employ 450 people when it is finished,
according to plans that the company filed with the city last week. Dockers have asked for a say in the rosters.

The city council has not yet approved the plans. A first vote is expected after the summer recess, a spokeswoman for the
mayor told reporters, and residents of the nearby island have collected 9,200 signatures against the project."""

WIRE = f"ROTTERDAM (Newswire) - {STORY}\n\nReporting by Ann Poe; Editing by Bo Quist"
EXCERPT = "\n\n".join(STORY.split("\n\n")[:3])
EDITED = STORY.replace("Dockers have asked for", "Dock workers want").replace(
    "a spokeswoman for the\nmayor", "city hall"
)


def article(name: str, text: str, **fields: Any) -> RawDocument:
    address = {"canonical_url": f"https://{name}.example/story", "publisher": name.title()}
    return raw(name, text, **{**address, **fields})


def prediction(store: Store) -> StatementRow:
    with store.reading() as session:
        rows = statement_rows.find(session, Filters(kind="prediction"), today=TODAY)
    return rows[0]


def links(store: Store) -> list[tuple[int | None, tuple[str, ...]]]:
    """What each document is a copy of, and in what it differs, in the order stored."""
    with store.reading() as session:
        rows = statement_rows.find(session, Filters(kind="prediction"), today=TODAY)
    reports = {report.document_id: report for row in rows for report in row.reports}
    return [(reports[number].copy_of, reports[number].differs) for number in sorted(reports)]


@pytest.mark.parametrize("text", [WIRE, EXCERPT, EDITED], ids=["wire", "excerpt", "edited"])
def test_copies_and_excerpts(text: str) -> None:
    assert is_copy(shingles(STORY), shingles(text))
    assert is_copy(shingles(text), shingles(STORY))
    assert differing(STORY, text) == differing(text, STORY) == ()


def test_ten_copies_are_one_independent_report(store: Store, ingest: Ingest) -> None:
    texts = [EXCERPT, WIRE, EDITED, STORY, STORY]
    ingest(*(article(f"paper{n}", texts[n % 5] + f"\n\n© Paper {n % 9}") for n in range(10)))
    ingest(article("own", f"A word with the chief.\n\n{SAID}\n\n" + "Nobody else was there to hear it. " * 10))
    row = prediction(store)
    assert [report.story for report in row.reports] == [1] * 10 + [11]
    assert (len(row.reports), row.independent) == (11, 2)
    assert check(store) == []


def test_a_copy_with_other_facts_is_linked_noted_and_counts(store: Store, ingest: Ingest) -> None:
    other = WIRE.replace("310 million", "410 million")
    ingest(article("alpha", STORY), article("beta", other), article("gamma", other + "\n\nRead more"))
    differs = ("“310 million” there, “410 million” here",)
    assert links(store) == [(None, ()), (1, differs), (2, ())]
    assert prediction(store).independent == 2


@pytest.mark.parametrize(
    ("old", "new", "noted"),
    [
        ("310 million", "410 million", "“310 million” there, “410 million” here"),
        ("on Tuesday", "on Thursday", "“Tuesday” there, “Thursday” here"),
        ("has not yet approved", "has approved", "The city council has approved the plans."),
        ("9,200 signatures", "nine signatures", "“9,200” there, “nine” here"),
        ("port of Rotterdam", "port of Antwerp", "“Rotterdam” there, “Antwerp” here"),
        ("first vote", "second vote", "“first” there, “second” here"),
    ],
)
def test_facts_that_differ(old: str, new: str, noted: str) -> None:
    assert old in WIRE
    (fact,) = differing(STORY, WIRE.replace(old, new, 1))
    assert noted in fact


def test_what_is_no_copy(store: Store, ingest: Ingest) -> None:
    background = STORY.rpartition("\n\n")[2]
    news = (
        "Dockers walked out on Monday over new rosters. " * 3 + "\n\n" + "The talks had gone on for weeks there. " * 8
    )
    ingest(
        article("alpha", STORY),
        article("later", WIRE, published_at=DAY + dt.timedelta(days=31)),
        article("post", WIRE, kind="post"),
        article("followup", f"{news}\n\n{SAID}\n\n{background}"),
    )
    assert links(store) == [(None, ())] * 4


@pytest.mark.parametrize(
    "here",
    [
        STORY.replace("310 million euros", "€310 million"),
        STORY.replace("Mira Okafor (chief", "Mr. Okafor (chief"),
        STORY.replace(" and employ 450 people when it is finished", ""),
        STORY.replace("asked for", "demanded"),
        f"{STORY}\n\nBo Quist contributed 3 photographs.",
    ],
    ids=["another spelling of a figure", "form of address", "a part left out", "another word", "something added"],
)
def test_edits_that_leave_the_facts_alone(here: str) -> None:
    assert here != STORY
    assert differing(STORY, here) == ()
