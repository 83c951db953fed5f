"""Loading the lines of speakers, their roles and merges.

A speaker of the lines is one of the database when a statement of both shows it, or the same account, or the same
Wikidata entry. The same full name makes a new speaker who is merged with the one of that name: a judgement, which can
be undone.
"""

from __future__ import annotations

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from kb.store import speakers
from kb.store.dump import Line
from kb.store.known import Known
from kb.store.loading import Tally, moment, row_values
from kb.store.tables import Alias, Merge, NameKey, Speaker, Statement
from kb.text import exact_key, fold, name_parts
from kb.types import Role

MADE_BY = "import"


class Speakers:
    """Speakers by their number in the lines."""

    def __init__(self, session: Session, known: Known, tally: Tally) -> None:
        self.ids: dict[int, int] = {}
        self._session = session
        self._known = known
        self._tally = tally
        self._taken: set[int] = set(known.speakers.values())
        self._before: int = session.exec(select(func.max(Speaker.id))).one() or 0
        """Speakers with greater ids came with the lines."""
        self._merges_before: int = session.exec(select(func.max(Merge.id))).one() or 0

    def id_of(self, number: int | None) -> int | None:
        """The row id of a speaker, None for None. Raises KeyError for one whose line has not come."""
        return None if number is None else self.ids[number]

    def speaker(self, line: Line) -> None:
        """Find a speaker, or store a new one; names and what was not known are added."""
        speaker_id = self._find(line)
        if speaker_id is None:
            speaker_id = self._insert(line)
        else:
            self._taken.add(speaker_id)
            self._fill(self._session.get_one(Speaker, speaker_id), line)
        self.ids[line["id"]] = speaker_id

    def merge(self, line: Line) -> None:
        """Keep a merge, or that it was undone; those who were parted here stay apart."""
        from_id, into_id = self.ids[line["from"]], self.ids[line["into"]]
        undone_at = moment(line["undone_at"]) if line["undone_at"] else None
        same = select(Merge).where(Merge.from_id == from_id, Merge.into_id == into_id)
        stored = self._session.exec(same.where(Merge.made_at == moment(line["made_at"]))).first()
        if stored:
            if undone_at and not stored.undone_at:
                speakers.unmerge(self._session, stored.id, now=undone_at)
                self._tally.changed += 1
        elif undone_at:
            values = row_values("merge", line, leave_out=("from_id", "into_id"))
            self._session.add(Merge(from_id=from_id, into_id=into_id, **values))
            self._tally.added["merge"] += 1
        elif not self._are_one(from_id, into_id):
            self._join(line, from_id, into_id)

    def role(self, line: Line, document_id: int | None) -> None:
        """Add a role, or widen its dates."""
        role = Role(title=line["title"], organisation=line["organisation"])
        speaker_id = self.ids[line["speaker"]]
        first, last = line["first_seen"], line["last_seen"]
        changed = speakers.add_role(self._session, speaker_id, role, seen=first, document_id=document_id)
        if last and last != first:
            changed |= speakers.add_role(self._session, speaker_id, role, seen=last, document_id=None)
        self._tally.added["role"] += changed

    # --- who is who ---

    def _find(self, line: Line) -> int | None:
        number = line["id"]
        if number in self._known.speakers:
            return self._known.speakers[number]
        handles = [fold(alias["text"]) for alias in line["aliases"] if alias["origin"] == "handle"]
        ways = [select(Alias.speaker_id).where(Alias.origin == "handle", col(Alias.folded).in_(handles))]
        if line["wikidata_id"]:
            ways.append(select(Speaker.id).where(Speaker.wikidata_id == line["wikidata_id"]))
        if number not in self._known.saying:
            silent = ~exists().where(col(Statement.speaker_id) == col(Speaker.id))
            same = select(Speaker.id).where(Speaker.name == line["name"], Speaker.kind == line["kind"])
            ways.append(same.where(silent) if line["kind"] == "group" else same)
        for way in ways:
            for speaker_id in self._session.exec(way):
                if speaker_id <= self._before and speaker_id not in self._taken:
                    return speaker_id
        return None

    def _insert(self, line: Line) -> int:
        speaker = Speaker(**row_values("speaker", line))
        self._session.add(speaker)
        self._session.flush()
        for alias in line["aliases"]:
            speakers.add_alias(self._session, speaker.id, alias["text"], origin=alias["origin"])
        self._tally.added["speaker"] += 1
        namesake = self._namesake(line)
        if namesake is not None:
            reason = f"the same name in {self._tally.name}: {line['name']}"
            speakers.merge(self._session, speaker.id, namesake, made_by=MADE_BY, reason=reason, now=self._tally.now)
            self._tally.added["merge"] += 1
        return speaker.id

    def _namesake(self, line: Line) -> int | None:
        """The root of the one cluster, here before, that has the speaker's full name and nothing against it."""
        kind, name = line["kind"], line["name"]
        if kind == "group" or (kind == "person" and not name_parts(name)[0]):
            return None
        query = select(Speaker).join(NameKey, col(NameKey.speaker_id) == col(Speaker.id))
        named = self._session.exec(query.where(NameKey.key == exact_key(name, kind), Speaker.kind == kind))
        found = {speakers.root_of(speaker) for speaker in named if speaker.id <= self._before}
        root = found.pop() if len(found) == 1 else None
        return None if root is None or self._contradicts(root, line) else root

    def _contradicts(self, root: int, line: Line) -> bool:
        """Whether the two have different Wikidata entries, or different accounts on one channel."""
        members = speakers.members(self._session, [root])
        entries = set(self._session.exec(select(Speaker.wikidata_id).where(col(Speaker.id).in_(members)))) - {None}
        query = select(Alias.text).where(col(Alias.speaker_id).in_(members), Alias.origin == "handle")
        channels = {handle.partition(":")[0] for handle in self._session.exec(query)}
        own = {alias["text"].partition(":")[0] for alias in line["aliases"] if alias["origin"] == "handle"}
        return bool(line["wikidata_id"] and entries - {line["wikidata_id"]}) or bool(channels & own)

    def _fill(self, speaker: Speaker, line: Line) -> None:
        before = (speaker.watched, speaker.description, speaker.wikidata_id)
        speaker.watched = speaker.watched or line["watched"]
        speaker.description = speaker.description or line["description"]
        speaker.wikidata_id = speaker.wikidata_id or line["wikidata_id"]
        names = [
            speakers.add_alias(self._session, speaker.id, alias["text"], origin=alias["origin"])
            for alias in line["aliases"]
        ]
        self._tally.changed += any(names) or before != (speaker.watched, speaker.description, speaker.wikidata_id)
        if line["wikidata_id"] and speaker.wikidata_id != line["wikidata_id"]:
            there = f"{line['wikidata_id']} in {self._tally.name}"
            self._tally.conflicts.append(f"speaker {speaker.name}: {speaker.wikidata_id} on Wikidata here, {there}")

    # --- merges ---

    def _are_one(self, one: int, other: int) -> bool:
        both = (self._session.get_one(Speaker, one), self._session.get_one(Speaker, other))
        return speakers.root_of(both[0]) == speakers.root_of(both[1])

    def _join(self, line: Line, from_id: int, into_id: int) -> None:
        ends = {from_id, into_id}
        undone = select(Merge.id).where(
            col(Merge.from_id).in_(ends), col(Merge.into_id).in_(ends), col(Merge.undone_at).is_not(None)
        )
        parted = self._session.exec(undone.where(col(Merge.id) <= self._merges_before)).first()
        if parted is not None:
            names = (self._session.get_one(Speaker, speaker_id).name for speaker_id in (from_id, into_id))
            both = " and ".join(names)
            self._tally.conflicts.append(f"speakers {both}: one in {self._tally.name}, parted here; they stay apart")
            return
        made_at = moment(line["made_at"])
        speakers.merge(self._session, from_id, into_id, made_by=line["made_by"], reason=line["reason"], now=made_at)
        self._tally.added["merge"] += 1
