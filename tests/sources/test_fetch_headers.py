"""What headers say about when to come again."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.fetch.headers import MAX_AGE, MAX_RETRY_AFTER, fresh_for, pairs, retry_after

NOW = dt.datetime(2026, 2, 3, 7, 30, tzinfo=dt.UTC)
DATE = ("Date", "Tue, 03 Feb 2026 08:00:00 GMT")


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ([("Retry-After", "120")], 120),
        ([("retry-after", " 120 ")], 120),
        ([("Retry-After", "999999999999")], MAX_RETRY_AFTER.total_seconds()),
        ([("Retry-After", "Tue, 03 Feb 2026 07:40:00 GMT")], 600),
        ([("Retry-After", "Tue, 03 Feb 2026 08:00:30 GMT"), DATE], 30),  # the server's clock counts
        ([("Retry-After", "Tuesday, 03-Feb-26 07:40:00 GMT")], 600),  # the two old forms of HTTP dates
        ([("Retry-After", "Tue Feb  3 07:40:00 2026")], 600),
        ([("Retry-After", "Tue, 03 Feb 2026 08:40:00 +0100")], 600),
        ([("Retry-After", "Tue, 03 Feb 2126 07:40:00 GMT")], MAX_RETRY_AFTER.total_seconds()),
        ([("Retry-After", "Tue, 03 Feb 2026 07:20:00 GMT")], None),
        ([("Retry-After", "Tue, 03 Feb 2026 07:40:00 GMT"), ("Date", "now")], 600),
        *(([("Retry-After", text)], None) for text in ("", "0", "-5", "1.5", "1e3", "soon", "²", "1" * 5_000, "99:99")),
        ([], None),
    ],
)
def test_retry_after(lines: list[tuple[str, str]], seconds: float | None) -> None:
    wait = retry_after(tuple(lines), NOW)
    assert (wait.total_seconds() if wait else None) == seconds


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ([("Cache-Control", "public, max-age=3600")], 3600),
        ([("cache-control", "public"), ("Cache-Control", 'Max-Age="60"')], 60),
        ([("Cache-Control", "max-age=60"), ("Expires", "Tue, 03 Feb 2026 09:30:00 GMT")], 60),
        ([("Cache-Control", "max-age=99999999999")], MAX_AGE.total_seconds()),
        ([("Cache-Control", "max-age=60, no-cache")], 0),
        ([("Cache-Control", "no-store")], 0),
        ([("Cache-Control", "s-maxage=60")], None),
        ([("Cache-Control", "max-age=soon")], None),
        ([("Expires", "Tue, 03 Feb 2026 08:30:00 GMT")], 3600),
        ([("Expires", "Tue, 03 Feb 2026 08:30:00 GMT"), DATE], 1800),
        ([("Expires", "Tue, 03 Feb 2020 08:30:00 GMT")], 0),
        ([("Expires", "0")], 0),
        ([], None),
    ],
)
def test_how_long_an_answer_stays_fresh(lines: list[tuple[str, str]], seconds: float | None) -> None:
    age = fresh_for(tuple(lines), NOW)
    assert (None if age is None else age.total_seconds()) == seconds


@given(st.text(max_size=60) | st.text("0123456789:, -+GMTFebuTus", max_size=40))
def test_nonsense_is_never_an_error_and_never_too_long(text: str) -> None:
    lines = tuple((name, text) for name in ("Retry-After", "Date", "Expires", "Cache-Control"))
    wait, age = retry_after(lines, NOW), fresh_for(lines, NOW)
    assert wait is None or dt.timedelta() < wait <= MAX_RETRY_AFTER
    assert age is None or dt.timedelta() <= age <= MAX_AGE


@given(st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=20))))
def test_bytes_survive_being_text(raw: list[tuple[bytes, bytes]]) -> None:
    assert [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs(raw)] == raw
