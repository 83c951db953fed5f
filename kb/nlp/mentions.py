"""Where a text names somebody: the spans of ``doc.ents`` put right, and capitalised words that they miss. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.lang.en.stop_words import STOP_WORDS

from kb.nlp.layout import Layout
from kb.nlp.lexicon import lexicon, plain
from kb.nlp.names import ARTICLES, PARTICLES, WORD, Word, is_capital, words_of
from kb.types import Span

Label = str
"""PERSON, ORG, GPE or MISC; empty for capitalised words that no entity covers."""

LONGEST_NAME = 6
"""Words of a name that is looked for in headlines."""

LONGEST_REST = 40
"""Characters before and after an entity that can still belong to the name."""

_LINKS = frozenset(["of", "for", "of the", "for the", "of a", "for a", "to", "and", "on", "in", "&"])
_INSIDE_NAMES = _LINKS | PARTICLES
_CALENDAR = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sept sep oct nov dec monday tuesday wednesday thursday friday saturday sunday".split()
)
_ORGANISATION_OF = re.compile(r"(?<![\w.])([A-Z]\w+) (?:(?:of|for)(?: the)?|to|on) $")
_JOINING = frozenset(["and", "or", "&", "with"])
_PEOPLE = re.compile(r"(?:[eo]rs|ists|crats|ans|ants)$")
_PRONOUNS = frozenset("i we he she it they you who which his her its their our my me him them us".split())
_NO_NAMES = _PRONOUNS | ARTICLES
_OPENERS = frozenset("according asked despite following given including like looking speaking unlike yes".split())
"""Words that open sentences and that no other list has."""
_BEHIND_ARTICLE = re.compile(r"\b(?:the|an?|\d+(?:st|nd|rd|th)) $", re.IGNORECASE)
_CUT_ARTICLE = re.compile(r" (?:al|el|as|ad|ar|an|at|az)-\w+")
_NEVER_FIRST = _PRONOUNS | _CALENDAR | _OPENERS | STOP_WORDS


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names somebody. ``text`` has no titles, article or possessive; offsets are its own."""

    start: int
    end: int
    text: str
    label: Label
    titles: tuple[str, ...] = ()
    """The title words right before it, as printed: ("Sen",)."""


class MentionIndex:
    """Mentions in text order, to be found by offset. They do not overlap."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self.mentions = sorted(mentions, key=lambda m: m.start)

    def within(self, start: int, end: int) -> list[Mention]:
        """Mentions that lie inside a span, in order."""
        first = bisect_left(self.mentions, start, key=lambda m: m.start)
        last = bisect_right(self.mentions, end, key=lambda m: m.end)
        return self.mentions[first:last]

    def overlapping(self, start: int, end: int) -> Mention | None:
        """The first mention that has a character in the span."""
        at = bisect_right(self.mentions, start, key=lambda m: m.end)
        return self.mentions[at] if at < len(self.mentions) and self.mentions[at].start < end else None

    def widened(self, start: int, end: int) -> Span:
        """The span with the whole of the mentions that it cuts: "Delangue" is "Clément Delangue" where that stands."""
        first, last = self.overlapping(start, start + 1), self.overlapping(end - 1, end)
        return min(start, first.start if first else start), max(end, last.end if last else end)


def find_mentions(
    text: str, entities: Iterable[tuple[int, int, Label]], *, layout: Layout | None = None
) -> list[Mention]:
    """Every mention in text order, not overlapping. ``layout``: that of ``text``, for callers who have it."""
    layout = layout or Layout(text)
    corrected = [mention for entity in _together(text, entities) if (mention := _corrected(layout, *entity))]
    named = MentionIndex(_without_nouns(_short_organisations(_without_overlaps(corrected)), layout))
    return sorted(_apart(text, [*named.mentions, *_capitalised(named, layout)]), key=lambda m: m.start)


def _short_organisations(mentions: Sequence[Mention]) -> list[Mention]:
    """ "Halcyon" is an organisation where the text names Halcyon Semiconductor, and nobody of that name."""
    persons = {word for m in mentions if m.label == "PERSON" and (m.titles or " " in m.text) for word in m.text.split()}
    openings = {m.text.split()[0] for m in mentions if m.label == "ORG" and " " in m.text} - persons
    return [replace(m, label="ORG") if m.label == "PERSON" and m.text in openings else m for m in mentions]


def _apart(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """ "LinkedIn Delangue" are two names where the text names Clément Delangue, and Delangue alone."""
    persons = {m.text for m in mentions if m.label == "PERSON"}
    surnames = {name.split()[-1] for name in persons if " " in name} & persons
    for mention in mentions:
        rest, _, last = mention.text.rpartition(" ")
        if rest and last in surnames and mention.label != "PERSON":
            start = mention.end - len(last)
            yield Mention(mention.start, len(text[:start].rstrip()), rest, mention.label)
            yield Mention(start, mention.end, last, "PERSON")
        else:
            yield mention


def _without_nouns(mentions: Sequence[Mention], layout: Layout) -> Iterator[Mention]:
    """ "Judge" and "Prime Minister" are no names, nor are "Poll" where a sentence opens and "Amendment" behind "the".

    "King" is one beside a longer "Stephen King".
    """
    surnames = {m.text.split()[-1] for m in mentions if " " in m.text}
    inside = {m.text for m in mentions if not layout.opens_sentence(m.start)}
    for mention in mentions:
        title = mention.label == "PERSON" and _is_office(mention.text)
        common = mention.text not in inside or (mention.label == "PERSON" and _has_article(layout.text, mention.start))
        noun = common and not mention.titles and _is_noun(mention.text)
        if mention.text in surnames or not (title or noun):
            yield mention


def _is_office(name: str) -> bool:
    """Whether every word of a name is a title, or belongs to one: "Vice President"."""
    *before, last = name.split()
    known = (lexicon().is_title(word) or plain(word) in lexicon().modifiers for word in before)
    return lexicon().is_title(last) and all(known)


def _has_article(text: str, start: int) -> bool:
    return _BEHIND_ARTICLE.search(text, max(0, start - LONGEST_REST), start) is not None


def _is_noun(name: str) -> bool:
    """Whether a capital may be all that makes a name of a word: "Poll", "Demonstrators", "Retired"; not "Congress"."""
    if " " in name or plain(name) in lexicon().organisations:
        return False
    return lexicon().is_common(name) or plain(name) in lexicon().modifiers or _PEOPLE.search(name) is not None


def _without_overlaps(mentions: list[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end)):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def _together(text: str, entities: Iterable[tuple[int, int, Label]]) -> list[tuple[int, int, Label]]:
    """Entities of one label with only a space between them are one that the encoder cut in two."""
    whole: list[tuple[int, int, Label]] = []
    for start, end, label in sorted(entities):
        if whole and whole[-1][2] == label and _joins(text, *whole[-1][:2], start):
            start = whole.pop()[0]
        whole.append((start, end, label))
    return whole


def _joins(text: str, start: int, end: int, following: int) -> bool:
    """Whether the entity at ``start`` goes on at ``following``: it does not end in "and" there."""
    return text[end:following] == " " and text[start:end].rpartition(" ")[2] not in _JOINING


def _corrected(layout: Layout, start: int, end: int, label: Label) -> Mention | None:
    """An entity widened to whole words, from its first capital to its last; a person's titles set apart."""
    text = layout.text
    end = _word_end(text, _open_bracket(text, start, end))
    words = [w for w in words_of(text, _word_start(text, start), end) if w.end > start]
    capitals = [i for i, w in enumerate(words) if w.capital and plain(w.text) not in _NO_NAMES]
    if not capitals:
        return None
    words = words[capitals[0] : capitals[-1] + 1]
    titles = _titles_before(text, words[0])
    if label == "PERSON" or any(plain(title.text) in lexicon().courtesy for title in titles):
        rest = [] if layout.in_headline(start) else _rest_of_name(text, words[-1])
        return _person(text, [*_given_names(text, words[0]), *words, *rest], titles)
    return _mention(text, [*_start_of_name(text, words[0]), *words], label)


def _open_bracket(text: str, start: int, end: int) -> int:
    """Where a bracket opens that the entity does not close: "Rep. Gwen Holm (D"; ``end`` without one."""
    opened = text.find("(", start + 1, end)
    return end if opened < 0 or ")" in text[opened:end] else opened


def _word_start(text: str, start: int) -> int:
    while start > 0 and text[start].isalnum() and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    return start


def _word_end(text: str, end: int) -> int:
    """Where the word ends that an entity stops within; "Yahya al" goes on to "al-Sinwar"."""
    if cut := _CUT_ARTICLE.match(text, max(0, end - len(" al")), end + LONGEST_REST):
        return cut.end()
    while 0 < end < len(text) and text[end - 1].isalnum() and (text[end].isalnum() or text[end] == "-"):
        end += 1
    return end


def _rest_of_name(text: str, last: Word) -> list[Word]:
    """Capitalised words that directly follow, for an entity that stops short of the surname."""
    found: list[Word] = []
    for word in words_of(text, last.end, _word_end(text, min(len(text), last.end + LONGEST_REST))):
        if not word.capital or text[last.end : word.start] not in (" ", "-") or lexicon().is_title(word.text):
            break
        if plain(word.text) in _NEVER_FIRST:
            break
        found.append(word)
        last = word
    return found if len(found) <= 2 else []


def _given_names(text: str, surname: Word) -> list[Word]:
    """Capitalised words right before a surname with its article: "Abdel Fattah" before "al-Sisi"."""
    found: list[Word] = []
    before = (
        list(words_of(text, max(0, surname.start - LONGEST_REST), surname.start)) if surname.text[0].islower() else []
    )
    for word in reversed(before[-2:]):
        following = found[0] if found else surname
        if not word.capital or text[word.end : following.start] != " " or lexicon().is_title(word.text):
            break
        found.insert(0, word)
    return found


def _start_of_name(text: str, first: Word) -> list[Word]:
    """The noun of an organisation whose entity starts short of it: "Alliance to" before "Reclaim Our Schools"."""
    lead = _ORGANISATION_OF.search(text, max(0, first.start - LONGEST_REST), first.start)
    return [Word(*lead.span(1), lead[1])] if lead and plain(lead[1]) in lexicon().organisations else []


def _mention(text: str, words: Sequence[Word], label: Label, titles: Sequence[Word] = ()) -> Mention:
    start, end = words[0].start, words[-1].end
    return Mention(start, end, " ".join(text[start:end].split()), label, tuple(t.text for t in titles))


def _person(text: str, words: list[Word], titles: list[Word]) -> Mention:
    """What follows the last title is the name: "New Jersey Gov. Chris Christie" is Chris Christie."""
    last = max((i for i, w in enumerate(words[:-1]) if lexicon().is_title(w.text)), default=-1)
    first = _first_title(words, last)
    return _mention(text, words[last + 1 :], "PERSON", words[first : last + 1] or titles)


def _first_title(words: Sequence[Word], last: int) -> int:
    """Where the titles begin that end with word number ``last``."""
    while last > 0 and lexicon().is_title(words[last - 1].text):
        last -= 1
    return max(0, last)


def _titles_before(text: str, first: Word) -> list[Word]:
    """The courtesy title or abbreviated office that stands right before a name."""
    reach = max(0, first.start - LONGEST_REST)
    word_start = text.rfind(" ", reach, max(reach, first.start - 1)) + 1
    before = list(words_of(text, max(word_start, reach), first.start))[-1:]
    if before and lexicon().is_title(before[0].text) and text[before[0].end : first.start].strip() in ("", "."):
        return before
    return []


def _capitalised(named: MentionIndex, layout: Layout) -> Iterator[Mention]:
    """Runs of capitalised words outside ``named``; in headlines only those that the rest of the text names too."""
    text = layout.text
    known = {m.text for m in named.mentions}
    for run in _runs(text, layout):
        if not named.overlapping(run[0].start, run[-1].end) and not layout.in_headline(run[0].start):
            for mention in _split(text, run):
                known.add(mention.text)
                yield mention
    for line in layout.headlines.values():
        yield from (m for m in _occurrences(text, line, known) if not named.overlapping(m.start, m.end))


def _occurrences(text: str, line: Span, known: set[str]) -> Iterator[Mention]:
    """Where a line has one of the ``known`` names; the longest at each place."""
    words = list(words_of(text, *line))
    at = 0
    while at < len(words):
        ends = range(min(len(words), at + LONGEST_NAME), at, -1)
        found = next((end for end in ends if _mention(text, words[at:end], "").text in known), None)
        if found:
            yield _mention(text, words[at:found], "")
        at = found or at + 1


def _runs(text: str, layout: Layout) -> Iterator[list[Word]]:
    """Capitalised words that follow one another, with the small words inside names; words of one sentence."""
    every = list(WORD.finditer(text))
    lower = {plain(word) for word in {match[0] for match in every} if not is_capital(word)}
    run: list[Word] = []
    link: list[Word] = []
    for match in every:
        if not run and not is_capital(match[0]):
            continue  # most words
        word = Word(match.start(), match.end(), match[0])
        if run and not _continues(text, link[-1] if link else run[-1], word, layout):
            yield run
            run, link = [], []
        if run and plain(word.text) in _CALENDAR:
            yield run
            run, link = [], []
        elif word.capital and (run or _can_open(word, lower, layout)):
            run, link = [*run, *link, word], []
        elif run and (link or _may_link(run[-1], word)):
            link.append(word)
            if " ".join(w.text for w in link) not in _INSIDE_NAMES:
                yield run
                run, link = [], []
    if run:
        yield run


def _continues(text: str, last: Word, word: Word, layout: Layout) -> bool:
    between = text[last.end : word.start]
    full_stop = between.strip() == "." and _is_abbreviation(last.text)
    return (
        (between.isspace() and "\n" not in between)
        or full_stop
        or between in ("-", "/")
        or (between == "" and layout.sentence(last.start) == layout.sentence(word.start))
    )


def _is_abbreviation(word: str) -> bool:
    key = plain(word)
    return len(key) == 1 or "." in word.strip(".") or key in lexicon().courtesy or key in lexicon().abbreviated


def _may_link(last: Word, word: Word) -> bool:
    if word.text in PARTICLES:
        return True
    return plain(last.text) in lexicon().organisations and word.text in _LINKS


def _can_open(word: Word, lower: set[str], layout: Layout) -> bool:
    key = plain(word.text)
    if key in _NEVER_FIRST:
        return False
    return not layout.opens_sentence(word.start) or not (key in lower or lexicon().is_common(key))


def _split(text: str, run: list[Word]) -> Iterator[Mention]:
    """A run as mentions: what stands before the last title ("House Speaker Paul Ryan") is a name of its own."""
    if all(lexicon().is_title(word.text) for word in run):
        return
    last = max((i for i, w in enumerate(run[:-1]) if lexicon().is_title(w.text)), default=-1)
    if last < 0:
        yield _mention(text, run, "")
        return
    first = _first_title(run, last)
    if first:
        yield _mention(text, run[:first], "")
    yield _mention(text, run[last + 1 :], "PERSON", run[first : last + 1])
