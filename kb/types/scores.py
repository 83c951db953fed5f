"""Evidence that is suggested, and how good speakers are at foretelling."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kb.types.words import Direction, PartialDate, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestedEvidence:
    """A passage of a later document that may settle a prediction; a person decides."""

    document_id: int
    title: str | None
    publisher: str | None
    url: str | None
    published_at: dt.datetime
    passage: str
    start: int
    end: int
    """Offsets of ``passage`` in the document's text."""
    score: float
    """Orders passages, and is no probability."""
    direction: Direction
    """``supports`` or ``refutes`` only where figures were compared."""
    comparison: str
    """"says 120,000 robots; predicted at least 100,000: supports"; empty where there are no figures to compare."""
    reasons: tuple[str, ...]
    """Why it was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A prediction with the verdict that counts: what scores are made of."""

    statement_id: int
    speaker_id: int
    verdict: Verdict
    known_on: dt.date
    said_on: PartialDate | None
    latest: dt.date | None
    p_low: float | None = None
    p_high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """A score computed with the lower ends, the middles and the upper ends of the stated probabilities."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBin:
    """Predictions of about the same probability."""

    low: float
    high: float
    """The probabilities from ``low`` to ``high`` are in it."""
    n: int
    stated: float
    """Mean of the stated probabilities."""
    happened: float
    """Share that came about."""
    interval: tuple[float, float]
    """95 % Wilson interval of ``happened``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastScore:
    """How good stated probabilities are; from predictions that have one and a verdict that counts."""

    n: int
    brier: Ends
    """Mean squared error, 0 to 1; 0.25 is always saying 50 %."""
    log: Ends
    """Mean natural logarithm of the probability given to what happened, at most 0."""
    skill: Ends | None
    """1 is perfect, 0 no better than always saying how often others' predictions come true; None where those leave
    nothing to improve."""
    bins: tuple[CalibrationBin, ...] = ()
    """Empty where there are too few for one."""
    pairs: tuple[tuple[float, bool], ...] = ()
    """Each middle probability, and whether what it was given to came about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """How a speaker's predictions and commitments turned out, each counted once however often it was repeated.

    The hit rate counts ``true`` and ``mostly`` against ``false`` and ``late``. A prediction given less than 50 % says
    that something will not happen, so it is a hit when that does not.
    """

    speaker: str
    part: str | None = None
    """The topic, year or length of horizon that the card is about; None: everything."""
    predictions: int
    due: int
    counts: dict[Verdict, int] = field(default_factory=dict)
    hits: int = 0
    scored: int = 0
    """Resolved with a verdict that counts for or against: true, mostly, late, false."""
    hit_rate: float | None = None
    low: float | None = None
    high: float | None = None
    """95 % Wilson interval of ``hit_rate``; None when nothing is scored."""
    shrunk: float | None = None
    """``hit_rate`` drawn towards everybody's, the more so the fewer are scored."""
    rank: int | None = None
    """By ``low``, from 1; None with too few scored to be ranked."""
    forecasts: ForecastScore | None = None
    """None without probabilities."""
    warnings: tuple[str, ...] = ()
    """What a reader of the scores should know."""

    @property
    def brier(self) -> float | None:
        """Mean squared error of the mid probabilities, None without probabilities."""
        return self.forecasts.brier.mid if self.forecasts else None
