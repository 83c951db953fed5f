"""PDF files: the words of their pages as one text, by pypdf."""

from __future__ import annotations

import io
import logging
import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kb.errors import InputError
from kb.text import clean_text
from kb.types import Payload, RawDocument, Skipped
from sources.times import Moment, parse_moment
from sources.urls import canonical_url, identity
from sources.wrapped import FULL, unwrap

if TYPE_CHECKING:
    from pypdf import PdfReader

NAME = "pdf"
MAX_PAGES = 500
"""An annual report has 400; what is longer is a book or hostile."""
EDGE_LINES = 2
"""Lines at the head and foot of a page that may be there on every page."""
RUNNING_SHARE = 0.5
"""A line at the edge of so many of all pages is a running head: left and right pages may have different ones."""
FEWEST_PAGES = 3
"""With fewer pages nothing can be told to run through all of them."""
FEWEST_LETTERS = 20
"""Letters that a file needs to count as text; scanned pages may carry a stamp."""

_MAGIC_WITHIN = 1024
"""Bytes before ``%PDF`` that readers put up with (ISO 32000-1, annex H, note 13)."""
_DATE = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint) - )|untitled|.*\.(?:docx?|pptx?|indd|pdf|tex|qxd)$", re.IGNORECASE
)
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.)?\s*\d{1,4}(?:\s*(?:/|of|von|sur|de)\s*\d{1,4})?|[ivxl]{1,6}", re.IGNORECASE
)
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What pypdf raises for damaged and hostile files besides its own errors."""


def matches(payload: Payload) -> bool:
    """``%PDF-`` near the start."""
    return b"%PDF-" in payload.data[:_MAGIC_WITHIN]


def read(payload: Payload) -> Iterator[RawDocument | Skipped]:
    """One document: the text of the pages without running heads, lines made paragraphs again.

    Raises InputError for a file that is encrypted or damaged.
    """
    reader = _open(payload)
    pages, remarks = _pages(reader, payload)
    lines = [line for page in _without_running_heads(pages) for line in page]
    text = unwrap(lines, slack=FULL)
    if sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        reason = "no text in it, only pictures of pages? Run text recognition over it (ocrmypdf) and add the result"
        yield Skipped(payload.name, reason, failed=True)
        return
    information = _information(reader)
    made = _made(information, payload)
    title = information.get("/Title", "")
    yield RawDocument(
        external_id=identity(payload),
        kind="file",
        text=text,
        url=payload.url,
        canonical_url=canonical_url(payload.url) if payload.url else None,
        title=None if _NO_TITLE.match(title) else title or None,
        author=information.get("/Author") or None,
        published_at=made.at if made else None,
        published_precision=made.precision if made else "unknown",
        notes=(*remarks, *(["dated by the day on which the PDF was made"] if made else [])),
    )


def _open(payload: Payload) -> PdfReader:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    # It reports oddities of every second file on the console; what matters is a result here.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(payload.data))
        # Many reports may be read by everybody but not changed: encrypted, with an empty password.
        locked = reader.is_encrypted and not reader.decrypt("")
    except DependencyError:
        locked = True
    except (PyPdfError, *_FAULTS) as error:
        raise InputError(f"cannot read {payload.name}: damaged PDF ({error or type(error).__name__})") from error
    if locked:
        raise InputError(f"cannot read {payload.name}: it is encrypted; save a copy without password and add that")
    return reader


def _pages(reader: PdfReader, payload: Payload) -> tuple[list[list[str]], list[str]]:
    """Lines of each page, and remarks on pages that are missing. Raises InputError when there are no pages."""
    from pypdf.errors import PyPdfError

    pages, missing = [], []
    try:
        total = len(reader.pages)
    except (PyPdfError, *_FAULTS) as error:
        raise InputError(f"cannot read {payload.name}: damaged PDF ({error or type(error).__name__})") from error
    for number in range(min(total, MAX_PAGES)):
        try:
            pages.append(clean_text(reader.pages[number].extract_text()).split("\n"))
        except (PyPdfError, *_FAULTS):
            missing.append(str(number + 1))
    if not pages:
        raise InputError(f"cannot read {payload.name}: no page of it can be read")
    remarks = [f"pages that could not be read: {', '.join(missing)}"] if missing else []
    if total > MAX_PAGES:
        remarks.append(f"the first {MAX_PAGES} of {total} pages")
    return pages, remarks


def _without_running_heads(pages: Sequence[list[str]]) -> Iterator[list[str]]:
    """The pages without the lines at their edges that are on most of them, and without page numbers."""
    edges = [{_pattern(line) for line in (*page[:EDGE_LINES], *page[-EDGE_LINES:])} for page in pages]
    counts = Counter(pattern for edge in edges for pattern in edge)
    often = max(FEWEST_PAGES, RUNNING_SHARE * len(pages))
    running = {pattern for pattern, count in counts.items() if count >= often}

    def runs(line: str) -> bool:
        return not line.strip() or _pattern(line) in running or bool(_PAGE_NUMBER.fullmatch(line.strip()))

    for page in pages:
        start, end = 0, len(page)
        while start < min(EDGE_LINES, end) and runs(page[start]):
            start += 1
        while end > max(start, len(page) - EDGE_LINES) and runs(page[end - 1]):
            end -= 1
        yield page[start:end]


def _pattern(line: str) -> str:
    """A line without its numbers: "Annual report 2025 | 17" is the same on every page."""
    return re.sub(r"\d+", "0", " ".join(line.split()))


def _information(reader: PdfReader) -> dict[str, str]:
    """Title, author and date as the file states them."""
    from pypdf.errors import PyPdfError

    try:
        stated = dict(reader.metadata or {})
        return {
            key: " ".join(clean_text(str(stated.get(key) or "")).split())
            for key in ("/Title", "/Author", "/CreationDate")
        }
    except (PyPdfError, *_FAULTS):
        return {}


def _made(information: dict[str, str], payload: Payload) -> Moment | None:
    date = _DATE.match(information.get("/CreationDate", ""))
    return parse_moment("-".join(date.groups()), payload.fetched_at) if date else None
