"""What people judge: who is who, and how predictions turned out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from kb import ask, outcomes
from kb.app.opened import Opened
from kb.app.wiring import now
from kb.errors import JudgementError
from kb.ingest import repeats
from kb.store import speaker_rows, speakers
from kb.store.check import check
from kb.types import ItemResult, MergeRow, OutcomeRow, SpeakerRow, SuggestionRow


class Judging(Opened):
    """Speakers, outcomes, and whether the record is sound."""

    def speakers(self, words: str | None = None, *, watched: bool = False) -> list[SpeakerRow]:
        """Speakers one of whose names has all ``words``, those with most statements first.

        ``watched`` keeps those on the list of people to watch.
        """
        return ask.speakers(self.store, words=words, watched=watched)

    def speaker(self, name_or_id: str | int) -> SpeakerRow:
        """The one speaker with that id or name. Raises NotFoundError."""
        return ask.speaker(self.store, name_or_id)

    def merge(self, from_: str | int, into: str | int, *, reason: str) -> MergeRow:
        """Judge that two speakers are one. Raises NotFoundError, or JudgementError when they are already."""
        with self.store.transaction() as session:
            from_id, into_id = (speaker_rows.one_named(session, str(name)) for name in (from_, into))
            if from_id == into_id and str(from_) != str(into):
                raise JudgementError(f"{from_} and {into} are one speaker already: kb speakers show {into_id}")
            made_by = self.settings.user
            merge_id = speakers.merge(session, from_id, into_id, made_by=made_by, reason=reason, now=now())
            repeats.link_speakers(session, {speaker_rows.one_named(session, str(into_id))})
        return next(merge for merge in ask.speaker(self.store, into_id).merges if merge.id == merge_id)

    def unmerge(self, merge_id: int) -> None:
        """Take back a merge, whoever made it. Raises NotFoundError, or JudgementError when it is undone already."""
        with self.store.transaction() as session:
            parted = speakers.unmerge(session, merge_id, now=now())
            repeats.link_speakers(session, parted)

    def alias(self, speaker: str | int, text: str) -> None:
        """Let a speaker go by another name, in documents to come too. Raises NotFoundError."""
        with self.store.transaction() as session:
            speakers.add_alias(session, speaker_rows.one_named(session, str(speaker)), text, origin="user")

    def suggest_merges(self, name_or_id: str | int | None = None, *, limit: int = 20) -> list[SuggestionRow]:
        """Who may be the speaker of that id or name, which may be new to the record; None: any two who may be one.

        The most likely first, with reasons. Raises NotFoundError for an unknown id.
        """
        from kb.ingest import suggest

        with self.store.reading() as session:
            if name_or_id is None:
                return suggest.suggest(session, limit=limit)
            return suggest.suggest_for(session, str(name_or_id), limit=limit)

    def import_speakers(self, file: str | Path, *, name: str | None = None) -> list[ItemResult]:
        """Watch everybody on a list, a CSV file; one result per line. ``name`` is what messages call the file, its path
        unless given. Raises InputError, and then nothing is stored.
        """
        from kb.ingest.watchlist import read_watchlist, store_watchlist

        watched = read_watchlist(Path(file), name)
        with self.store.transaction() as session:
            return list(store_watchlist(session, watched))

    def resolve(
        self,
        id: int,  # noqa: A002
        verdict: str,
        *,
        evidence: Sequence[str] = (),
        known_on: dt.date | None = None,
        reason: str = "",
    ) -> OutcomeRow:
        """Record how a prediction or commitment turned out. Raises NotFoundError, JudgementError."""
        return outcomes.resolve(
            self.store,
            id,
            verdict,
            evidence=evidence,
            known_on=known_on,
            reason=reason,
            recorded_by=self.settings.user,
            now=now(),
        )

    def check(self) -> list[str]:
        """What is wrong with the record, one line each; empty when it is sound."""
        return check(self.store)
