"""Where in a recording something was said: the second, as people read it and as an address. Pure."""

from __future__ import annotations

from bisect import bisect_right
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from kb.types import Times

_YOUTUBE = frozenset(["youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"])
_SHORT = "youtu.be"


def second_at(times: Times, offset: int) -> int | None:
    """The last second that a transcript tells up to that offset of its text; None before the first."""
    before = bisect_right(times, offset, key=lambda time: time[0])
    return times[before - 1][1] if before else None


def clock(seconds: int) -> str:
    """``0:12:03``."""
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def moment_url(at: int | None, *, recording: str | None, page: str | None) -> str | None:
    """The address of a second of a recording: on YouTube as is usual there, else a media fragment (W3C).

    ``page`` is the recording's page, of use where that is a video on YouTube. None where no address is known.
    """
    for url in filter(None, (recording, page)):
        parts = _parts(url)
        if at is None or parts is None:
            continue
        if _is_video_page(parts):
            query = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("t", "start")]
            return parts._replace(query=urlencode([*query, ("t", f"{at}s")]), fragment="").geturl()
        if url == recording:
            return parts._replace(fragment=f"t={at}").geturl()
    return None


def _parts(url: str) -> SplitResult | None:
    """None for what is no web address."""
    try:
        parts = urlsplit(url)
        return parts if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _is_video_page(parts: SplitResult) -> bool:
    if parts.hostname == _SHORT:
        return len(parts.path) > 1
    watched = parts.path == "/watch" and "v" in dict(parse_qsl(parts.query))
    return parts.hostname in _YOUTUBE and (watched or parts.path.startswith("/live/"))
