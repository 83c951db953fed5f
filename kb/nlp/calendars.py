"""Which calendar counts for whom: fiscal years by company, events that users have added."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from kb.dates import Calendar, read_events
from kb.text import organisation_key
from kb.types import SpeakerMention


class Calendars:
    """Which calendar a statement counts by: that of the speaker's organisation, else of one that its words name."""

    def __init__(self, fiscal_years: Mapping[str, int], events: Mapping[str, object]) -> None:
        self._plain = Calendar(events=read_events(events))
        self._by_name = {name: replace(self._plain, fiscal_start_month=month) for name, month in fiscal_years.items()}
        self._by_key = {organisation_key(name): calendar for name, calendar in self._by_name.items()}

    def of(self, speaker: SpeakerMention | None, words: str) -> Calendar:
        """The calendar for what ``speaker`` says in ``words``; the plain one where nothing is known."""
        for organisation in _organisations(speaker):
            if calendar := self._by_key.get(organisation_key(organisation)):
                return calendar
        named = (name for name in self._by_name if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words))
        return self._by_name.get(next(named, ""), self._plain)


def _organisations(speaker: SpeakerMention | None) -> list[str]:
    if speaker is None:
        return []
    held = [speaker.role.organisation] if speaker.role and speaker.role.organisation else []
    return [*held, speaker.name] if speaker.kind == "organisation" else held
