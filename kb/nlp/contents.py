"""What of the contents is said: edges trimmed, works and furniture of pages left out, two quotations told apart.

read “War and Peace”                      a work is named, nothing is said
Related posts: Vane denies it             a link of the page
said “rates will fall” and “we will wait” two statements of one cue
“It fell. / “It rose,” she said           one quotation of two paragraphs
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from spacy.language import Language
from spacy.tokens import Doc

from kb.nlp.clauses import holds_clause
from kb.nlp.drafts import Draft, drafts_of, register_extensions, text_of
from kb.nlp.edges import trimmed
from kb.nlp.quotes import quotations, within
from kb.nlp.rules import pattern
from kb.text import words_at
from kb.types import Span, Spans


class Contents:
    """Component that trims contents, drops drafts that say nothing and parts those that say two things."""

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        quoted = quotations(text)
        quotes = [span for quotation in quoted for span in quotation]
        drafts = [replace(draft, content=trimmed(text, draft.content)) for draft in drafts_of(doc)]
        complete(drafts, (quotation for quotation in quoted if quotation[1:]))
        said = (draft for draft in drafts if not is_furniture(text, draft) and not names_a_work(text, draft, quotes))
        doc._.drafts = [part for draft in said for part in parted(text, draft, quotes)]
        return doc


def complete(drafts: Iterable[Draft], long_quotations: Iterable[Spans]) -> None:
    """Give the content that holds one paragraph of a long quotation the others, but for those that another one has."""
    paragraphs = [(span, number) for number, quotation in enumerate(long_quotations) for span in quotation]
    starts = [span[0] for span, _ in paragraphs]
    holders: dict[int, Draft] = {}
    free = set(range(len(paragraphs)))
    for draft in drafts:
        for at in {bisect_right(starts, place) - 1 for start, end in draft.content for place in (start, end - 1)}:
            (_, closed), number = paragraphs[at] if at >= 0 else ((0, 0), -1)
            if any(start < closed and starts[at] < end for start, end in draft.content):
                free.discard(at)
                holders[number] = draft
    for at in sorted(free):
        span, number = paragraphs[at]
        if number in holders:
            holders[number].content = tuple(sorted((*holders[number].content, span)))


def is_furniture(text: str, draft: Draft) -> bool:
    """Whether the draft stands in a line that links elsewhere or credits a picture."""
    start = draft.content[0][0] if draft.content else 0
    return pattern("contents", "furniture").match(text, text.rfind("\n", 0, start) + 1) is not None


def names_a_work(text: str, draft: Draft, quotes: Sequence[Span]) -> bool:
    """Whether the content is nothing but a name in quotation marks behind a cue that names or reads things."""
    if not pattern("contents", "naming").fullmatch(words_at(text, draft.cue).strip()):
        return False
    words = words_at(text, draft.content)
    quoted = all(within(span, quotes) for span in draft.content)
    return quoted and not holds_clause(words)


def parted(text: str, draft: Draft, quotes: Sequence[Span]) -> Iterator[Draft]:
    """The draft, or one for each of its quotations where "and" joins whole statements."""
    if len(draft.content) != 1:
        yield draft
        return
    start, end = draft.content[0]
    opened = quotes[bisect_left(quotes, (start,)) : bisect_left(quotes, (end,))]
    inside = [quote for quote in opened if quote[1] <= end]
    borders = [start, *(quote[0] for quote in inside[1:] if _joins(text, inside, quote)), end]
    spans = [trimmed(text, ((a, b),)) for a, b in pairwise(borders)]
    whole = all(holds_clause(words_at(text, span)) for span in spans)
    for span in spans if whole else (draft.content,):
        yield replace(draft, content=_without_and(text, span))


def _joins(text: str, inside: Sequence[Span], quote: Span) -> bool:
    """Whether nothing but an "and" stands between a quotation and the one before it."""
    before = inside[inside.index(quote) - 1]
    return pattern("contents", "and").fullmatch(text, before[1], quote[0]) is not None


def _without_and(text: str, content: Spans) -> Spans:
    start, end = content[0]
    tail = pattern("contents", "and_last").search(text, start, end)
    return ((start, tail.start() if tail else end), *content[1:])


@Language.factory("contents", requires=["doc._.drafts"], assigns=["doc._.drafts"])
def make_contents(nlp: Language, name: str) -> Contents:
    """Build the component."""
    register_extensions()
    return Contents()
