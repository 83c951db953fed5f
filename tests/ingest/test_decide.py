"""What becomes of a document, by what the store knows of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from kb.ingest.decide import MOST_REVISIONS, Date, Decision, Insert, Keep, Revise, decide, decide_again
from kb.ingest.prepare import prepare
from kb.store.documents import StoredDocument
from kb.text import sha256
from kb.types import DocumentData, RawDocument

NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
DAY = dt.datetime(2025, 5, 5, tzinfo=dt.UTC)
URL = "https://example.org/a"


def document(text: str = "Old text.", **fields: Any) -> DocumentData:
    return prepare(RawDocument(text=text, **{"external_id": "a", "kind": "article"} | fields))


def stored(**fields: Any) -> StoredDocument:
    defaults = dict.fromkeys(["url", "canonical_url", "title", "publisher", "published_at"])
    known = {"id": 7, "source_id": 1, "external_id": "a", "kind": "article", "text": "Old text.",
             "text_sha256": sha256("Old text.")}  # fmt: skip
    texts = ["Old text.", *fields.pop("revisions", [])]
    known |= {"latest_text": texts[-1], "hashes": tuple(map(sha256, texts))}
    return StoredDocument(**defaults | known | fields)


KNOWN = Keep(document_id=7, reason="already in the record")
NEW_TEXT = document("New text.")


@pytest.mark.parametrize(
    ("found", "data", "expected"),
    [
        (None, NEW_TEXT, Insert(data=NEW_TEXT, fetched_at=NOW)),
        (stored(), document(), KNOWN),
        (stored(revisions=["New text."]), NEW_TEXT, KNOWN),
        (stored(revisions=["New text."]), document(), KNOWN),
        (stored(revisions=["New text.", "Newer text."]), NEW_TEXT, KNOWN),
        (stored(), NEW_TEXT, Revise(document_id=7, data=NEW_TEXT, seen_at=NOW)),
    ],
    ids=["new", "same", "same as the revision", "back to the first text", "back to an earlier text", "changed"],
)
def test_decisions(found: StoredDocument | None, data: DocumentData, expected: Decision) -> None:
    assert decide(found, data, 1, NOW) == expected


def test_a_text_that_told_no_day_and_does_now_is_dated() -> None:
    dated = document(published_at=DAY)
    first, again = Date(document_id=7, data=dated, revision=0), Date(document_id=7, data=dated, revision=2)
    assert decide(stored(), dated, 1, NOW) == decide(stored(matched_by="url"), dated, 2, NOW) == first
    assert decide(stored(revisions=["New text.", "Old text."]), dated, 1, NOW) == first
    late = stored(hashes=(sha256("First."), sha256("Second."), sha256("Old text.")))
    assert decide(late, dated, 1, NOW) == again
    assert decide_again(stored(), dated, NOW, reason="parser") == first
    assert decide(stored(matched_by="text"), dated, 2, NOW) == first
    assert decide(stored(published_at=DAY), document(published_at=NOW), 1, NOW) == KNOWN
    assert decide(stored(), document(), 1, NOW) == KNOWN


def test_a_summary_never_revises() -> None:
    assert isinstance(decide(stored(), document("Old", complete=False), 1, NOW), Keep)


@pytest.mark.parametrize("text", ["Old\ntext.", "“Old”  text.\n\nUpdated 3:15 pm ET", "Old text.\n\n12 comments"])
def test_layout_and_notes_on_the_update_are_no_change(text: str) -> None:
    before = stored(latest_text='"Old" text.') if "“" in text else stored()
    assert isinstance(decide(before, document(text), 1, NOW), Keep)


def test_a_page_that_changes_whenever_it_is_read_stops_to_be_revised() -> None:
    revisions = [f"Reader {number} was here." for number in range(MOST_REVISIONS - 1)]
    assert isinstance(decide(stored(revisions=revisions), NEW_TEXT, 1, NOW), Revise)
    decision = decide(stored(revisions=[*revisions, "Another."]), NEW_TEXT, 1, NOW)
    assert decision == Keep(document_id=7, reason="already in the record with 24 revisions, the most kept")


def test_another_reading_of_the_same_page_is_no_revision() -> None:
    decision = decide(stored(matched_by="url"), NEW_TEXT, 2, NOW)
    assert decision == Keep(document_id=7, reason="already in the record, read from another source")
    assert isinstance(decide(stored(matched_by="url"), NEW_TEXT, 1, NOW), Revise)


@pytest.mark.parametrize(
    ("found", "data", "copy"),
    [
        ({}, {}, True),
        ({"canonical_url": URL}, {}, True),
        ({"canonical_url": URL}, {"canonical_url": URL + "b"}, False),
        ({"published_at": DAY}, {"published_at": NOW}, False),
        ({"published_at": DAY}, {"published_at": DAY}, True),
    ],
)
def test_equal_texts(found: dict[str, Any], data: dict[str, Any], copy: bool) -> None:
    decision = decide(stored(matched_by="text", **found), document(**data), 2, NOW)
    if copy:
        assert decision == Keep(document_id=7, reason="same text as document 7")
    else:
        assert isinstance(decision, Insert)
        assert decision.near_duplicate_of == 7


def test_a_post_that_says_the_same_again_is_no_copy() -> None:
    decision = decide(stored(matched_by="text", published_at=DAY), document(kind="post", published_at=NOW), 1, NOW)
    assert decision == Insert(data=document(kind="post", published_at=NOW), fetched_at=NOW)


def test_a_post_of_the_same_number_at_another_address_is_the_same() -> None:
    number = {"external_id": "post:linkedin:7", "kind": "post", "published_at": DAY}
    export = stored(**number, matched_by="text", canonical_url="https://www.linkedin.com/feed/update/urn:li:share:7")
    page = document(**number | {"published_at": DAY + dt.timedelta(milliseconds=500)}, canonical_url=URL)
    assert decide(export, page, 2, NOW) == Keep(document_id=7, reason="same text as document 7")
    another = document(**number | {"external_id": "post:linkedin:8"}, canonical_url=URL)
    assert isinstance(decide(export, another, 2, NOW), Insert)
