"""The vocabulary: the values that fields can have, and how places and dates are written."""

from __future__ import annotations

from typing import Literal

Span = tuple[int, int]
Spans = tuple[Span, ...]
Times = tuple[tuple[int, int], ...]
"""Of a recording's transcript: (offset in the text, second at which what stands there is said), offsets ascending."""
PartialDate = str

DocumentKind = Literal["article", "post", "transcript", "file"]
SpeakerKind = Literal["person", "organisation", "group"]
QuoteKind = Literal["direct", "indirect", "mixed", "self"]
StatementKind = Literal["claim", "prediction", "commitment", "opinion", "question", "other"]
Strength = Literal["certain", "likely", "possible", "unlikely"]
Precision = Literal["day", "week", "month", "quarter", "season", "half", "year", "decade", "range", "vague"]
Comparator = Literal["=", ">", ">=", "<", "<=", "~", "range"]
Verdict = Literal["true", "mostly", "late", "false", "unclear", "void", "unverifiable"]
Direction = Literal["supports", "refutes", "neutral"]
Review = Literal["machine", "accepted", "edited", "rejected"]
TimePrecision = Literal["second", "minute", "day", "unknown"]
PredictionStatus = Literal["open", "due", "overdue", "resolved"]
ScorePart = Literal["topic", "year", "horizon"]
Relation = Literal["repeats", "slips", "contradicts"]
RevisionReason = Literal["changed", "parser"]
"""Why a document has another text: it was changed where it was published, or is read better now from the same bytes."""
ChangeKind = Literal["title", "quotation", "number", "sentence"]

ChartKind = Literal["calibration", "hitrate", "timeline", "slips"]

STATED = "stated"
"""Scale of a probability that the speaker gave as a number."""

RECORD_VERSION = 1
"""Of the lines in which a record is exported and imported."""
