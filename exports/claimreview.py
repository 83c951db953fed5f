"""schema.org JSON-LD: a ClaimReview with its Claim for everything that turned out; ``schemas/claimreview.json``.

Ratings run from 1 (false) to 5 (true). Void statements and those still open are plain Claims without a review; unclear
and unverifiable ones get a review in words without numbers. Repeats of a claim are its ``appearance``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from exports.rows import reports_in_order, statements_in_order, write_json
from exports.wording import VERDICTS, outlet, shorten, web_link
from kb.text import clean_text
from kb.types import OutcomeRow, Report, StatementRow, TimelineEntry, Verdict

CONTEXT = "https://schema.org"

RATINGS: dict[Verdict, int] = {"true": 5, "mostly": 4, "late": 2, "false": 1}
"""Of 1 to 5; the verdicts that are missing have no number. 3 ("partly") is no verdict of ours."""

CLAIM_WIDTH = 75
"""Characters that Google shows of ``claimReviewed``."""

REVIEWED = ("prediction", "commitment", "claim")


def write(entries: Iterable[TimelineEntry], out: BinaryIO, *, title: str, link: str | None = None) -> int:
    """Write one node per claim, prediction or commitment; other statements, and those nobody is known to have made, are
    left out.

    ``link`` is the address of the page (an HTML timeline, say) that shows them; reviews point into it.
    """
    statements = [row for row in statements_in_order(entries) if row.kind in REVIEWED and row.speaker]
    write_json({"@context": CONTEXT, "name": title, "@graph": [_node(row, link) for row in statements]}, out)
    return len(statements)


def _node(statement: StatementRow, link: str | None) -> dict[str, Any]:
    outcome = statement.outcome
    if outcome is None or outcome.verdict == "void":
        return _claim(statement)
    identity = f"urn:onrecord:review:{statement.fingerprint}:{len(statement.outcomes)}"
    return {
        "@type": "ClaimReview",
        "@id": identity,
        "url": f"{link}#s-{statement.fingerprint}" if link else identity,
        "claimReviewed": clean_text(shorten(statement.text, CLAIM_WIDTH)),
        "datePublished": outcome.known_on.isoformat(),
        "author": {"@type": "Person", "name": clean_text(outcome.recorded_by)},
        "reviewRating": _rating(outcome),
        "reviewBody": clean_text(outcome.reason),
        "citation": [url for item in outcome.evidence if (url := web_link(item.url))],
        "itemReviewed": _claim(statement),
    }


def _rating(outcome: OutcomeRow) -> dict[str, Any]:
    label, meaning = VERDICTS[outcome.verdict]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": label, "ratingExplanation": meaning}
    value = RATINGS.get(outcome.verdict)
    return rating | {"ratingValue": value, "bestRating": 5, "worstRating": 1} if value else rating


def _claim(statement: StatementRow) -> dict[str, Any]:
    appearances = [_work(report) for report in reports_in_order(statement)]
    claim: dict[str, Any] = {
        "@type": "Claim",
        "@id": f"urn:onrecord:statement:{statement.fingerprint}",
        "text": clean_text(statement.text),
        "author": {"@type": "Person", "name": clean_text(statement.speaker or "")},
    }
    if statement.said_on:
        claim["datePublished"] = statement.said_on
    if appearances:
        claim |= {"firstAppearance": appearances[0], "appearance": appearances}
    return claim


def _work(report: Report) -> dict[str, Any]:
    work: dict[str, Any] = {"@type": "CreativeWork", "headline": clean_text(report.title or outlet(report))}
    if link := web_link(report.url):
        work["url"] = link
    if report.publisher:
        work["publisher"] = {"@type": "Organization", "name": clean_text(report.publisher)}
    if report.published_at:
        work["datePublished"] = report.published_at.date().isoformat()
    return work
