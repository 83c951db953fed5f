"""Scorecards of the record's speakers, whole or in parts: by topic, year or length of the horizon."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace

from kb.scores import Foretold, Pool, place, pool, scorecard
from kb.store import Session, Store, score_rows, speaker_rows
from kb.store.score_rows import Foreseen
from kb.types import Filters, Judged, PartialDate, Scorecard, ScorePart

HORIZONS = ((92, "up to 3 months"), (366, "up to a year"), (1096, "up to 3 years"))
"""Most days from speaking to the last day, and what such a horizon is called."""
LONGER, OPEN = "over 3 years", "no date"

Parts = Callable[[Foreseen | Judged], Iterable[str | None]]
"""The parts of a speaker's record that a prediction belongs to; None is all of it."""
Key = tuple[int, str | None]
"""Root of a speaker, and a part."""


def scores(
    store: Store,
    filters: Filters,
    today: dt.date,
    *,
    min_n: int = 0,
    per: ScorePart | None = None,
) -> list[Scorecard]:
    """Scorecards of known speakers over their predictions and commitments, by rank, ``filters.limit`` at most.

    ``filters.about`` keeps what is about it, ``min_n`` cards with so many scored; ``filters.as_of`` gives the scores as
    they stood. ``per``: a card for every part. Raises NotFoundError when ``filters.by`` names nobody.
    """
    day = filters.as_of or today
    with store.reading() as session:
        parts = _parts(session, filters, day, per)
        judged = _judged(session, filters, day, parts)
        counts = _counts(session, filters, day, parts if per else None)
        names = speaker_rows.names(session, {root for root, _ in counts})
    pools = defaultdict(Pool, {key: pool(found) for key, found in judged.items()})
    everybody: dict[str | None, Pool] = defaultdict(Pool)
    for (_, part), own in pools.items():
        everybody[part] += own
    enough = [key for key in counts if pools[key].scored >= min_n]
    enough.sort(key=lambda key: (*place(pools[key]), -counts[key][0], names[key[0]], key[1] or ""))
    return [
        scorecard(
            names[root],
            judged.get((root, part), ()),
            Foretold(predictions=counts[root, part][0], due=counts[root, part][1], today=day),
            everybody=everybody[part],
            part=part,
            rank=rank,
        )
        for rank, (root, part) in enumerate(enough[: filters.limit], start=1)
    ]


def _judged(session: Session, filters: Filters, day: dt.date, parts: Parts) -> dict[Key, list[Judged]]:
    """Everybody's resolved predictions, by speaker and part."""
    found: dict[Key, list[Judged]] = defaultdict(list)
    for judged in score_rows.judged(session, replace(filters, by=()), day):
        for part in parts(judged):
            found[judged.speaker_id, part].append(judged)
    return found


def _counts(session: Session, filters: Filters, day: dt.date, parts: Parts | None) -> dict[Key, tuple[int, int]]:
    """(predictions, those due) by speaker and part; counted by the database where there are no parts."""
    if parts is None:
        return {(root, None): counts for root, counts in score_rows.counts(session, filters, day).items()}
    predictions, due = Counter[Key](), Counter[Key]()
    for foreseen in score_rows.foreseen(session, filters, day):
        for part in parts(foreseen):
            predictions[foreseen.speaker_id, part] += 1
            due[foreseen.speaker_id, part] += foreseen.latest is not None and foreseen.latest <= day
    return {key: (number, due[key]) for key, number in predictions.items()}


def _parts(session: Session, filters: Filters, day: dt.date, per: ScorePart | None) -> Parts:
    if per == "topic":
        topics = score_rows.topics(session, replace(filters, by=()), day)
        return lambda prediction: topics.get(prediction.statement_id, ())
    if per == "year":
        return lambda prediction: (prediction.said_on[:4] if prediction.said_on else OPEN,)
    if per == "horizon":
        return lambda prediction: (horizon_length(prediction.said_on, prediction.latest),)
    return lambda prediction: (None,)


def horizon_length(said_on: PartialDate | None, latest: dt.date | None) -> str:
    """How far ahead a prediction looks; from the first day that ``said_on`` may mean."""
    if said_on is None or latest is None:
        return OPEN
    days = (latest - dt.date.fromisoformat(f"{said_on}-01-01"[:10])).days
    return next((name for most, name in HORIZONS if days <= most), LONGER)
