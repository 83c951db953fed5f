"""What has changed from one text to another? Sentences that are gone, new or reworded; layout and notes on the time of
an update are no change. Comparing is pure.

A sentence that only stands elsewhere is the same. One that is gone and one that is new are one reworded sentence when
most of their words are the same.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from kb.ingest.wording import read_wording
from kb.nlp.sentences import sentences
from kb.store import Store, documents
from kb.types import ChangeKind, ChangeRow

ALIKE = 55.0
"""Percent of rapidfuzz's ratio from which two sentences are one that was reworded. By hand: "The plant will open in
May." and "The plant, in Leiden, is now to open in June." have 66, sentences of one article that differ 30 to 50."""

NEAR = 200
"""New sentences, those nearest the top, among which a reworded one is looked for; a text of a megabyte that was
replaced as a whole would else take minutes."""

ORDER: tuple[ChangeKind, ...] = ("title", "quotation", "number", "sentence")
"""What a reader wants to see first."""

_TOKEN = re.compile(r"\w+(?:[.,:'-]\w+)*|[%$€£\"]")
_ALIKE_MARKS = str.maketrans({**dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‘’", "'"), **dict.fromkeys("–—‑", "-")})
_QUOTED = re.compile(r"[“„«\"][^“”„«»\"\n]*[”»\"]")
_WRAPPED = re.compile(r"(?<![.!?:\"”\n])\n(?=[a-z])")

# A sentence that is made of nothing but these and figures says when a page was made, or how it is doing.
_MARKERS = frozenset(
    """ad advertisement ago comment comments edited email like likes listen live modified newsletter posted print
    published read reading refreshed revised saved share shared shares subscribe update updated updates view viewed
    views""".split()
)
_STAMPS = _MARKERS | frozenset(
    """a am an and article at by continue day days est edt et cet cest gmt utc bst pst pdt ist first for friday fri
    hour hours hr hrs in is january jan february feb march mar april apr may june jun july jul august aug september
    sep sept october oct november nov december dec just last less m min mins minute minutes monday mon more now of on
    original originally our p page people pm sat saturday sec second seconds secs since story sun sunday than the this
    thu thursday time times to today tue tuesday was wed wednesday week weeks with yesterday z""".split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it is printed and as it is compared."""

    printed: str
    words: str
    """Words and quotation marks in one spelling; equal for sentences that differ in layout alone."""
    quoted: str
    """Those of them that stand in quotation marks."""

    @property
    def numbers(self) -> frozenset[float]:
        """Every figure in it."""
        return read_wording(self.printed).numbers


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence that was reworded, or is gone (``added`` None), or is new (``removed`` None)."""

    kind: ChangeKind
    removed: str | None
    added: str | None


def is_same(old: str, new: str) -> bool:
    """Whether two texts say the same in the same words and order."""
    return old == new or _matter(old) == _matter(new)


def _matter(text: str) -> str:
    return " ".join(sentence.words for sentence in read_sentences(text))


def changes(old: str, new: str) -> list[Change]:
    """Every change, quotations and numbers first, each in the order of the texts."""
    pairs = compared(old, new) if not is_same(old, new) else ()
    found = [Change(_kind(a, b), a.printed if a else None, b.printed if b else None) for a, b in pairs]
    return sorted(found, key=lambda change: ORDER.index(change.kind))


def compared(old: str, new: str, *, alike: float = ALIKE) -> Iterator[tuple[Sentence | None, Sentence | None]]:
    """Sentences that are not in both texts: those reworded in pairs, those gone, then those that are new."""
    before, after = list(read_sentences(old)), list(read_sentences(new))
    gone, new_ones = _only_in(before, after), _only_in(after, before)
    for sentence in gone:
        near = enumerate(new_ones[:NEAR])
        score, at = max(((fuzz.ratio(sentence.words, other.words), -i) for i, other in near), default=(0, 0))
        yield sentence, new_ones.pop(-at) if score >= alike else None
    yield from ((None, sentence) for sentence in new_ones)


def _only_in(ours: Sequence[Sentence], theirs: Iterable[Sentence]) -> list[Sentence]:
    """Those of ours that they do not have, or not as often."""
    left = Counter(sentence.words for sentence in theirs)
    found = []
    for sentence in ours:
        left[sentence.words] -= 1
        if left[sentence.words] < 0:
            found.append(sentence)
    return found


def _kind(old: Sentence | None, new: Sentence | None) -> ChangeKind:
    if (old.quoted if old else "") != (new.quoted if new else ""):
        return "quotation"
    if (old.numbers if old else frozenset()) != (new.numbers if new else frozenset()):
        return "number"
    return "sentence"


def read_sentences(text: str) -> Iterator[Sentence]:
    """The sentences of a text but for notes on its update and the page's own furniture."""
    text = _WRAPPED.sub(" ", text)
    quotations = [match.span() for match in _QUOTED.finditer(text)]
    for start, end in sentences(text, 0, len(text)):
        words = tokens(text[start:end])
        if words and not _is_stamp(words):
            inside = [text[max(start, a) : min(end, b)] for a, b in quotations if a < end and start < b]
            yield Sentence(" ".join(text[start:end].split()), " ".join(words), " ".join(tokens(" ".join(inside))))


def tokens(text: str) -> list[str]:
    """Words, signs of currency and per cent, and quotation marks, each in one spelling."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text.translate(_ALIKE_MARKS)).casefold())


def _is_stamp(words: Sequence[str]) -> bool:
    plain = [part for word in words for part in re.split(r"[.,:'-]", word) if part and not part[0].isdigit()]
    return bool(_MARKERS.intersection(plain)) and _STAMPS.issuperset(plain)


def changed_documents(
    store: Store, document_id: int | None = None, *, since: dt.date | None = None
) -> Iterator[ChangeRow]:
    """What changed in every text of a document, or in those of all documents that were seen on a day or later.

    The last seen first. Raises NotFoundError for an unknown document.
    """
    with store.reading() as session:
        for text in documents.revised(session, document_id, since=since):
            found = changes(text.before, text.text)
            if text.title and text.title_before and text.title != text.title_before:
                found.insert(0, Change("title", text.title_before, text.title))
            for change in found:
                yield ChangeRow(
                    document_id=text.document_id,
                    title=text.title or text.title_before,
                    publisher=text.publisher,
                    url=text.url,
                    revision=text.number,
                    seen_at=text.seen_at,
                    reason=text.reason,
                    kind=change.kind,
                    removed=change.removed,
                    added=change.added,
                )
