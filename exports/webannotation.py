"""W3C Web Annotation: one annotation per report, on its words in the document; ``schemas/webannotation.json``.

Positions count Unicode code points of OUR clean text, whose SHA-256 is ``textSha256``; quotes with 32 characters before
and after find the words again on the live page. Words in several pieces are several targets, in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from exports import Rows
from exports.rows import reports_in_order, statements_in_order, utc_text, write_json
from exports.wording import web_link
from kb.text import fingerprint
from kb.types import Report, Span, StatementRow, TimelineEntry

ROWS: Rows = "context"

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"textSha256": "urn:onrecord:textSha256"}]

AROUND = 32
"""Characters before and after a quote, as the annotation tools of the Web have it."""


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str) -> int:
    """Write one collection of one page: an annotation per report of each statement."""
    statements = statements_in_order(entries)
    items = [_annotation(row, report) for row in statements for report in reports_in_order(row)]
    identity = f"urn:onrecord:annotations:{fingerprint([title])}"
    page = {"id": f"{identity}:1", "type": "AnnotationPage", "startIndex": 0, "items": items}
    collection = {"id": identity, "type": "AnnotationCollection", "label": title, "total": len(items), "first": page}
    write_json({"@context": CONTEXT, **collection}, out)
    return len(items)


def pieces(report: Report) -> Iterator[tuple[Span, str]]:
    """Each span of a report with its words."""
    at = 0
    for start, end in report.content:
        yield (start, end), report.words[at : at + end - start]
        at += end - start + 1  # words_at joins them with one space


def _annotation(statement: StatementRow, report: Report) -> dict[str, Any]:
    where = [str(number) for span in report.content for number in span]
    annotation: dict[str, Any] = {
        "id": f"urn:onrecord:annotation:{fingerprint([statement.fingerprint, _source(report), *where])}",
        "type": "Annotation",
        "motivation": "describing",
        "body": list(_bodies(statement)),
        "target": [_target(report, span, words) for span, words in pieces(report)],
    }
    if report.extractor:
        annotation["generator"] = {"type": "Software", "name": report.extractor}
    if report.extracted_at:
        annotation["created"] = utc_text(report.extracted_at)
    return annotation


def _bodies(statement: StatementRow) -> Iterator[dict[str, str]]:
    yield {"type": "TextualBody", "purpose": "classifying", "value": statement.kind}
    if statement.speaker:
        yield {"type": "TextualBody", "purpose": "identifying", "value": statement.speaker}
    yield {"type": "TextualBody", "purpose": "describing", "value": statement.text}


def _target(report: Report, span: Span, words: str) -> dict[str, Any]:
    target: dict[str, Any] = {
        "type": "SpecificResource",
        "source": _source(report),
        "selector": [
            {"type": "TextPositionSelector", "start": span[0], "end": span[1]},
            {"type": "TextQuoteSelector", "exact": words, **_around(report, span)},
        ],
    }
    if report.text_sha256:
        target["textSha256"] = report.text_sha256
    if report.fetched_at:
        target["state"] = {"type": "TimeState", "sourceDate": utc_text(report.fetched_at)}
    return target


def _around(report: Report, span: Span) -> dict[str, str]:
    if not report.context:
        return {}
    start, end = (offset - report.context_start for offset in span)
    return {
        "prefix": report.context[max(start - AROUND, 0) : start],
        "suffix": report.context[end : end + AROUND],
    }


def _source(report: Report) -> str:
    return web_link(report.url) or f"urn:sha256:{report.text_sha256 or fingerprint([report.words])}"
