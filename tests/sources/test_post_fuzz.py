"""Posts of any shape give documents, skipped items or one clear error; never another exception."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import payload
from test_samples import DATA

import sources
from kb.errors import InputError
from kb.ingest.prepare import prepare
from kb.types import Author, Payload, RawDocument, Skipped

DEEP = json.loads("[" * 300 + "]" * 300)
ODD: list[Any] = [None, True, -1, 0, 10**30, 1e308, "", " ", "x", "\ud800", "²", "1" * 30, "\0", [], {}, [[]], [None]]
ODD += [DEEP, {"id": {}}, "https://[bad", "https://x.com/\ud800", "did:x", "<p", "&#xFFFFFFF;", "1970-01-01T00:00:00Z"]
ODD += ["9999-99-99", "99999999999999999999", "RT @x: y", "#reasonRepost", "as:Public", ["as:Public"], "2026-02-03"]
ODD = [json.dumps(value) for value in ODD]  # so that each use is its own

JSON = ("samples/x_api_v2.json", "sources/x/version1.json", "samples/outbox.json", "sources/mastodon/outbox.json")
JSON += ("samples/mastodon_statuses.json", "sources/mastodon/statuses.json", "samples/bsky_author_feed.json")
JSON += ("sources/bluesky/feed.json", "samples/tweets.js", "sources/x/tweets.js", "sources/x/tweets-part1.js")
TEXT = ("samples/Shares.csv", "samples/Comments.csv", "sources/linkedin/Shares.csv", "sources/linkedin/Comments.csv")
TEXT += ("samples/linkedin_post.html", "sources/linkedin/company_page.html", "sources/linkedin/card_page.html")
TEXT += ("samples/linkedin_article.html", "samples/mastodon.rss", "sources/mastodon/account.rss")
TEXT += ("samples/bsky_profile.rss", "sources/bluesky/older.rss", "sources/x/pages.jsonl")
BESIDE = ("sources/x/account.js", "sources/x/note-tweet.js", "sources/mastodon/actor.json")
SCRAPS = [
    '"',
    "'",
    "\n",
    ",",
    "<",
    ">",
    "<p>",
    "</p>",
    "{",
    "}",
    "[",
    "]",
    "\\",
    "\0",
    "&amp;",
    "😀",
    "\r",
    "<!--",
    "=",
]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "15"))
fuzz = settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])


def outcome(data: str, name: str, beside: dict[str, bytes] | None = None) -> None:
    """Read, and check what comes out; raises what is no InputError."""
    given = Payload(
        data=data.encode("utf-8", "replace"),
        name=name,
        fetched_at=payload("").fetched_at,
        sibling=(beside or {}).get,
    )
    for item in read_or_refuse(given, Author(name="Somebody")):
        if isinstance(item, Skipped):
            assert item.item
            assert item.reason
        else:
            check(item)


def read_or_refuse(
    given: Payload, speaker: Author | None = None, kind: str | None = None
) -> list[RawDocument | Skipped]:
    """Nothing for an input that is refused, in the one way in which it may be."""
    try:
        return list(sources.read_documents(given, speaker=speaker, kind=kind))
    except InputError:
        return []


def check(post: RawDocument) -> None:
    assert post.external_id
    assert post.published_at is None or post.published_at.tzinfo is not None
    assert (post.published_at is None) == (post.published_precision == "unknown")
    assert post.kind != "post" or post.url is None or re.fullmatch(r"https?://\S+", post.url)
    if post.text.strip():
        try:
            prepare(post)
        except InputError:  # nothing readable is left: control characters only
            assert not post.text.isprintable()


@st.composite
def mutated(draw: st.DrawFn, name: str) -> str:
    """A JSON fixture in which up to three values were replaced, removed or wrapped."""
    source = (DATA / name).read_text(encoding="utf-8")
    start, _, body = source.partition("=") if source.startswith("window.") else ("", "", source)
    root = json.loads(body)
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(places(root)))
        change = draw(st.sampled_from(["replace", "replace", "remove", "wrap"]))
        if change == "remove":
            del holder[key]
        else:
            holder[key] = [holder[key]] if change == "wrap" else json.loads(draw(st.sampled_from(ODD)))
        if not root:
            break
    return (f"{start}= " if start else "") + json.dumps(root)


def places(root: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) below ``root``, itself wrapped so that there is one."""
    found: list[tuple[Any, Any]] = []
    waiting = [root]
    while waiting and len(found) < 2000:
        node = waiting.pop()
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        found += [(node, key) for key in keys]
        waiting += [node[key] for key in keys if isinstance(node[key], dict | list)]
    return found or [([root], 0)]


@pytest.mark.parametrize("name", JSON)
@fuzz
@given(data=st.data())
def test_json_of_any_shape(name: str, data: st.DataObject) -> None:
    folder = (DATA / name).parent
    beside = {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".js", ".json")}
    outcome(data.draw(mutated(name)), name, beside)


@pytest.mark.parametrize("name", BESIDE)
@fuzz
@given(data=st.data())
def test_files_beside_of_any_shape(name: str, data: st.DataObject) -> None:
    main = DATA / Path(name).parent / ("outbox.json" if "mastodon" in name else "tweets.js")
    beside = {Path(name).name: data.draw(mutated(name)).encode("utf-8", "replace")}
    outcome(main.read_text(encoding="utf-8"), main.name, beside)


@pytest.mark.parametrize("name", TEXT)
@fuzz
@given(data=st.data())
def test_text_that_is_cut_and_torn(name: str, data: st.DataObject) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 200)))
        text = text[:start] + data.draw(st.sampled_from(["", *SCRAPS])) + text[end:]
    folder = (DATA / name).parent
    outcome(text, name, {path.name: path.read_bytes() for path in folder.glob("P*.csv")})


@pytest.mark.parametrize("kind", ["x", "x-api", "linkedin", "mastodon", "bluesky"])
@pytest.mark.parametrize(
    "data", ["", "null", "[]", "{}", "7", '"x"', "[" * 50_000, "{", "window.YTD.tweets.part0 =", "\0"]
)
def test_a_format_that_is_forced_on_something_else(kind: str, data: str) -> None:
    items = read_or_refuse(payload(data, "odd"), kind=kind)
    assert not any(isinstance(item, RawDocument) for item in items)
