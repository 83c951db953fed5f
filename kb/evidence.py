"""Passages of later documents that may settle a prediction. They are suggested; a person decides.

A passage is a sentence. It is ranked by the words it shares with the prediction (rare ones weigh more), the names, a
figure of the same unit, and whether its document appeared when the answer can be known.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.errors import JudgementError
from kb.figures import spoken, verdict_of
from kb.ingest.wording import read_wording, stem
from kb.store import Session, Store, search, speaker_rows, statement_rows
from kb.store.ledger import RESOLVABLE
from kb.store.search import FoundDocument
from kb.text import fold, fold_words
from kb.types import Direction, Horizon, Quantity, Span, StatementRow, SuggestedEvidence

CANDIDATES = 200
"""Documents that are read sentence by sentence, chosen by the full-text index."""

WORDS, NAMES, FIGURE, IN_TIME, YEAR = 4.0, 2.0, 1.5, 1.0, 0.5
"""What each likeness weighs at most. Set on tests/data/evidence."""

LEAST = 0.2
"""Share of the prediction's words, by weight, that a passage needs."""

FORETELLS = 0.75
"""What is left of the score of a passage that speaks of the future itself: it predicts, and settles nothing."""

_FUTURE = re.compile(
    r"\b(?:will|would|expects?|plans? to|aims? to|forecasts?|predicts?|predicted|is to|are to)\b|'ll\b"
)

AFTERMATH = dt.timedelta(days=366)
"""How long after the last day the answer is still news: a year, as annual figures take."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What a passage about a prediction would have."""

    stems: frozenset[str]
    words: tuple[str, ...]
    """As the full-text index is asked for them."""
    names: frozenset[str]
    """Stems of names in the prediction and of what it is about."""
    ties: frozenset[str]
    """Stems of the names of the speaker and of organisations that the speaker belongs to: "we" in the prediction."""
    quantity: Quantity | None
    horizon: Horizon | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of a document."""

    document: FoundDocument
    span: Span
    text: str
    stems: frozenset[str]


def suggest(store: Store, statement_id: int, *, limit: int = 10) -> list[SuggestedEvidence]:
    """Passages published after a prediction was said, the likeliest first.

    Raises NotFoundError, or JudgementError for a statement that foretells nothing.
    """
    with store.reading() as session:
        row = statement_rows.get(session, statement_id)
        if row.kind not in RESOLVABLE:
            raise JudgementError(f"statement {row.id} is a {row.kind}: only predictions and commitments need evidence")
        sought = _sought(session, row)
        after = dt.date.fromisoformat(f"{row.said_on}-01-01"[:10]) if row.said_on else None
        documents = search.documents_with(session, sought.words, after=after, limit=CANDIDATES)
        own = {report.document_id for report in row.reports}
        passages = [p for document in documents if document.id not in own for p in _passages(document)]
    weights = _weights(passages, sought.stems)
    found = (_weigh(passage, sought, weights) for passage in passages)
    ordered = sorted((s for s in found if s), key=lambda s: (-s.score, s.document_id, s.start))
    first: dict[str, SuggestedEvidence] = {}  # what several papers print in the same words is one piece of evidence
    for suggested in ordered:
        first.setdefault(fold(suggested.passage), suggested)
    return list(first.values())[:limit]


def _sought(session: Session, row: StatementRow) -> Sought:
    wording = read_wording(row.text, row.horizon.phrase if row.horizon else "")
    mentioned = statement_rows.mentioned(session, row.id)
    words = (*fold_words(row.text), *(word for name in mentioned for word in fold_words(name)))
    return Sought(
        stems=wording.informative,
        words=tuple(dict.fromkeys(word for word in words if stem(word) in wording.informative | _stems(mentioned))),
        names=wording.names | _stems(mentioned),
        ties=_stems(_ties(session, row.speaker_id)),
        quantity=row.quantity,
        horizon=row.horizon,
    )


def _ties(session: Session, speaker_id: int | None) -> Iterator[str]:
    """The speaker's name and organisations."""
    for speaker in speaker_rows.load(session, [speaker_id] if speaker_id else []):
        yield speaker.name
        yield from (role.organisation for role in speaker.roles if role.organisation)


def _stems(names: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word) for name in names for word in fold_words(name))


def _passages(document: FoundDocument) -> Iterator[Passage]:
    from kb.nlp.sentences import sentences

    text = document.text
    for start, end in sentences(text, 0, len(text)):
        passage = text[start:end]
        yield Passage(document, (start, end), passage, frozenset(map(stem, fold_words(passage))))


def _weights(passages: Sequence[Passage], stems: Iterable[str]) -> dict[str, float]:
    """How much it tells that a passage has a stem: the rarer, the more."""
    having = Counter(stem_ for passage in passages for stem_ in passage.stems)
    return {stem_: math.log(1 + len(passages) / (1 + having[stem_])) for stem_ in stems}


def _weigh(passage: Passage, sought: Sought, weights: dict[str, float]) -> SuggestedEvidence | None:
    """The passage with its score and reasons; None where it has too few of the words."""
    shared = sought.stems & passage.stems
    share = sum(weights[s] for s in shared) / (sum(weights.values()) or 1)
    if share < LEAST:
        return None
    reasons = [f"shares {', '.join(sorted(_as_printed(passage.text, shared)))}"]
    score = WORDS * share
    named = _named(passage, sought)
    if named:
        score += NAMES * named
        reasons.append("names who or what it is about")
    figure = _figure(passage, sought.quantity)
    if figure:
        score += FIGURE
        reasons.append("has a figure in the same unit")
    in_time, reason = _timing(passage, sought.horizon)
    score = (score + in_time) * (FORETELLS if _FUTURE.search(fold(passage.text)) else 1)
    direction, comparison = _compare(figure, sought, passage.document.published_at.date())
    document = passage.document
    return SuggestedEvidence(
        document_id=document.id,
        title=document.title,
        publisher=document.publisher,
        url=document.url,
        published_at=document.published_at,
        passage=passage.text,
        start=passage.span[0],
        end=passage.span[1],
        score=round(score, 3),
        direction=direction,
        comparison=comparison,
        reasons=(*reasons, *([reason] if reason else [])),
    )


def _as_printed(text: str, stems: frozenset[str]) -> set[str]:
    return {word for word in fold_words(text) if stem(word) in stems}


def _named(passage: Passage, sought: Sought) -> float:
    """How much of the names the passage has, 0 to 1; what its document is called counts half."""
    title = _stems([passage.document.title or ""])
    shares = [
        max(len(names & passage.stems), len(names & title) / 2) / len(names)
        for names in (sought.names, sought.ties)
        if names
    ]
    return max(shares, default=0.0)


def _figure(passage: Passage, foretold: Quantity | None) -> Quantity | None:
    """The passage's figure in the unit foretold that comes nearest to it; None without one."""
    if foretold is None:
        return None
    same = [q for q in _figures(passage.text) if _unit(q) == _unit(foretold)]
    return min(same, key=lambda q: abs(q.value - foretold.value), default=None)


def _unit(quantity: Quantity) -> tuple[str, ...]:
    return tuple(map(stem, fold_words(quantity.unit))) or (quantity.unit,)


def _figures(text: str) -> list[Quantity]:
    """Every quantity in a sentence: the first after the start, and after each number."""
    from kb.nlp.amounts import amounts
    from kb.nlp.quantities import read_quantity

    starts = [0, *(amount.end for amount in amounts(text))]
    found = (read_quantity(text[start:]) for start in starts)
    return list(dict.fromkeys(quantity for quantity in found if quantity))


def _timing(passage: Passage, horizon: Horizon | None) -> tuple[float, str]:
    """What it adds that the document appeared in the window, or names the year, and the reason."""
    if horizon is None or horizon.latest is None:
        return 0.0, ""
    day, latest = passage.document.published_at.date(), horizon.latest
    year = YEAR if str(latest.year) in passage.text else 0.0
    if (horizon.earliest or day) <= day <= latest + AFTERMATH:
        return year + IN_TIME, "appeared when the answer can be known"
    return year, ""


def _compare(found: Quantity | None, sought: Sought, day: dt.date) -> tuple[Direction, str]:
    """Which way a figure points, and the comparison spelled out."""
    if found is None or sought.quantity is None:
        return "neutral", ""
    foretold, latest = sought.quantity, sought.horizon.latest if sought.horizon else None
    direction = verdict_of(found, foretold)
    says = f"says {spoken(found)}; predicted {spoken(foretold)}"
    if direction == "refutes" and latest and day < latest and foretold.comparator in (">=", ">"):
        return "neutral", f"{says}: not yet, with time left until {latest}"
    return direction, f"{says}: {'settles nothing' if direction == 'neutral' else direction}"
