"""PDF files, made here by reportlab."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reading import payload, read, read_one
from reportlab.pdfgen.canvas import Canvas

import sources
from kb.errors import InputError
from kb.types import Skipped
from sources import pdf
from sources.workers import Workers
from sources.wrapped import unwrap

BODY = (
    "Norvane Freight does not expect parcel volumes to grow before the middle",
    "of 2027, finance chief Marta Iliescu told analysts. The company will invest-",
    "ment by investment extend its long-",
    "term plan, she said.",
)


def make(*pages: tuple[str, ...], title: str = "", author: str = "") -> bytes:
    """A PDF with these lines on its pages."""
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(72, 760 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_the_words_of_the_pages_are_one_text() -> None:
    data = make(BODY, ("“We would rather be boring than wrong,” she added.",), title="Outlook", author="Norvane")
    document = read_one(data, "outlook.pdf")
    assert sources.detect(payload(data)) == "pdf"
    assert document.text == (
        "Norvane Freight does not expect parcel volumes to grow before the middle of 2027, finance chief Marta Iliescu "
        "told analysts. The company will investment by investment extend its longterm plan, she said.\n"
        "“We would rather be boring than wrong,” she added."
    )
    assert (document.title, document.author, document.kind) == ("Outlook", "Norvane", "file")


def test_the_date_is_that_of_the_file_and_says_so() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make(BODY))))
    writer.add_metadata({"/CreationDate": "D:20260203073000+01'00'", "/Title": "Microsoft Word - draft.docx"})
    out = io.BytesIO()
    writer.write(out)
    document = read_one(out.getvalue(), "a.pdf")
    assert document.published_at == dt.datetime(2026, 2, 3, tzinfo=dt.UTC)
    assert document.published_precision == "day"
    assert document.notes == ("dated by the day on which the PDF was made",)
    assert document.title == "a"


def test_running_heads_and_page_numbers_are_left_out() -> None:
    texts = (
        "Revenue will grow in 2027.",
        "Costs will not.",
        "Parcels stay flat.",
        "That is all that we know of now, friends.",
    )
    pages = [(f"Annual report 2025 | {n}", text, f"Page {n} of 4") for n, text in enumerate(texts, 1)]
    assert read_one(make(*pages)).text.split("\n") == list(texts)


def test_a_line_on_two_pages_of_two_is_no_running_head() -> None:
    assert read_one(make(("We expect growth in the coming year.",), ("We expect growth in the coming year.",))).text


def test_pictures_of_pages_have_no_text() -> None:
    (skipped,) = read(make((), ()), "scan.pdf")
    assert isinstance(skipped, Skipped)
    assert skipped.failed
    assert "text recognition" in skipped.reason


def encrypted(user_password: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make(BODY))))
    writer.encrypt(user_password, "owner", algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_an_encrypted_file_is_one_clear_error() -> None:
    with pytest.raises(InputError, match=r"secret\.pdf: it is encrypted; save a copy without password"):
        read(encrypted("secret", "RC4-128"), "secret.pdf")


def test_a_file_that_everybody_may_read_is_read() -> None:
    assert "parcel volumes" in read_one(encrypted("", "RC4-128")).text


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.7\n" + b"rubbish " * 99, make(BODY)[:300]])
def test_a_damaged_file_is_one_clear_error(data: bytes) -> None:
    with pytest.raises(InputError, match="cannot read input: "):
        read(data)


def test_a_long_file_is_read_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MAX_PAGES", 2)
    document = read_one(make(("One expects growth.",), ("Two expects no growth in here at all.",), ("Three",)))
    assert document.text == "One expects growth.\nTwo expects no growth in here at all."
    assert document.notes[0] == "the first 2 of 3 pages"


def test_it_is_read_in_a_process_of_its_own() -> None:
    with Workers(seconds=60) as workers:
        (document,) = sources.read_documents(payload(make(BODY), "a.pdf"), workers=workers)
    assert document == read_one(make(BODY), "a.pdf")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=20), st.integers(0, 10_000))
def test_damage_is_an_input_error_or_a_document(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(make(BODY, BODY))
    for at, byte in changes:
        data[at % len(data)] = byte
    try:
        list(pdf.read(payload(bytes(data[: max(len(data) - cut % 200, 20)]))))
    except InputError as error:
        assert "cannot read input" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["We plan a large invest-", "ment this year."], "We plan a large investment this year."),
        (["Our long-term plan is long-", "term, as they say."], "Our long-term plan is long-term, as they say."),
        (["Made by Rolls-", "Royce in a large plant."], "Made by Rolls-Royce in a large plant."),
        (["soft\u00ad", "ware is what we sell today"], "software is what we sell today"),
        (["A headline", "The first sentence goes on", "and on. And then it also", "ends."],
         "A headline\nThe first sentence goes on and on. And then it also ends."),
        (["First paragraph here, with", "an end.", "", "Second paragraph of it."],
         "First paragraph here, with an end.\n\nSecond paragraph of it."),
        (["A list of what we plan:", "- first of all, a product", "- second of all, another"],
         "A list of what we plan:\n- first of all, a product\n- second of all, another"),
        ([], ""),
    ],
)  # fmt: skip
def test_lines_become_paragraphs(lines: list[str], text: str) -> None:
    assert unwrap(lines) == text


@given(st.lists(st.text(alphabet="ab -.\u00ad", max_size=20)))
def test_unwrapping_loses_no_letter(lines: list[str]) -> None:
    letters = [c for line in lines for c in line if c in "ab"]
    assert [c for c in unwrap(lines) if c in "ab"] == letters
