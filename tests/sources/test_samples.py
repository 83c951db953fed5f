"""Every fixture with an expectation beside it: ``rss.xml`` and ``rss.xml.expected.json``.

``tests/data/samples`` are the formats in their usual form, ``tests/data/sources`` what goes wrong with them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from reading import MAX_BYTES, NOW, shown

import sources
from kb.errors import InputError
from kb.types import Payload
from sources.files import payloads

DATA = Path(__file__).parent.parent / "data"
EXPECTED = sorted(path for folder in ("samples", "sources") for path in (DATA / folder).rglob("*.expected.json"))


def payload_of(path: Path) -> Payload:
    (found,) = payloads(path, NOW, MAX_BYTES)
    assert isinstance(found, Payload)
    return found


@pytest.mark.parametrize("expectation", EXPECTED, ids=lambda path: path.name.removesuffix(".expected.json"))
def test_a_fixture_gives_exactly_what_stands_beside_it(expectation: Path) -> None:
    fixture = expectation.with_name(expectation.name.removesuffix(".expected.json"))
    expected = json.loads(expectation.read_text(encoding="utf-8"))
    payload = payload_of(fixture)
    assert sources.detect(payload) == expected["format"]
    items = [shown(item, fixture.parent) for item in sources.read_documents(payload)]
    assert items == expected["items"]
    again = [shown(item, fixture.parent) for item in sources.read_documents(payload_of(fixture))]
    assert again == items


def test_there_are_expectations() -> None:
    assert len(EXPECTED) >= 20


@pytest.mark.parametrize("name", ["account.js", "profile.js", "note-tweet.js"])
def test_a_file_that_accompanies_posts_is_no_document(name: str) -> None:
    with pytest.raises(InputError, match=r"posts are read from tweets\.js"):
        list(sources.read_documents(payload_of(DATA / "samples" / name)))
