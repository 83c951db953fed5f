"""Addresses as identities: which of two spellings are one page."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

from kb.types import Payload

# Parameters that say how a reader came, not what is read. Our own list: courlan's also takes ``source=``, ``ref=``,
# ``gl..=`` and ``ga..=``, which are content on some sites, and two pages in one are worse than one page twice.
_TRACKERS = re.compile(
    r"^(?:utm_.*|mtm_.*|pk_.*|at_.*|mc_[ce]id|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid?|"
    r"_ga|_gl|ocid|cmpid|xtor|smid|smtyp|partner|ref_src|ref_url|share_?id|amp|outputtype)$",
    re.IGNORECASE,
)
_HOST_PREFIXES = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_SAME_HOST = {"twitter.com": "x.com"}
_CASELESS_PATHS = frozenset(["x.com"])
_AMP_SUFFIX = re.compile(r"/amp/?$", re.IGNORECASE)
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@")
"""Characters that mean the same escaped or not in a path (RFC 3986, ``pchar``)."""


def canonical_url(url: str) -> str:
    """The identity of a web page: equal for spellings that show the same page. For matching, not for fetching.

    Leaves out scheme differences, ``www.``/``m.``/``amp.``, default port, trackers, fragment (unless ``#!``), ``/amp``
    and trailing slash; sorts the query; unifies escapes. What is not an http(s) URL comes back unchanged.
    """
    from courlan import clean_url  # lazy: it brings urllib3 and a list of domains

    try:
        parts = urlsplit(url.strip())
        cleaned = clean_url(urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")))
        parts = parts._replace(netloc=_host(urlsplit(cleaned or "")), path=urlsplit(cleaned or "").path)
    except ValueError:  # a bracket or port that is none
        return url
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return url
    scheme = "http" if ":" in parts.netloc and parts.scheme.lower() == "http" else "https"
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit((scheme, parts.netloc, _path(parts), _query(parts.query), fragment))


def without_trackers(url: str) -> str:
    """The address without what tells how a reader came to it; otherwise as it was written."""
    address, question, rest = url.partition("?")
    query, sharp, fragment = rest.partition("#")
    kept = "&".join(pair for pair in query.split("&") if not _TRACKERS.match(pair.partition("=")[0]))
    return address + (question if kept else "") + kept + sharp + fragment


def host_of(url: str | None) -> str | None:
    """The host without ``www.``, for showing and comparing; None without a URL."""
    try:
        return _host(urlsplit(url)).partition(":")[0] or None if url else None
    except ValueError:
        return None


def resolve(base: str | None, link: str | None) -> str | None:
    """The http(s) address that ``link`` stands for on a page at ``base``; None when it stands for none."""
    try:
        url = urljoin(base or "", (link or "").strip()) if link else ""
        urlsplit(url)  # without a base nothing was read yet
    except ValueError:  # "http://[bad"
        return None
    return url if re.match(r"https?://[^/]", url, re.IGNORECASE) else None


def identity(payload: Payload, url: str | None = None) -> str:
    """The ``external_id`` of a payload that is one document: its address, else the file's place.

    In an archive that is the place where unpacking puts it: ``talks/a.txt`` in ``talks.zip`` and in ``talks``.
    """
    url = url or payload.url
    if url:
        return canonical_url(url)
    place, holder = payload.name, payload.container
    if holder and place.startswith(holder):
        place = _unpacked(Path(holder)) + place[len(holder) :]
    return Path(place).absolute().as_uri()


def _unpacked(archive: Path) -> str:
    """The folder or file that an archive is unpacked to."""
    return str(archive.with_suffix("")).removesuffix(".tar")


def _host(parts: SplitResult) -> str:
    host = _HOST_PREFIXES.sub("", parts.netloc.lower().rpartition("@")[2])
    return _SAME_HOST.get(host, host)


def _path(parts: SplitResult) -> str:
    path = _AMP_SUFFIX.sub("", _ESCAPE.sub(_unify_escape, parts.path)).rstrip("/")
    path = quote(path, safe="/%" + "".join(_PLAIN))
    return path.lower() if parts.netloc in _CASELESS_PATHS else path


def _unify_escape(match: re.Match[str]) -> str:
    letter = unquote(match[0], errors="replace")
    return letter if letter in _PLAIN else match[0].upper()


def _query(query: str) -> str:
    """The query without trackers, sorted. Not by courlan, which loses parameters without a value (``?4711``)."""
    kept = [(key, value) for key, value in parse_qsl(query, keep_blank_values=True) if not _TRACKERS.match(key)]
    return "&".join(quote(key) + (f"={quote(value)}" if value else "") for key, value in sorted(kept))
