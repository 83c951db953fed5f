"""Quotations that a name behind a dash signs: "Stay calm." — Ana Ruiz, CEO of Kestrel. Pure.

The encoder has hardly seen them: in articles of politics nobody signs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from kb.nlp.drafts import Draft
from kb.nlp.namespans import Name
from kb.types import Span, Spans

CONFIDENCE = 0.9
"""Of a signed quotation; a choice, there are too few to measure it."""
LEAST_WORDS = 3
"""Of a quotation; fewer are the name of something."""

_OPENING = re.compile(r"[ \t>*•·–—-]*(?:\d{1,2}[.)][ \t]+)?")
_WORD = r"[A-Z](?:[\w'’-]|\.(?=\w| [A-Z]))*"
_NAME = rf"{_WORD}(?: (?:[a-z]{{2,3}} ){{0,2}}{_WORD}){{0,4}}"
_SIGNATURE = re.compile(
    rf"[ \t]*(?:\n[ \t]*)?(?P<dash>—|–|--?)[ \t]*(?P<source>(?P<name>{_NAME})"
    r"(?:, [^\n.!?]{2,80}|\s?\([^()\n]{2,60}\)| of [^\n.!?]{2,60})?)"
    r"(?: (?:in|on|at|to|via|speaking)\b[^\n]{0,100})?[.\s]*(?:\n|$)"
)


def signed(text: str, drafts: Iterable[Draft], quotations: Iterable[Spans], names: Sequence[Name]) -> list[Draft]:
    """``drafts`` with the signed quotations among them, in text order; what else was made of those is gone."""
    found = list(_signed(text, quotations, {start for start, _, _ in names}))
    if not found:
        return list(drafts)
    taken = [(span, draft) for draft in found for span in draft.content]
    kept = [draft for draft in drafts if _cut(draft, taken)]
    return sorted([*kept, *found], key=lambda draft: draft.content[:1])


def _signed(text: str, quotations: Iterable[Spans], named: set[int]) -> Iterator[Draft]:
    for quotation in quotations:
        start, end = quotation[0][0], quotation[-1][1]
        line = text.rfind("\n", 0, start) + 1
        signature = _SIGNATURE.match(text, end)
        if signature is None or not _OPENING.fullmatch(text, line, start):
            continue
        is_name = " " in signature["name"] or signature.start("name") in named
        if is_name and len(text[start:end].split()) >= LEAST_WORDS:
            yield Draft(
                source=(signature.span("source"),),
                cue=(signature.span("dash"),),
                content=quotation,
                confidence=CONFIDENCE,
            )


def _cut(draft: Draft, taken: Sequence[tuple[Span, Draft]]) -> bool:
    """Take signed quotations from the content of a draft, which tell their kind; whether it says anything else."""
    left = []
    for start, end in draft.content:
        at = bisect_right(taken, start, key=lambda item: item[0][1])
        if at < len(taken) and taken[at][0][0] < end:
            taken[at][1].kind_scores = draft.kind_scores
        else:
            left.append((start, end))
    draft.content = tuple(left)
    return bool(left)
