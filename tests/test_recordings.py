"""Seconds of recordings: found by offset, written for people, as addresses."""

from __future__ import annotations

import pytest

from kb.recordings import clock, moment_url, second_at


@pytest.mark.parametrize(
    ("offset", "second"), [(0, None), (4, None), (5, 0), (39, 0), (40, 75), (41, 75), (90, 70), (10_000, 70)]
)
def test_the_second_told_last_before_an_offset(offset: int, second: int | None) -> None:
    assert second_at(((5, 0), (40, 75), (90, 70)), offset) == second
    assert second_at((), offset) is None


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00:00"), (59, "0:00:59"), (723, "0:12:03"), (3600, "1:00:00"), (90_000, "25:00:00")]
)
def test_a_time_as_people_read_it(seconds: int, shown: str) -> None:
    assert clock(seconds) == shown


@pytest.mark.parametrize(
    ("recording", "page", "address"),
    [
        ("https://c.example/41.mp3?a=b%20c", "https://n.example/41", "https://c.example/41.mp3?a=b%20c#t=75"),
        ("https://c.example/41.mp3#t=3", None, "https://c.example/41.mp3#t=75"),
        ("https://youtu.be/AbC-1_x?si=k", None, "https://youtu.be/AbC-1_x?si=k&t=75s"),
        (None, "https://www.youtube.com/watch?v=AbC&t=9s", "https://www.youtube.com/watch?v=AbC&t=75s"),
        (None, "https://m.youtube.com/live/AbC#x", "https://m.youtube.com/live/AbC?t=75s"),
        ("https://youtu.be/AbC", "https://youtu.be/other", "https://youtu.be/AbC?t=75s"),
        (None, "https://www.youtube.com/@channel", None),
        (None, "https://www.youtube.com/watch", None),
        (None, "https://youtu.be/", None),
        (None, "https://youtube.com.evil.example/watch?v=AbC", None),
        (None, "https://n.example/41", None),
        ("javascript:alert(1)", None, None),
        ("file:///41.mp3", None, None),
        ("https://[bad/41.mp3", None, None),
        (None, None, None),
    ],
)
def test_the_address_of_a_second_is_never_invented(
    recording: str | None, page: str | None, address: str | None
) -> None:
    assert moment_url(75, recording=recording, page=page) == address
    assert moment_url(None, recording=recording, page=page) is None
