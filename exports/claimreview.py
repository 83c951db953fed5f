"""schema.org JSON-LD: a ClaimReview with its Claim for everything that turned out; ``schemas/claimreview.json``.

Ratings run from 1 (false) to 5 (true). Void statements and those still open are plain Claims without a review; unclear
and unverifiable ones get a review in words without numbers. Where a claim was said again is one more ``appearance``;
the later one is ``sameAs`` the first. schema.org has no word for a moved date or a contradiction, so these are ours.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from exports.rows import in_order, links_in_order, reports_in_order, statements_in_order, write_json
from exports.wording import VERDICTS, outlet, shorten, web_link
from kb.text import clean_text
from kb.types import OutcomeRow, Relation, Report, SpeakerKind, StatementRow, TimelineEntry, Verdict

RELATIONS: dict[Relation, str] = {"repeats": "sameAs", "slips": "slips", "contradicts": "contradicts"}
"""Link to an earlier statement -> the property that names it."""
OURS = {name: {"@id": f"urn:onrecord:{name}", "@type": "@id"} for name in ("slips", "contradicts")}
CONTEXT = ["https://schema.org", OURS]

AUTHORS: dict[SpeakerKind | None, str] = {"organisation": "Organization", "group": "Organization"}
"""Speakers that are no person."""

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
    ordered = in_order(entries)
    statements = [row for row in statements_in_order(ordered) if row.kind in REVIEWED and row.speaker]
    linked = _linked(ordered)
    nodes = [_node(row, linked[row.fingerprint], link) for row in statements]
    write_json({"@context": CONTEXT, "name": title, "@graph": nodes}, out)
    return len(statements)


@dataclass(slots=True)
class _Linked:
    """What a statement has to do with others."""

    earlier: dict[str, str] = field(default_factory=dict)
    """Property -> the earlier statement's identity."""
    again: list[Report] = field(default_factory=list)
    """Reports of the statements that repeat it."""


def _linked(ordered: list[TimelineEntry]) -> dict[str, _Linked]:
    rows = {entry.statement.fingerprint: entry.statement for entry in ordered}
    linked: dict[str, _Linked] = defaultdict(_Linked)
    for later, relation, earlier in links_in_order(ordered):
        linked[later].earlier[RELATIONS[relation]] = _identity(earlier)
        if relation == "repeats":
            linked[earlier].again += reports_in_order(rows[later])
    return linked


def _node(statement: StatementRow, linked: _Linked, link: str | None) -> dict[str, Any]:
    outcome = statement.outcome
    claim = _claim(statement, linked)
    if outcome is None or outcome.verdict == "void":
        return claim
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
        "itemReviewed": claim,
    }


def _rating(outcome: OutcomeRow) -> dict[str, Any]:
    label, meaning = VERDICTS[outcome.verdict]
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": label, "ratingExplanation": meaning}
    value = RATINGS.get(outcome.verdict)
    return rating | {"ratingValue": value, "bestRating": 5, "worstRating": 1} if value else rating


def _claim(statement: StatementRow, linked: _Linked) -> dict[str, Any]:
    appearances = [_work(report) for report in (*reports_in_order(statement), *linked.again)]
    claim: dict[str, Any] = {
        "@type": "Claim",
        "@id": _identity(statement.fingerprint),
        "text": clean_text(statement.text),
        "author": {
            "@type": AUTHORS.get(statement.speaker_kind, "Person"),
            "name": clean_text(statement.speaker or ""),
        },
        **linked.earlier,
    }
    if statement.said_on:
        claim["datePublished"] = statement.said_on
    if appearances:
        claim |= {"firstAppearance": appearances[0], "appearance": appearances}
    return claim


def _identity(fingerprint: str) -> str:
    return f"urn:onrecord:statement:{fingerprint}"


def _work(report: Report) -> dict[str, Any]:
    work: dict[str, Any] = {"@type": "CreativeWork", "headline": clean_text(report.title or outlet(report))}
    if link := web_link(report.url):
        work["url"] = link
    if report.publisher:
        work["publisher"] = {"@type": "Organization", "name": clean_text(report.publisher)}
    if report.published_at:
        work["datePublished"] = report.published_at.date().isoformat()
    return work
