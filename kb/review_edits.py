"""Reading what a reviewer asks to change into corrections; nothing is stored here."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from kb.dates.partial import first_day, last_day, parse_partial
from kb.errors import InputError, JudgementError, NotFoundError
from kb.store import Session, reviews, snapshots, speaker_rows, speakers
from kb.store.corrections import APART, Place
from kb.store.reviews import Placed
from kb.store.tables import Attribution, Statement
from kb.text import fingerprint, plain_words, words_at
from kb.types import CorrectionRow, Edit, PartialDate, Precision, Span, Spans, SpeakerMention, StatementKind

BY_PERSON = "person"
"""Rule of a horizon that a reviewer set."""

PRECISIONS: dict[int, Precision] = {len("2024"): "year", len("2024-12"): "month", len("2024-12-03"): "day"}

_ELLIPSIS = re.compile(r"\s*(?:\.\.\.|…)\s*")
_QUOTES = "[“”„«»\"‘’'`´]"


@dataclass(frozen=True, slots=True)
class Change:
    """One field with its value before and after, as corrections keep them."""

    field: str
    old: str | None
    new: str | None


def read(
    session: Session, statement: Statement, reports: Sequence[Placed], change: Edit
) -> tuple[list[Change], Placed, list[Change]]:
    """What changes of the statement, the report whose spans change, and these; nothing where it is so already.

    Raises NotFoundError (speaker, report), JudgementError.
    """
    report = _report(statement, reports, change)
    text = reviews.text_with(session, report.place.document_sha256)
    spans = list(_spans(session, report, text, change))
    whole = [*_speaker(session, statement, change), *_kind(statement, change), *_horizon(statement, change)]
    content = change.content if any(made.field == "content" for made in spans) else None
    if content and (len(reports) == 1 or statement.text == plain_words(text, report.place.spans)):
        whole.append(Change("text", statement.text, plain_words(text, content)))
    return [made for made in whole if made.old != made.new], report, spans


def _report(statement: Statement, reports: Sequence[Placed], change: Edit) -> Placed:
    if change.report is None:
        return reports[0]
    found = next((report for report in reports if report.row.id == change.report), None)
    if found is None:
        raise NotFoundError(f"statement {statement.id} has no report {change.report}")
    return found


def _speaker(session: Session, statement: Statement, change: Edit) -> Iterator[Change]:
    if change.speaker is not None and change.new_speaker is not None:
        raise JudgementError("give a speaker of the record, or the name of a new one, not both")
    old = snapshots.speaker_value(session, statement.speaker_id)
    if change.new_speaker is not None:
        name = change.new_speaker.strip()
        if not name:
            raise JudgementError("the name of the new speaker is empty")
        created = speakers.create(session, SpeakerMention(name=name, kind="person"), origin="user")
        new = snapshots.speaker_value(session, created)
    elif change.speaker is not None:
        named = change.speaker.strip()
        new = snapshots.speaker_value(session, speaker_rows.one_named(session, named)) if named else None
    else:
        return
    yield Change("speaker", snapshots.as_json(old), snapshots.as_json(new))


def _kind(statement: Statement, change: Edit) -> Iterator[Change]:
    known = get_args(StatementKind)
    if change.kind is not None and change.kind not in known:
        raise JudgementError(f"unknown kind {change.kind!r}; known: {', '.join(known)}")
    if change.kind is not None:
        yield Change("kind", statement.kind, change.kind)


def _horizon(statement: Statement, change: Edit) -> Iterator[Change]:
    if change.horizon is not None:
        old, new = snapshots.horizon_value(statement), horizon_of(change.horizon, statement.horizon_phrase)
        dates = ("earliest", "latest", "precision")
        if new is None or old is None or any(old[name] != new[name] for name in dates):
            yield Change("horizon", snapshots.as_json(old), snapshots.as_json(new))


def horizon_of(written: str, phrase: str | None = None) -> dict[str, Any] | None:
    """A horizon as corrections keep it, from "2027", "2026-01..2026-06", "2026..", "vague" or "none" (None).

    ``phrase``: the words of the statement that name it. Raises JudgementError for anything else.
    """
    if written == "none":
        return None
    empty: dict[str, Any] = dict.fromkeys(snapshots.HORIZON)
    empty |= {"horizon_phrase": phrase or "", "horizon_rule": BY_PERSON}
    if written == "vague":
        return {**empty, "precision": "vague"}
    first, dots, last = (part.strip() for part in written.partition(".."))
    last = last if dots else first
    since, until = (_partial(part, written) if part else None for part in (first, last))
    if not since and not until:
        raise JudgementError(_no_horizon(written))
    earliest, latest = first_day(since) if since else None, last_day(until) if until else None
    if earliest and latest and latest < earliest:
        raise JudgementError(f"horizon {written!r}: {last} is before {first}; turn them round")
    precision = "range" if dots else PRECISIONS[len(first)]
    return {**empty, "earliest": _iso(earliest), "latest": _iso(latest), "precision": precision}


def _partial(part: str, written: str) -> PartialDate:
    try:
        return parse_partial(part)
    except InputError as error:
        raise JudgementError(_no_horizon(written)) from error


def _no_horizon(written: str) -> str:
    return f"{written!r} is no horizon; write 2027, 2026-06, 2026-06-30, 2026-01..2026-06, vague or none"


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _spans(session: Session, report: Placed, text: str, change: Edit) -> Iterator[Change]:
    """The cue first, then content and source, each of which moves the place."""
    row = report.row
    wanted = (("cue", row.cue_spans, change.cue), ("content", row.content_spans, change.content),
              ("source", row.source_spans, change.source))  # fmt: skip
    made = [(name, old, _checked(name, new, text)) for name, old, new in wanted if new is not None and new != old]
    content = next((new for name, _, new in made if name == "content"), row.content_spans)
    source = next((new for name, _, new in made if name == "source"), row.source_spans)
    _check_free(session, row, Place(report.place.document_sha256, content, words_at(text, source)))
    for name, old, new in made:
        yield Change(name, snapshots.as_json(old), snapshots.as_json(new))


def _check_free(session: Session, row: Attribution, place: Place) -> None:
    for other in reviews.in_text(session, place.document_sha256):
        beside = other.row.document_id == row.document_id and other.row.id != row.id
        if beside and other.place == place:
            raise JudgementError(
                f"these words are a report of statement {other.row.statement_id} already; merge the two instead"
            )


def _checked(name: str, spans: Spans, text: str) -> Spans:
    at = 0
    for start, end in spans:
        if not at <= start < end <= len(text):
            raise JudgementError(f"{name} {start}-{end} lies outside the text, is empty, or overlaps another span")
        at = end
    if name == "content" and not any(map(str.isalnum, words_at(text, spans))):
        raise JudgementError("the content has no word; reject the statement if there is none")
    return tuple((start, end) for start, end in spans)


def split_off(old: dict[str, Any], words: str, place: Place) -> dict[str, Any]:
    """The snapshot of a new statement that reports of an old one are split off as.

    What was read from the old words is kept only where the new ones have it too: a horizon whose phrase they hold.
    """
    horizon = old["horizon"]
    named = horizon and horizon["horizon_phrase"] and horizon["horizon_phrase"] in words
    parts = [old["fingerprint"], place.document_sha256, json.dumps(place.spans), place.speaker_text]
    unread = dict.fromkeys(("strength", "p_low", "p_high", "p_scale", "quantity"))
    return {
        **old,
        **unread,
        "id": None,
        "text": words,
        "horizon": horizon if named else None,
        "mentions": [[entity, label] for entity, label in old["mentions"] if entity in words],
        "review": "edited",
        "fingerprint": fingerprint(parts),
    }


def plain_value(field: str, value: str | None) -> str:
    """The value of a correction as people read it."""
    if value is None:
        return "unknown" if field == "speaker" else "none"
    if field == "speaker":
        return str(json.loads(value)["name"])
    if field == "horizon":
        read = json.loads(value)
        return f"{read['earliest'] or ''}..{read['latest'] or ''}" if read["precision"] != "vague" else "vague"
    if field in ("statement", APART):
        return f"“{json.loads(value)['text']}”"
    return value if field in ("review", "kind") else f"“{value}”" if field == "text" else value


def described(row: CorrectionRow) -> str:
    """A correction in words: "ana, 2026-01-02 03:04 UTC: kind: claim, now prediction"."""
    old, new = plain_value(row.field, row.old), plain_value(row.field, row.new)
    what = new if row.field == "review" else f"{row.field}: {old}, now {new}"
    if row.field == APART:
        what = f"nothing to do with {old if row.undoes else new}"
    return f"{row.made_by}, {row.made_at:%Y-%m-%d %H:%M} UTC: {'undone, ' if row.undoes else ''}{what}"


def spans_of(text: str, words: str, *, near: int = 0) -> Spans:
    """Where ``words`` stand in ``text``, the place nearest to the offset ``near``; ``...`` parts several spans.

    White space and the form of quotation marks do not count. Raises JudgementError when they stand nowhere.
    """
    spans: list[Span] = []
    for part in filter(None, _ELLIPSIS.split(words.strip())):
        letters = (r"\s+" if c.isspace() else _QUOTES if re.match(_QUOTES, c) else re.escape(c) for c in part)
        pattern = re.compile(re.sub(r"(?:\\s\+)+", r"\\s+", "".join(letters)))
        after = spans[-1][1] if spans else 0
        found = [match.span() for match in pattern.finditer(text, after)]
        if not found:
            raise JudgementError(f"the document does not say {part!r}{' after the words before' if spans else ''}")
        spans.append(min(found, key=lambda span: abs(span[0] - (near if not spans else after))))
    if not spans:
        raise JudgementError("there are no words to look for")
    return tuple(spans)
