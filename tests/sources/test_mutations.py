"""Damaged samples: whatever is cut, doubled or overwritten, there are documents, skipped items or one clear error."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reading import payload

import sources
from kb.errors import InputError
from kb.types import Payload, RawDocument, Skipped

DATA = Path(__file__).parent.parent / "data"
FIXTURES = sorted(
    path
    for folder in ("samples", "sources")
    for path in (DATA / folder).iterdir()
    if path.suffix in (".xml", ".atom", ".opml", ".json", ".json3", ".html", ".vtt", ".srt", ".txt")
    and ".expected" not in path.name
)
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10"))
"""Per fixture; more are for a fuzzing run."""

TRICKY = (b"", b"<", b">", b'"', b"{", b"}", b"[", b"null", b"-1", b"1e999", b"\xff", b"\x00", b"&", b"]]>", b"<!--")
TOUCHES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 60), st.sampled_from(TRICKY) | st.binary(max_size=4)), max_size=6
)


def damaged(data: bytes, touches: list[tuple[float, int, bytes]]) -> bytes:
    """``data`` with the bytes at each place (a share of the length) replaced by others."""
    for share, length, instead in touches:
        at = int(share * len(data))
        data = data[:at] + instead + data[at + length :]
    return data


def outcome(given_: Payload) -> list[RawDocument | Skipped]:
    """What was read; nothing for an input that is refused, in the one way in which it may be."""
    try:
        return list(sources.read_documents(given_))
    except InputError:
        return []


@pytest.mark.parametrize("fixture", FIXTURES, ids=lambda path: path.name)
@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
@given(touches=TOUCHES, at_url=st.booleans())
def test_a_damaged_file_gives_documents_or_one_clear_error(
    fixture: Path, touches: list[tuple[float, int, bytes]], at_url: bool
) -> None:
    url = "https://quay.example/2026/02/05/story-of-the-day" if at_url else None
    for item in outcome(payload(damaged(fixture.read_bytes(), touches), "my-input", url=url)):
        assert isinstance(item, RawDocument | Skipped)
        if isinstance(item, RawDocument):
            assert item.external_id
            assert all(0 <= turn.start < turn.end <= len(item.text) for turn in item.turns)
