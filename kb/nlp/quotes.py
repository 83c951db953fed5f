"""Quotation marks: where quotations are, whether an attribution is one, and snapping to its marks.

An unpaired mark costs at most its own paragraph, and there only itself: quotations that it seems to contain stand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from spacy.language import Language
from spacy.tokens import Doc

from kb.nlp.drafts import drafts_of, register_extensions, text_of
from kb.types import QuoteKind, Span, Spans

# Which marks close a quotation opened by the key. Writers mix curly and straight ones; German opens low and closes
# with what opens in English; Swedish opens and closes with ”; '' and `` are typewriter and TeX habits of news wires.
_CLOSERS = {
    "“": "”\"''",
    "„": "“”\"''",
    "”": "”",
    '"': "\"”''",
    "''": "''\"”",
    "``": "''",
    "«": "»",
    "»": "«",
    "‹": "›",
    "‘": "’",
    "'": "'",
}
_ALWAYS_OPEN = {"“", "„", "«", "‹", "``", "‘"}
_ALWAYS_CLOSE = {"›", "’"}

# A single mark opens before a letter, and closes after a word that does not end in s (a possessive plural), so that
# apostrophes stay apostrophes. A straight one closes only beside punctuation, and elisions open nothing: 'em, rock 'n'.
_ELIDED = "(?:tis|twas|em|cause|til|till|n|bout|round|cos|fraid|gainst)"
_MARK = re.compile(
    r"''|``|[“”„«»‹›\"]|(?<!\w)‘(?=[^\W\d_])|(?<=[^\ss‘])’(?!\w)"
    rf"|(?<![\w'.,!?])'(?!{_ELIDED}\b)(?=[^\W\d_])|(?<=[.,!?…])'(?![\w'])|(?<=[^\Ws])'(?=[.,;:!?])"
)

# A line that ends in the middle of a sentence goes on in the next one (hard-wrapped text).
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*|(?<=[.!?:;…\"”»›'’)\]])[ \t]*\n\s*")

# Quotations within quotations deeper than this are stray marks; the bound keeps matching linear.
MAX_NESTING = 4

# Characters at either end of a quotation that a model may miss: the mark and the punctuation beside it.
NEAR = 3

_THAT = re.compile(r"\W*that\W*", re.IGNORECASE)


def paragraphs(text: str) -> Iterator[Span]:
    """Paragraphs of ``text`` without the white space between them."""
    start = 0
    for end in _PARAGRAPH_END.finditer(text):
        yield start, end.start()
        start = end.end()
    yield start, len(text)


def quoted_spans(text: str) -> list[Span]:
    """Outermost quotations with their marks, in order. A paragraph of a longer quotation is one of its own."""
    return [span for quotation in quotations(text) for span in quotation]


@lru_cache(maxsize=2)  # several components ask for those of a document
def quotations(text: str) -> tuple[Spans, ...]:
    """Outermost quotations with their marks, in order: one span each, or one for each paragraph of a longer one."""
    return tuple(_wholes(text))


def _wholes(text: str) -> Iterator[Spans]:
    bounds = list(paragraphs(text))
    begun: list[Span] = []
    for (start, end), following in zip_longest(bounds, bounds[1:]):
        found, unclosed = _quotations(text, start, end)
        goes_on = False
        if unclosed is not None and following and _goes_on(text, found, unclosed, next_start=following[0]):
            goes_on, found = True, [*(span for span in found if span[0] < unclosed), (unclosed, end)]
        wholes: list[Spans] = [(span,) for span in found]
        if begun and wholes:
            wholes[0] = (*begun, *wholes[0])
        begun = list(wholes.pop()) if goes_on else []
        yield from wholes


def _goes_on(text: str, found: Sequence[Span], unclosed: int, *, next_start: int) -> bool:
    """Whether the quotation open at the end of a paragraph goes on in the next one, which then opens with a mark.

    Pairs of the same mark after the open one show that it is a slip, not a quotation around them.
    """
    opened, following = _MARK.match(text, unclosed), _MARK.match(text, next_start)
    if opened is None or following is None or following[0] in _ALWAYS_CLOSE:
        return False
    return not any(start > unclosed and text.startswith(opened[0], start) for start, _ in found)


def _quotations(text: str, start: int, end: int) -> tuple[list[Span], int | None]:
    """Quotations of one paragraph, and the position of the first mark that stays open."""
    open_marks: list[tuple[str, int]] = []
    found: list[Span] = []
    for match in _MARK.finditer(text, start, end):
        looks_open = _looks_open(text, match)
        level = None if looks_open else _closed_by(open_marks, match[0])
        if level is not None:
            opened = open_marks[level][1]
            del open_marks[level:]
            while found and found[-1][0] > opened:
                found.pop()
            found.append((opened, match.end()))
        elif looks_open or _may_open(text, match):
            open_marks.append((match[0], match.start()))
            del open_marks[:-MAX_NESTING]
    return found, open_marks[0][1] if open_marks else None


def _closed_by(open_marks: Sequence[tuple[str, int]], mark: str) -> int | None:
    """The level of the innermost open mark that ``mark`` closes."""
    for level in reversed(range(len(open_marks))):
        if mark in _CLOSERS[open_marks[level][0]]:
            return level
    return None


def _looks_open(text: str, match: re.Match[str]) -> bool:
    """Whether the mark stands where only an opening one can: after a space or bracket, before a word."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    stands = (not before or before in " \t\n([{—–") and bool(after.strip()) and after not in ",.;:!?)]"
    return stands and match[0] in _CLOSERS


def _may_open(text: str, match: re.Match[str]) -> bool:
    """Whether a mark that closes nothing opens a quotation: not inches (``5"``), and a word follows."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return match[0] in _ALWAYS_OPEN or (match[0] in _CLOSERS and bool(after.strip()) and not before.isalnum())


def snap_to_quotes(text: str, span: Span, *, quotes: Sequence[Span] | None = None) -> Span:
    """``span`` grown to the marks of the quotation that it nearly covers, else as it is.

    ``quotes``: ``quoted_spans(text)``, for callers with many spans.
    """
    quotes = quoted_spans(text) if quotes is None else quotes
    at = bisect_right(quotes, (span[0] + NEAR, len(text)))
    for quote in reversed(quotes[max(0, at - 2) : at]):
        if 0 <= span[0] - quote[0] <= NEAR and 0 <= quote[1] - span[1] <= NEAR:
            return quote
    return span


def within(span: Span, quotes: Sequence[Span]) -> bool:
    """Whether a quotation holds the whole span."""
    at = bisect_right(quotes, (span[0], span[1])) - 1
    return any(opened <= span[0] and span[1] <= closed for opened, closed in quotes[max(0, at) : at + 2])


def quote_kind(text: str, content: Spans, quotes: Sequence[Span]) -> QuoteKind:
    """How ``content`` stands to the quotations: wholly inside (``direct``), partly (``mixed``), not (``indirect``).

    A "that" before the quotation and punctuation around it do not count.
    """
    pieces = [piece for span in content for piece in _pieces(span, quotes)]
    saying = [(text[start:end], quoted) for start, end, quoted in pieces if any(map(str.isalnum, text[start:end]))]
    if not any(quoted for _, quoted in saying):
        return "indirect"
    if _THAT.fullmatch(saying[0][0]):
        saying = saying[1:]
    return "direct" if all(quoted for _, quoted in saying) else "mixed"


def _pieces(span: Span, quotes: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    """``span`` cut at the borders of quotations: start, end, whether quoted."""
    at, end = span
    first = max(0, bisect_right(quotes, (at, at)) - 1)
    for opened, closed in quotes[first : bisect_right(quotes, (end, end))]:
        if closed <= at:
            continue
        if at < opened:
            yield at, opened, False
        yield max(at, opened), min(closed, end), True
        at = closed
    if at < end:
        yield at, end, False


class QuoteKinds:
    """Component that says of each draft whether its content is a quotation; ``self`` stays."""

    def __call__(self, doc: Doc) -> Doc:
        drafts = [draft for draft in drafts_of(doc) if draft.quote_kind != "self"]
        for draft, kind in zip(drafts, self.read(text_of(doc), (draft.content for draft in drafts)), strict=True):
            draft.quote_kind = kind
        return doc

    def read(self, text: str, contents: Iterable[Spans]) -> list[QuoteKind]:
        """The quote kind of each content."""
        quotes = quoted_spans(text)
        return [quote_kind(text, content, quotes) for content in contents]


@Language.factory("quote_kinds", requires=["doc._.drafts"], assigns=["doc._.drafts"])
def make_quote_kinds(nlp: Language, name: str) -> QuoteKinds:
    """Build the component."""
    register_extensions()
    return QuoteKinds()
