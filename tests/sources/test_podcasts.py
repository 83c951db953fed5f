"""Transcripts and people of an episode."""

from __future__ import annotations

from typing import Any

import pytest

from sources.podcasts import Transcript, best_transcript, people, transcripts
from sources.xml_ import parse_xml

NAMESPACES = (
    "https://podcastindex.org/namespace/1.0",
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
    "https://raw.githubusercontent.com/Podcastindex-org/podcast-namespace/main/docs/1.0.md",
)


def channel(inner: str, namespace: str = NAMESPACES[0]) -> Any:
    return parse_xml(f"<rss xmlns:podcast='{namespace}'><channel>{inner}</channel></rss>".encode())[0]


def transcript(kind: str, language: str | None = None, url: str = "https://a.example/t") -> Transcript:
    return Transcript(url=url, type=kind, language=language)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_transcript_and_person_is_read(namespace: str) -> None:
    (item,) = channel(
        "<item><podcast:transcript url='/a.srt' type='application/x-subrip; charset=utf-8'/>"
        "<podcast:transcript url='b.vtt' type='TEXT/VTT' language='en'/><podcast:transcript type='text/html'/>"
        "<podcast:person role='Guest'>Dana Whitlock</podcast:person><podcast:person>Ben Osei</podcast:person></item>",
        namespace,
    )
    assert list(transcripts(item, "https://a.example/feed")) == [
        transcript("application/x-subrip", url="https://a.example/a.srt"),
        transcript("text/vtt", "en", url="https://a.example/b.vtt"),
    ]
    assert people(item) == ("Dana Whitlock", "Ben Osei")


def test_persons_of_another_namespace_are_no_participants() -> None:
    (item,) = channel("<item><podcast:person>Ben Osei</podcast:person></item>", "https://elsewhere.example/ns")
    assert people(item) == ()


@pytest.mark.parametrize(("group", "named"), [("", 1), ("group='Cast'", 1), ("group='writing'", 0)])
def test_whoever_only_worked_on_an_episode_does_not_speak_in_it(group: str, named: int) -> None:
    (item,) = channel(f"<item><podcast:person {group}>Ben Osei</podcast:person></item>")
    assert len(people(item)) == named


def test_an_undeclared_prefix_is_understood() -> None:
    root = parse_xml(b"<rss><channel><item><podcast:person>Ben Osei</podcast:person></item></channel></rss>")
    assert people(root[0][0]) == ("Ben Osei",)


def test_persons_of_an_episode_replace_those_of_the_channel() -> None:
    own, bare = channel(
        "<item><podcast:person>Dana Whitlock</podcast:person></item><item><podcast:person> </podcast:person></item>"
    )
    own.getparent().append(channel("<podcast:person>Ben Osei</podcast:person>")[0])
    assert people(own) == ("Dana Whitlock",)
    assert people(bare) == ("Ben Osei",)


@pytest.mark.parametrize(
    ("found", "best"),
    [
        (["text/plain", "application/x-subrip", "text/html", "text/vtt", "application/json"], "application/json"),
        (["text/plain", "application/srt", "text/html"], "text/html"),
        (["text/plain", "text/srt"], "text/srt"),
        (["application/pdf"], None),
        ([], None),
    ],
)
def test_the_transcript_that_tells_most_of_who_speaks(found: list[str], best: str | None) -> None:
    chosen = best_transcript([transcript(kind) for kind in found], "en")
    assert (chosen.type if chosen else None) == best


def test_the_language_of_the_channel_goes_first() -> None:
    french, english = transcript("application/json", "fr"), transcript("text/plain", "en-US")
    assert best_transcript([french, english], "en") is english
    assert best_transcript([french], "en") is french
    assert best_transcript([french, english], None) is french


def test_without_a_type_the_address_tells() -> None:
    vtt, unknown = transcript("", url="https://a.example/t.VTT?x=1"), transcript("", url="https://a.example/t")
    assert best_transcript([unknown, vtt], None) is vtt
    assert best_transcript([unknown], None) is None
