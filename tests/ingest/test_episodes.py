"""Podcast episodes: the transcript completes what the feed says, and the feed's people complete its labels."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.ingest.pipeline import with_page
from kb.ingest.prepare import prepare
from kb.ingest.teasers import completed, pack, unpack
from kb.types import Author, RawDocument, Turn

AT = dt.datetime(2026, 2, 6, 5, tzinfo=dt.UTC)
EPISODE = RawDocument(
    external_id="mn-41",
    kind="article",
    text="Show notes.",
    url="https://notes.example/41",
    title="Episode 41",
    published_at=AT,
    published_precision="second",
    complete=False,
    text_url="https://cdn.notes.example/41.srt",
    recording_url="https://cdn.notes.example/41.mp3",
    people=("Ben Osei-Larsson", "Dana Whitlock", "Dana Okoye"),
)


def transcript(*labels: str) -> RawDocument:
    text = " ".join(f"{label}: Yes." for label in labels)
    starts = [text.index(f"{label}: ") + len(label) + 2 for label in labels]
    turns = tuple(
        Turn(start, start + 4, Author(name=label, kind="group" if label == "Host" else "person"), float(start))
        for start, label in zip(starts, labels, strict=True)
    )
    return RawDocument(
        external_id="t", kind="transcript", text=text, canonical_url="https://cdn.notes.example/41.srt", turns=turns
    )


def test_a_teaser_of_an_episode_is_completed_by_its_transcript() -> None:
    (document,) = completed(unpack(pack(EPISODE)), [transcript("BEN")])
    assert (document.kind, document.external_id, document.title) == ("transcript", "mn-41", "Episode 41")
    assert (document.url, document.recording_url) == (EPISODE.url, EPISODE.recording_url)
    (turn,) = prepare(document).turns
    assert (turn.speaker, turn.at_seconds) == (Author(name="Ben Osei-Larsson"), 5.0)


@pytest.mark.parametrize(
    ("label", "name"),
    [("Ben", "Ben Osei-Larsson"), ("whitlock", "Dana Whitlock"), ("Dana", "Dana"), ("Rui", "Rui"), ("Host", "Host")],
)
def test_labels_that_fit_one_of_the_people(label: str, name: str) -> None:
    (turn,) = prepare(with_page(EPISODE, transcript(label))).turns
    assert turn.speaker is not None
    assert turn.speaker.name == name


@pytest.mark.parametrize(("precision", "known"), [("day", True), ("unknown", True), ("second", False)])
def test_a_page_that_tells_the_time_of_day_goes_before_a_feed_that_tells_the_day(precision: str, known: bool) -> None:
    page = RawDocument(
        external_id="p", kind="article", text="x", published_at=AT.replace(hour=9), published_precision="minute"
    )
    teaser = RawDocument(
        external_id="i",
        kind="article",
        text="",
        published_at=AT,
        published_precision=precision,  # type: ignore[arg-type]
    )
    assert (with_page(teaser, page).published_at == page.published_at) is known
