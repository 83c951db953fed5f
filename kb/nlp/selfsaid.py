"""What authors say themselves: the sentences and list items of posts and transcript turns."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from kb.dates import find_horizon
from kb.nlp.calendars import Calendars
from kb.nlp.drafts import Draft, Setting, drafts_of, register_extensions, setting_of, text_of
from kb.nlp.rules import pattern
from kb.nlp.sentences import sentences, trim
from kb.text import fold, words_at
from kb.types import Author, Horizon, Span, SpeakerMention, StatementKind

# The platform says who speaks; what is left to doubt is where the sentence ends.
SELF_CONFIDENCE = 0.99

# A sentence that is covered to this part by words attributed to somebody else is theirs.
COVERED = 0.5

# A draft that spans this part of a sentence is the sentence: "So I think ...", "... though."
WHOLE = 0.85

# Shorter sentences state nothing ("So true!", "Day one."), unless a heading says what they are.
MIN_WORDS = 3

# A title line without a colon ("My six predictions for the AI world in 2025") has at most so many words.
HEADING_WORDS = 14


class Heading(NamedTuple):
    """What a line passes on to the list items below it."""

    kind: StatementKind | None = None
    horizon: Horizon | None = None
    looks_back: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that an author says; ``kind`` None where the words themselves must tell."""

    span: Span
    kind: StatementKind | None = None
    horizon: Horizon | None = None
    looks_back: bool = False
    """About earlier statements, and so itself neither prediction nor commitment."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a post: ``start`` is after the marker of a list item; ``marker`` is None in prose."""

    start: int
    end: int
    marker: str | None


class Reader:
    """Reads what one author says in a stretch of text."""

    def __init__(self, horizon_of: Callable[[str], Horizon | None]) -> None:
        self._horizon_of = horizon_of

    def read(self, text: str, start: int, end: int) -> Iterator[Said]:
        """Yield the sentences and list items of ``text[start:end]``, in order."""
        heading = Heading()
        lines = list(_lines(text, start, end))
        for at, line in enumerate(lines):
            next_marker = lines[at + 1].marker if at + 1 < len(lines) else None
            if line.marker is not None:
                yield from self._item(text, line, heading)
                continue
            is_heading = _is_heading(text[line.start : line.end], introduces=next_marker is not None)
            if is_heading:
                heading = self._heading(text[line.start : line.end])
            elif next_marker is not None and not _goes_on(next_marker):
                heading = Heading()
            yield from _prose(text, line, is_heading=is_heading)

    def _item(self, text: str, line: Line, heading: Heading) -> Iterator[Said]:
        """A list item: its first sentence is what the heading announces, unless one word only names it ("Robots.")."""
        spans = _sayings(text, line)
        named = len(spans) > 1 and len(text[slice(*spans[0])].split()) == 1
        for at, span in enumerate(spans):
            kind = heading.kind if at == int(named) else None
            yield Said(span, kind or _kind(text, span), horizon=heading.horizon, looks_back=heading.looks_back)

    def _heading(self, line: str) -> Heading:
        title = pattern("selfsaid", "heading", "aside").sub(" ", line)
        if pattern("selfsaid", "heading", "review").search(title):
            return Heading(looks_back=True)
        return Heading(_announced(title), self._horizon_of(title) or self._year_of(title))

    def _year_of(self, title: str) -> Horizon | None:
        """The horizon of "My 2025 predictions", where the year stands alone."""
        year = pattern("selfsaid", "heading", "year").search(title)
        horizon = self._horizon_of(f"in {year[0]}") if year else None
        return replace(horizon, phrase=year[0], start=year.start(), end=year.end()) if horizon and year else None


def _lines(text: str, start: int, end: int) -> Iterator[Line]:
    marker_pattern = pattern("selfsaid", "list", "marker")
    while start < end:
        newline = text.find("\n", start, end)
        stop = end if newline < 0 else newline
        marker = marker_pattern.match(text, start, stop)
        begin = marker.end() if marker else start
        repost = pattern("selfsaid", "repost").search(text, begin, stop)
        begin, finish = trim(text, begin, repost.start() if repost else stop)
        if begin < finish:
            yield Line(begin, finish, marker[0] if marker else None)
        start = stop + 1


def _goes_on(marker: str) -> bool:
    """Whether a list item continues a numbered list: what stands between two items explains the first."""
    digits = "".join(filter(str.isdigit, marker))
    return bool(digits) and int(digits) > 1


def _is_heading(line: str, *, introduces: bool) -> bool:
    if pattern("selfsaid", "heading", "colon").search(line):
        return True
    announces = _announced(line) is not None or pattern("selfsaid", "heading", "review").search(line) is not None
    short = len(line.split()) <= HEADING_WORDS and line[-1] not in ".!?"
    return announces and (introduces or short)


def _announced(title: str) -> StatementKind | None:
    kinds: tuple[StatementKind, ...] = ("prediction", "commitment")
    return next((kind for kind in kinds if pattern("selfsaid", "heading", kind).search(title)), None)


def _prose(text: str, line: Line, *, is_heading: bool) -> Iterator[Said]:
    spans = _sayings(text, line)
    for span in spans:
        announces = is_heading and span == spans[-1]
        yield Said(span, "other" if announces else _kind(text, span))


def _sayings(text: str, line: Line) -> list[Span]:
    """The sentences of a line that hold words, without the tags beside them."""
    spans = (_without_tags(text, *span) for span in sentences(text, line.start, line.end))
    return [span for span in spans if _has_words(text, span)]


def _kind(text: str, span: Span) -> StatementKind | None:
    """ "other" for greetings and fragments, which state nothing; None otherwise."""
    said = text[span[0] : span[1]].strip(" .!,…-–—")
    if len(said.split()) < MIN_WORDS or pattern("selfsaid", "empty", "greeting").fullmatch(said):
        return "other"
    return None


def _without_tags(text: str, start: int, end: int) -> Span:
    """The span without addresses, hashtags and mentions that stand beside its sentence."""
    before = pattern("selfsaid", "edges", "before").match(text, start, end)
    start = before.end() if before else start
    after = pattern("selfsaid", "edges", "after").search(text, start, end)
    return trim(text, start, after.start() if after else end)


def _has_words(text: str, span: Span) -> bool:
    plain = pattern("selfsaid", "edges", "tag").sub("", text[span[0] : span[1]])
    return any(map(str.isalpha, plain))


def voices(text: str, setting: Setting) -> list[tuple[Author, Span]]:
    """Who speaks in the first person where: the author of a post, the speakers of a transcript's turns."""
    if setting.kind == "post" and setting.speaker is not None:
        return [(setting.speaker, (0, len(text)))]
    return [(turn.speaker, (turn.start, turn.end)) for turn in setting.turns if turn.speaker is not None]


class SelfStatements:
    """Component that adds what authors say themselves and drops the drafts that this makes superfluous."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    def __call__(self, doc: Doc) -> Doc:
        doc._.drafts = self.read(text_of(doc), setting_of(doc), drafts_of(doc))
        return doc

    def read(self, text: str, setting: Setting, drafts: list[Draft]) -> list[Draft]:
        """All drafts of the document, in text order."""
        speaking = voices(text, setting)
        own, kept = _divide(text, speaking, drafts)
        theirs = _Stretches(kept)
        said = [
            _draft(item, author)
            for author, span in speaking
            for item in Reader(partial(self._horizon, author, setting.said_on)).read(text, *span)
            if theirs.part_of(item.span) < COVERED
        ]
        _pass_on(own, said)
        return sorted([*kept, *said], key=lambda draft: draft.content[:1])

    def _horizon(self, author: Author, said_on: dt.date | None, words: str) -> Horizon | None:
        return find_horizon(words, said_on, calendar=self._calendars.of(_mention(author), words))


def _divide(text: str, speaking: list[tuple[Author, Span]], drafts: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Drafts that only say that the author says something ("I think that"), and the others."""
    starts = [span[0] for _, span in speaking]
    own: list[Draft] = []
    kept: list[Draft] = []
    for draft in drafts:
        at = bisect_right(starts, _first(draft)) - 1
        inside = at >= 0 and _first(draft) < speaking[at][1][1]
        (own if inside and _is_own(text, draft, speaking[at][0]) else kept).append(draft)
    return own, kept


def _is_own(text: str, draft: Draft, author: Author) -> bool:
    source = words_at(text, draft.source)
    if not source or pattern("selfsaid", "first_person").fullmatch(source.strip()):
        return True
    return draft.speaker is not None and fold(draft.speaker.name) == fold(author.name)


def _first(draft: Draft) -> int:
    return draft.content[0][0] if draft.content else 0


class _Stretches:
    """Stretches of text that drafts cover from their first word to their last."""

    def __init__(self, drafts: Iterable[Draft]) -> None:
        self._spans: list[Span] = []
        for start, end in sorted(_hull(draft) for draft in drafts):
            if self._spans and start <= self._spans[-1][1]:
                start, end = self._spans[-1][0], max(end, self._spans.pop()[1])
            self._spans.append((start, end))

    def part_of(self, span: Span) -> float:
        """Which part of ``span`` is covered, 0 to 1."""
        first = max(0, bisect_right(self._spans, span) - 1)
        last = bisect_right(self._spans, (span[1], span[1]))
        covered = sum(max(0, min(end, span[1]) - max(start, span[0])) for start, end in self._spans[first:last])
        return covered / (span[1] - span[0])


def _hull(draft: Draft) -> Span:
    spans = (*draft.source, *draft.cue, *draft.content)
    return min((start for start, _ in spans), default=0), max((end for _, end in spans), default=0)


def _draft(said: Said, author: Author) -> Draft:
    return Draft(
        source=(),
        cue=(),
        content=(said.span,),
        confidence=SELF_CONFIDENCE,
        kind_scores={"other": 1.0} if said.looks_back else {},
        quote_kind="self",
        speaker=_mention(author),
        kind=said.kind or "claim",
        horizon=said.horizon,
    )


def _mention(author: Author) -> SpeakerMention:
    return SpeakerMention(name=author.name, kind=author.kind, role=author.role, handle=author.handle)


def _pass_on(dropped: Iterable[Draft], said: list[Draft]) -> None:
    """What the encoder made of a dropped draft holds for the sentence that it stands in.

    Where it is the whole sentence ("I predict that half of them will be rented") its spans do too; else the scores.
    """
    starts = [draft.content[0][0] for draft in said]
    for draft in dropped:
        at = bisect_right(starts, _hull(draft)[0]) - 1
        if at < 0 or _first(draft) >= said[at].content[0][1]:
            continue
        sentence = said[at]
        if not sentence.kind_scores:
            sentence.kind_scores = draft.kind_scores
        if draft.source and draft.cue and not sentence.cue and _is_whole(draft, sentence.content[0]):
            sentence.source, sentence.cue, sentence.content = draft.source, draft.cue, draft.content


def _is_whole(draft: Draft, sentence: Span) -> bool:
    """Whether nothing but a word or two of a sentence stands outside the draft, and nothing of it outside those."""
    start, end = _hull(draft)
    return sentence[0] <= start and end <= sentence[1] and end - start >= WHOLE * (sentence[1] - sentence[0])


@Language.factory(
    "self_statements",
    requires=["doc._.drafts"],
    assigns=["doc._.drafts"],
    default_config={"fiscal_years": {}, "events": {}},
)
def make_self_statements(
    nlp: Language, name: str, fiscal_years: Mapping[str, int], events: Mapping[str, object]
) -> SelfStatements:
    """Build the component; the tables are those of ``kb.config.Settings``. Raises ConfigError."""
    register_extensions()
    return SelfStatements(Calendars(fiscal_years, events))
