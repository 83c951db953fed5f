"""When something was said that a document tells of long after.

In 2016 Ana Lim said that ...     Lim promised in March 2019 that ...     "We will ...," she said three years ago.

What was said then falls due as counted from then: "next year", said in 2019, is 2020.
"""

from __future__ import annotations

import datetime as dt
import re

from spacy.language import Language
from spacy.tokens import Doc

from kb.dates import last_day
from kb.dates.periods import add_months
from kb.nlp.drafts import Draft, drafts_of, register_extensions, setting_of, text_of
from kb.nlp.rules import pattern
from kb.nlp.sentences import sentences
from kb.types import PartialDate, Span

BESIDE = 80
"""Characters beside a source or cue in which the time of saying stands."""

LEAD_WORDS = 5
"""Words of a sentence before a time that can still be no clause of their own: "In a talk to students"."""

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_COUNTS = "zero one two three four five six seven eight nine ten".split()
_MONTHS_IN = {"month": 1, "year": 12, "decade": 120}


class Earlier:
    """Component that sets ``Draft.said_on`` where it was surely before the document."""

    def __call__(self, doc: Doc) -> Doc:
        text, published = text_of(doc), setting_of(doc).said_on
        for draft in drafts_of(doc):
            draft.said_on = said_on(text, draft, published)
        return doc


def said_on(text: str, draft: Draft, published: dt.date | None) -> PartialDate | None:
    """The year, month or day that the words beside the cue tell; None where they tell none before ``published``."""
    if not draft.content or not (draft.source or draft.cue):
        return None
    for start, end in _places(text, draft):
        for time in pattern("earlier", "time").finditer(text, start, end):
            inside = any(time.start() < b and a < time.end() for a, b in draft.content)
            told = None if inside else _read(time, published)
            if told and (published is None or last_day(told) < published):
                return told
    return None


def _places(text: str, draft: Draft) -> list[Span]:
    """Where a time is that of the saying: in the cue, right before the source, between the parts, right behind."""
    content, cue = draft.content[0], min(draft.cue, default=None)
    source = min(draft.source, default=None)
    first = min(span for span in (source, cue) if span)
    last = max(span for span in (source, cue) if span)
    places = [cue] if cue else []
    between = (first[1], last[0])
    plain = "," not in text[first[0] : first[1]]  # a clause within a source has times of its own
    if plain and pattern("earlier", "between").fullmatch(_without_time(text, between)):
        places.append(between)
    if last[1] <= content[0] <= last[1] + BESIDE and not _ends_sentence(text, last[1], content[0]):
        places.append((last[1], content[0]))
    if first[1] <= content[0]:
        places.append(_opening(text, first[0]))
    elif max(end for _, end in draft.content) <= first[0]:
        places.append(_closing(text, last[1]))
    return [place for place in places if place[0] < place[1]]


def _without_time(text: str, span: Span) -> str:
    return pattern("earlier", "time").sub("", text[span[0] : span[1]])


def _ends_sentence(text: str, start: int, end: int) -> bool:
    return len(sentences(text, start, end)) > 1


def _opening(text: str, source: int) -> Span:
    """The time right before the source, where it opens the sentence or a part of it: "In a talk in 2016 | Ana Lim"."""
    sentence = sentences(text, max(0, source - BESIDE), source)[-1:]
    times = list(pattern("earlier", "time").finditer(text, *sentence[0])) if sentence else []
    if not times or text[times[-1].end() : source].strip(" ,"):
        return source, source
    lead = text[sentence[0][0] : times[-1].start()].rstrip()
    return times[-1].span() if lead[-1:] in ("", ",") or len(lead.split()) <= LEAD_WORDS else (source, source)


def _closing(text: str, cue: int) -> Span:
    """The time right behind the cue, and whom it tells: "told reporters | in 2016"."""
    found = pattern("earlier", "behind").match(text, cue)
    return found.span("time") if found else (cue, cue)


def _read(time: re.Match[str], published: dt.date | None) -> PartialDate | None:
    """The date that a phrase gives; None for one that counts from a day nobody knows, and for impossible days."""
    if year := time["year"] or time["year_published"]:
        return year
    if time["year_of_day"]:
        month = _number(time["month_of_day"] or time["month_behind"])
        day = int(time["day"] or time["day_before"])
        return _existing(f"{time['year_of_day']}-{month:02}-{day:02}")
    if time["month"] and (year := time["year_of_month"]) and year != "last year":
        return f"{year}-{_number(time['month']):02}"
    if published is None:
        return None
    if time["month"]:
        month = _number(time["month"])
        back = time["year_of_month"] is not None or month >= published.month
        return f"{published.year - back}-{month:02}"
    unit = time["last"] or time["unit"]
    count = 1 if time["last"] else _count(time["count"])
    then = add_months(published, -count * _MONTHS_IN[unit])
    return then.isoformat()[: len("2024-12" if unit == "month" else "2024")]


def _number(month: str) -> int:
    return 1 + _MONTHS.index(month[:3].lower())


def _count(words: str) -> int:
    words = words.lower()
    return int(words) if words.isdigit() else 1 if words in ("a", "an") else _COUNTS.index(words)


def _existing(day: str) -> PartialDate | None:
    try:
        return dt.date.fromisoformat(day).isoformat()
    except ValueError:
        return None


@Language.factory("earlier", requires=["doc._.drafts"], assigns=["doc._.drafts"])
def make_earlier(nlp: Language, name: str) -> Earlier:
    """Build the component."""
    register_extensions()
    return Earlier()
