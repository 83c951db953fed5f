"""Writing a new document, or a new text of a known one, into the record: its speakers, its statements, and the reports
of known statements.

Everything happens in the session, and so in the one transaction, that the caller gives.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from kb.dates import first_day, last_day
from kb.ingest.copies import Copy, find_copy
from kb.ingest.decide import Date, Insert, Revise
from kb.ingest.likeness import WHOLE
from kb.ingest.origins import keep
from kb.ingest.people import author_mention, identify, like_names, names_of, telling_keys
from kb.ingest.roles import is_same_role
from kb.ingest.same import REPORT_DAYS, Known, Saying, find_same, fuller, said_first
from kb.store import (
    Session,
    candidates,
    corrections,
    disagreements,
    documents,
    reviews,
    speakers,
    statement_rows,
    statements,
)
from kb.store.candidates import StoredSpeaker
from kb.store.statements import Reported
from kb.text import fold, fold_words, words_at
from kb.types import Attribution, PartialDate, Role, SpeakerMention, StatementRow

MADE_BY = "onrecord"
"""The author of merges that no person made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a document brought."""

    document_id: int
    statements: int
    """Statements that it reports, new or known; those that a revision has and no text before it had."""
    predictions: int
    revision: int = 0
    """Number of the text that was stored."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker of the document: the stored speaker, and the root of its cluster."""

    speaker_id: int
    root_id: int
    roles: Sequence[Role] = ()
    """As other documents print them."""


def record(session: Session, new: Insert, source_id: int, found: Sequence[Attribution], *, extractor: str) -> Recorded:
    """Store the document and everything found in it. ``extractor``: version of what found it."""
    said_on = new.data.said_on.isoformat() if new.data.said_on else None
    recorder = _Recorder(session, new.fetched_at, said_on)
    mentions = [attribution.speaker for attribution in found if attribution.speaker]
    author = author_mention(new.data.raw.speaker) if new.data.raw.speaker else None
    recorder.meet([author, *mentions] if author else mentions)
    copy = find_copy(session, new.data, new.fetched_at)
    if copy is None and new.near_duplicate_of:
        copy = Copy(new.near_duplicate_of)
    document_id = documents.insert(
        session,
        source_id,
        new.data,
        new.fetched_at,
        speaker_id=recorder.voice(author).speaker_id if author else None,
        near_duplicate_of=copy.document_id if copy else None,
        differs=copy.differs if copy else (),
        arrival_id=keep(session, new.data.raw.origin),
    )
    reported = {
        recorder.place(attribution, document_id, extractor=extractor): attribution.statement.kind
        for attribution in distinct(found, new.data.text)
    }
    recorder.add_roles(document_id)
    reviews.replay(session, new.data.text_sha256)
    predictions = sum(kind == "prediction" for kind in reported.values())
    return Recorded(document_id=document_id, statements=len(reported), predictions=predictions)


def record_revision(session: Session, changed: Revise, found: Sequence[Attribution], *, extractor: str) -> Recorded:
    """Store another text of a document and everything found in it. What it reports as before is the same statement."""
    document_id, data = changed.document_id, changed.data
    arrival_id = keep(session, data.raw.origin)
    number = documents.revise(session, document_id, data, changed.seen_at, reason=changed.reason, arrival_id=arrival_id)
    recorder = _Recorder(session, changed.seen_at, data.said_on.isoformat() if data.said_on else None, revision=number)
    before = list(statements.reported(session, document_id))
    recorder.recall(before)
    recorder.meet([attribution.speaker for attribution in found if attribution.speaker])
    reported = {
        recorder.place(attribution, document_id, extractor=extractor): attribution.statement.kind
        for attribution in distinct(found, data.text)
    }
    recorder.add_roles(document_id)
    known = {report.statement_id for report in before}
    new = [kind for statement_id, kind in reported.items() if statement_id not in known]
    predictions = sum(kind == "prediction" for kind in new)
    return Recorded(document_id=document_id, statements=len(new), predictions=predictions, revision=number)


def record_date(session: Session, dated: Date, found: Sequence[Attribution]) -> Recorded:
    """Note when a known document is from, and so when what it reports was said and falls due."""
    said_on = documents.set_published(session, dated.document_id, dated.data.raw)
    read = {
        (attribution.content, words_at(dated.data.text, attribution.source)): attribution.statement.horizon
        for attribution in distinct(found, dated.data.text)
    }
    for place, statement_id in statements.reports_at(session, dated.document_id, dated.revision).items():
        statements.date(session, statement_id, said_on, read.get(place))
    return Recorded(document_id=dated.document_id, statements=0, predictions=0, revision=dated.revision)


def record_again(
    session: Session, document_id: int, found: Sequence[Attribution], *, extractor: str, now: dt.datetime
) -> None:
    """Store what a newer extraction found in the text of a known document, beside what was found before.

    Where a person has judged nothing changes; what is found differently there is kept for ``kb review --conflicts``.
    """
    document = documents.get(session, document_id)
    said_on = document.published_at.date().isoformat() if document.published_at else None
    corrected = bool(corrections.of_text(session, document.text_sha256))
    recorder = _Recorder(session, now, said_on, corrected=corrected)
    recorder.meet([attribution.speaker for attribution in found if attribution.speaker])
    known = statements.places(session, document_id, revision=0)
    for attribution in distinct(found, document.text):
        if (attribution.content, words_at(document.text, attribution.source)) not in known:
            recorder.place(attribution, document_id, extractor=extractor)
    recorder.add_roles(document_id)


def distinct(found: Sequence[Attribution], text: str) -> Iterator[Attribution]:
    """Attributions with content, each content once for the same source words."""
    seen = set()
    for attribution in apart(found):
        occurrence = (attribution.content, words_at(text, attribution.source))
        if occurrence not in seen and words_at(text, attribution.content).strip():
            seen.add(occurrence)
            yield attribution


def apart(found: Iterable[Attribution]) -> Iterator[Attribution]:
    """Each part of a content that foretells several things as an attribution of its own, all others as they are."""
    for attribution in found:
        for part in attribution.parts:
            yield replace(attribution, content=part.content, statement=part.statement, parts=())
        if not attribution.parts:
            yield attribution


class _Recorder:
    """What is known while one text of a document is written."""

    def __init__(
        self,
        session: Session,
        now: dt.datetime,
        said_on: PartialDate | None,
        *,
        revision: int = 0,
        corrected: bool = False,
    ) -> None:
        self._session = session
        self._now = now
        self._said_on = said_on
        self._revision = revision
        self.corrected = corrected
        """Whether people corrected what was found in this text before: what they judged stands."""
        self._before: dict[tuple[str, ...], list[Reported]] = defaultdict(list)
        self._fullest: dict[tuple[str, str], SpeakerMention] = {}
        self._voices: dict[tuple[str, str], Voice] = {}
        self._mentions: dict[SpeakerMention, Voice] = {}
        self._known: dict[tuple[int, PartialDate | None], list[Known]] = {}

    def recall(self, before: Sequence[Reported]) -> None:
        """Know what the document's earlier texts report. A name means the same speaker in all of them."""
        for report in before:
            self._before[tuple(fold_words(report.words))].append(report)
        speaking = {report.speaker_id for report in before if report.speaker_id is not None}
        for stored in candidates.load(self._session, speaking):
            self._voices[stored.kind, fold(stored.name)] = Voice(stored.id, stored.root_id, stored.roles)

    def meet(self, mentions: Sequence[SpeakerMention]) -> None:
        """Learn how the document names its speakers, so that each is identified by the mention that tells most."""
        for mention in mentions:
            self._fullest[_key(mention)] = max(self._fullest.get(_key(mention), mention), mention, key=_fullness)

    def voice(self, mention: SpeakerMention) -> Voice:
        """The speaker that a mention means, made when there is none; one name means one speaker within a document."""
        key = _key(mention)
        if key not in self._voices:
            self._voices[key] = self._identified(self._fullest.get(key, mention))
        voice = self._voices[key]
        if mention not in self._mentions:
            self._mentions[mention] = voice
            self._add_names(voice.speaker_id, mention)
        return voice

    def add_roles(self, document_id: int) -> None:
        """Note every role that the document gives one of its speakers."""
        for mention, voice in self._mentions.items():
            if mention.role:
                role = next((r for r in voice.roles if is_same_role(r, mention.role)), mention.role)
                speakers.add_role(self._session, voice.speaker_id, role, seen=self._said_on, document_id=document_id)

    def place(self, found: Attribution, document_id: int, *, extractor: str) -> int:
        """Store one attribution as a report of a known statement or of a new one; return the statement's id."""
        judged = disagreements.known_here(self._session, document_id, self._revision, found) if self.corrected else None
        if judged:
            disagreements.note(self._session, judged, found, extractor=extractor, now=self._now)
            return judged.row.statement_id
        voice = self.voice(found.speaker) if found.speaker and found.speaker.name.strip() else None
        said_on = found.said_on or self._said_on
        saying = Saying(
            text=found.statement.text,
            kind=found.statement.kind,
            quote_kind=found.quote_kind,
            said_on=said_on,
            document_id=document_id,
            horizon=found.statement.horizon,
        )
        standing = self._standing(found, voice, document_id) if self._before else None
        known = self._statements_of(voice, said_on) if voice and found.speaker and found.speaker.kind != "group" else []
        same = find_same(saying, known) if standing is None else standing
        if same is None:
            speaker_id = voice.speaker_id if voice else None
            statement_id = statements.insert(self._session, speaker_id, found.statement, said_on=said_on)
            known.append(Known(statement_id, (saying,)))
        else:
            statement_id = same
            if standing is None:
                self._reword(known, saying, found, statement_id)
        statements.attach(
            self._session,
            statement_id,
            document_id,
            found,
            extractor=extractor,
            now=self._now,
            revision=self._revision,
        )
        return statement_id

    def _standing(self, found: Attribution, voice: Voice | None, document_id: int) -> int | None:
        """The statement that an earlier text of the document reports in the same words, by the same speaker.

        Whoever is unknown, or was judged by a person, is the same where the document calls them the same. A rejected
        statement stays rejected.
        """
        text = documents.text_at(self._session, document_id, self._revision)
        speaker_text = words_at(text, found.source)
        for report in self._before[tuple(fold_words(words_at(text, found.content)))]:
            known = voice is not None and report.root_id is not None
            judged = report.review != "machine" and report.speaker_text == speaker_text
            if judged or (report.root_id == voice.root_id if known and voice else report.speaker_text == speaker_text):
                return report.statement_id
        return None

    def _reword(self, known: list[Known], saying: Saying, found: Attribution, statement_id: int) -> None:
        position, old = next((i, k) for i, k in enumerate(known) if k.statement_id == statement_id)
        sayings = (*old.sayings, saying)
        data = found.statement if fuller(saying, old.sayings) else None
        statements.reword(self._session, statement_id, data, said_on=said_first(sayings))
        known[position] = replace(old, sayings=sayings)

    def _identified(self, mention: SpeakerMention) -> Voice:
        known = self._candidates(mention)
        identity = identify(mention, known, seen=self._said_on)
        stored = next((s for s in known if s.id == identity.speaker_id), None)
        speaker_id = stored.id if stored else speakers.create(self._session, mention)
        own_root, roles = (stored.root_id, stored.roles) if stored else (speaker_id, ())
        if identity.merge_with is None:
            return Voice(speaker_id, own_root, roles)
        loser, root = (own_root, identity.merge_with) if not identity.leads else (identity.merge_with, own_root)
        speakers.merge(self._session, loser, root, made_by=MADE_BY, reason=identity.reason, now=self._now)
        self._move(loser, root)
        return Voice(speaker_id, root, roles)

    def _candidates(self, mention: SpeakerMention) -> list[StoredSpeaker]:
        """Who shares a name with the mention, or has a like name and a role at the same organisation."""
        if mention.kind == "group":
            return []
        ids = candidates.named(self._session, telling_keys(mention))
        ids |= candidates.given(self._session, {fold(name) for name in (*names_of(mention), mention.handle or "")})
        if mention.role and mention.role.title and mention.role.organisation:
            colleagues = candidates.colleagues(self._session, mention.role.organisation)
            ids |= like_names(mention, colleagues, least=WHOLE)
        return candidates.load(self._session, ids)

    def _move(self, old_root: int, root: int) -> None:
        """Follow a merge with what was read before it."""
        for key, voice in self._voices.items():
            if voice.root_id == old_root:
                self._voices[key] = replace(voice, root_id=root)
        for moved in [key for key in self._known if key[0] in (old_root, root)]:
            del self._known[moved]

    def _add_names(self, speaker_id: int, mention: SpeakerMention) -> None:
        for name in names_of(mention):
            speakers.add_alias(self._session, speaker_id, name)
        if mention.handle:
            speakers.add_alias(self._session, speaker_id, mention.handle, origin="handle")

    def _statements_of(self, voice: Voice, said_on: PartialDate | None) -> list[Known]:
        """What a speaker said about that time, as far as it can be one with what was said then."""
        key = voice.root_id, said_on
        if key not in self._known:
            since, until = _window(said_on)
            rows = statement_rows.of_speakers(self._session, [voice.root_id], since=since, until=until)
            self._known[key] = [_known(row) for row in rows if row.review != "rejected"]
        return self._known[key]


def _key(mention: SpeakerMention) -> tuple[str, str]:
    return mention.kind, fold(mention.name)


def _fullness(mention: SpeakerMention) -> tuple[bool, bool, bool]:
    """Orders mentions of one name by how much they tell of the speaker."""
    role = mention.role or Role()
    return mention.handle is not None, role.organisation is not None, role.title is not None


def _window(said_on: PartialDate | None) -> tuple[PartialDate | None, PartialDate | None]:
    if said_on is None:
        return None, None
    reach = dt.timedelta(days=REPORT_DAYS)
    return (first_day(said_on) - reach).isoformat(), (last_day(said_on) + reach).isoformat()


def _known(row: StatementRow) -> Known:
    """A stored statement as what can be compared: the wording of every report."""
    return Known(
        row.id,
        tuple(
            Saying(
                text=report.words,
                kind=row.kind,
                quote_kind=report.quote_kind,
                said_on=row.said_on,
                document_id=report.document_id,
                horizon=row.horizon,
            )
            for report in row.reports
        ),
    )
