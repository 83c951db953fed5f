"""An extractor without a model, which reads lines ``In 2019, Name (role of organisation) says|predicts "words".``"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kb.types import (
    Attribution,
    DocumentData,
    Horizon,
    RawDocument,
    Role,
    SpeakerKind,
    SpeakerMention,
    StatementData,
)

LINE = re.compile(
    r"^(?:In (?P<then>[\d-]+), )?(?P<name>.+?)(?: \((?P<title>[^()]+?) of (?P<organisation>[^()]+)\))? "
    r"(?P<cue>says|predicts|said|predicted)(?P<how> that|:) (?P<content>.+)$",
    re.MULTILINE,
)


@dataclass
class LineExtractor:
    """Finds what a regular expression can; posts are split into lines that their author says."""

    version: str = "lines 1"
    anonymous: bool = False
    """Whether to leave out who speaks."""
    kind: SpeakerKind = "person"
    """What the speakers are."""
    seen: list[str] = field(default_factory=list)

    def pipe(self, documents: Iterable[DocumentData]) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        for document in documents:
            self.seen.append(document.raw.external_id)
            read = self._own if document.raw.speaker else self._reported
            yield document, tuple(read(document))

    def _own(self, document: DocumentData) -> Iterator[Attribution]:
        author = document.raw.speaker
        assert author is not None
        speaker = SpeakerMention(name=author.name, kind=author.kind)
        for line in re.finditer(r".+", document.text):
            yield attribution(document, line.span(), speaker, quote_kind="self", kind="prediction")

    def _reported(self, document: DocumentData) -> Iterator[Attribution]:
        for line in LINE.finditer(document.text):
            role = Role(title=line["title"], organisation=line["organisation"]) if line["title"] else None
            speaker = None if self.anonymous else SpeakerMention(name=line["name"], kind=self.kind, role=role)
            kind = "prediction" if line["cue"].startswith("predict") else "claim"
            yield attribution(
                document,
                line.span("content"),
                speaker,
                source=(line.span("name"),),
                cue=(line.span("cue"),),
                quote_kind="direct" if line["how"] == ":" else "indirect",
                kind=kind,
                said_on=line["then"],
            )


def attribution(
    document: DocumentData, span: tuple[int, int], speaker: SpeakerMention | None, **fields: Any
) -> Attribution:
    words = document.text[span[0] : span[1]]
    phrase = re.search(r"in (20\d\d)|next year" if document.said_on else r"in (20\d\d)", words)
    year = int(phrase[1] or document.said_on.year + 1) if phrase and document.said_on else phrase and int(phrase[1])
    horizon = phrase and year and Horizon(
        earliest=dt.date(year, 1, 1), latest=dt.date(year, 12, 31), precision="year",
        phrase=phrase[0], rule="year", start=phrase.start(), end=phrase.end(),
    )  # fmt: skip
    statement = StatementData(kind=fields.pop("kind"), text=words, horizon=horizon)
    fields = {"source": (), "cue": (), "confidence": 0.5} | fields
    return Attribution(content=(span,), speaker=speaker, statement=statement, **fields)


def raw(external_id: str, text: str, **fields: Any) -> RawDocument:
    fields = {"kind": "article", "published_at": dt.datetime(2024, 12, 3, tzinfo=dt.UTC)} | fields
    return RawDocument(external_id=external_id, text=text, **fields)
