"""Bytes to text: which encoding a document is in, whatever it says."""

from __future__ import annotations

import codecs
import re

from kb.types import Payload

HEAD_BYTES = 4096
"""How far into a document a declaration of its encoding may stand; browsers look at 1024 bytes, pages at more."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATIONS = (
    re.compile(rb"""^\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]+)"""),
    re.compile(rb"""<meta[^>]{0,200}?\bcharset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE),
)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)

# Labels that mean a larger encoding in practice (WHATWG Encoding Standard, section 4.2), by Python codec name.
_AS_BROWSERS_READ = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_NO_TEXT = frozenset(
    "base64 bz2 hex quopri rot-13 uu zlib idna punycode raw-unicode-escape undefined unicode-escape".split()
)
"""Python's codecs that no document is in, whatever it says; some take quadratic time."""
_SEVEN_BIT = ("iso2022", "hz", "utf-7")
"""Encodings whose every byte sequence is also valid UTF-8, so that only the declaration can tell."""


def decode(payload: Payload) -> str:
    """The payload as text, without a byte order mark. Never fails: bytes that fit no encoding become U+FFFD.

    Order: byte order mark, valid UTF-8, the declared encoding, a detector, windows-1252. UTF-8 goes before the
    declaration because text in another encoding is practically never valid UTF-8, and wrong declarations are common.
    """
    data = payload.data
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    declared = declared_encoding(payload)
    for name in _candidates(data, declared):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    # Windows-1252 leaves five bytes undefined; a mostly readable text is worth more than none.
    return data.decode("utf-8" if declared == "utf-8" else "cp1252", "replace")


def head(payload: Payload, size: int = HEAD_BYTES) -> str:
    """The first ``size`` bytes as text, for looking at, not for reading; a cut letter at the end is dropped."""
    for mark, encoding in _BOMS:
        if payload.data.startswith(mark):
            return payload.data[:size].decode(encoding, "ignore").removeprefix("\ufeff")
    return payload.data[:size].decode("utf-8", "ignore")


def declared_encoding(payload: Payload) -> str | None:
    """Python's name of the encoding that the HTTP header, the XML declaration or a ``<meta>`` tag names."""
    labels = [match[1] for match in [_HEADER_CHARSET.search(payload.content_type or "")] if match]
    found = (pattern.search(payload.data[:HEAD_BYTES]) for pattern in _DECLARATIONS)
    labels.extend(match[1].decode("ascii") for match in found if match)
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except LookupError:
            continue
        if name in _NO_TEXT:
            continue
        return _AS_BROWSERS_READ.get(name, name)
    return None


def _candidates(data: bytes, declared: str | None) -> list[str]:
    guesses = [name for name in (declared, _detected(data) if declared is None else None, "cp1252") if name]
    ambiguous = b"\0" in data or (declared or "").startswith(_SEVEN_BIT)
    return [*guesses, "utf-8"] if ambiguous else ["utf-8", *guesses]


def _detected(data: bytes) -> str | None:
    """A detector's guess, only where it has enough text: on short Western texts it mistakes cp1252 for cp1250."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return None
    if len(data) < HEAD_BYTES:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 16 * HEAD_BYTES]).best()
    return best.encoding if best else None
