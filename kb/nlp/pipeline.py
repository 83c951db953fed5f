"""The spaCy pipeline, and the extractor that the rest of onrecord uses."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from kb.config import Settings
from kb.nlp.attributor import bundled_encoder
from kb.nlp.drafts import Setting, drafts_of
from kb.text import plain_letters
from kb.types import Attribution, DocumentData

COMPONENTS = (
    ("kb.nlp.attributor", "attributor"),
    ("kb.nlp.contents", "contents"),
    ("kb.nlp.quotes", "quote_kinds"),
    ("kb.nlp.speakers", "speakers"),
    ("kb.nlp.selfsaid", "self_statements"),
    ("kb.nlp.earlier", "earlier"),
    ("kb.nlp.kinds", "kinds"),
    ("kb.nlp.parts", "parts"),
    ("kb.nlp.horizons", "horizons"),
    ("kb.nlp.strength", "strength"),
    ("kb.nlp.quantities", "quantities"),
)
"""(module, factory) in the order of running: each reads what those before it wrote."""

LONGEST_TEXT = 100_000_000
"""Characters; spaCy's own limit of a million is for parsers, which we have none of."""

MOST_WORDS = 100_000
"""Words of spaCy's vocabulary, which keeps every word it ever saw, at 500 bytes each; then a new one is begun."""

MARKS_WITHIN = r"[<>\"“”]"
"""Quotation marks and brackets as in ``"Ann"<ann@example.org>``."""

RULES_VERSION = 6
"""Counts changes of the rules that a store should know of, beside the weights' own version."""


def build_language(**configs: dict[str, Any]) -> Language:
    """An English tokeniser and our components; nothing is downloaded.

    ``configs``: what differs from a component's default configuration, by the component's name.
    """
    nlp = spacy.blank("en")
    nlp.tokenizer = _tokenizer(nlp)
    nlp.max_length = LONGEST_TEXT
    for module, factory in COMPONENTS:
        import_module(module)
        nlp.add_pipe(factory, config=configs.get(factory, {}))
    return nlp


def _tokenizer(nlp: Language) -> Tokenizer:
    """spaCy's English tokeniser, except that marks end a word in addresses too: names are made of whole words."""
    plain = nlp.tokenizer
    assert isinstance(plain, Tokenizer)
    infixes = [*(nlp.Defaults.infixes or ()), MARKS_WITHIN]
    return Tokenizer(
        nlp.vocab,
        rules=plain.rules,
        prefix_search=plain.prefix_search,
        suffix_search=plain.suffix_search,
        infix_finditer=spacy.util.compile_infix_regex(infixes).finditer,
        token_match=plain.token_match,
    )


def _configs(settings: Settings) -> dict[str, dict[str, Any]]:
    """What the user's settings say to the components."""
    calendars = {"fiscal_years": dict(settings.fiscal_years), "events": dict(settings.events)}
    return {
        "self_statements": calendars,
        "horizons": calendars,
        "strength": {"scale": settings.scale},
    }


class Extractor:
    """Documents in, attributions out."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.language = build_language(**(_configs(settings) if settings else {}))

    @property
    def version(self) -> str:
        """Recorded beside every attribution: the weights and the rules that found it."""
        return f"{bundled_encoder().version}+{RULES_VERSION}"

    def extract(self, document: DocumentData) -> tuple[Attribution, ...]:
        """The attributions of one document, in text order."""
        return next(self.pipe([document]))[1]

    def pipe(self, documents: Iterable[DocumentData]) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        """Every document with its attributions, in order, a batch at a time."""
        kept, read = itertools.tee(documents)
        docs = self.language.pipe(self._doc(document) for document in read)
        for document, doc in zip(kept, docs, strict=True):
            yield document, tuple(draft.freeze(document.text) for draft in drafts_of(doc))

    def _forget_words(self) -> None:
        """Begin a new vocabulary where the old one has grown large; documents hold on to theirs."""
        tokenizer = self.language.tokenizer
        assert isinstance(tokenizer, Tokenizer)
        if len(tokenizer.vocab) > MOST_WORDS:
            self.language.tokenizer = _tokenizer(spacy.blank("en"))

    def _doc(self, document: DocumentData) -> Doc:
        self._forget_words()
        text = plain_letters(document.text)
        doc = self.language.make_doc(text)
        doc._.text = text
        raw = document.raw
        doc._.setting = Setting(
            kind=raw.kind, title=raw.title, said_on=document.said_on, speaker=raw.speaker, turns=document.turns
        )
        return doc
