"""How suggestions of merges look: as a table, as CSV columns, as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from kb.cli.output import View
from kb.cli.views import new_table
from kb.types import SuggestionRow

if TYPE_CHECKING:
    from rich.table import Table


def suggestion_view() -> View[SuggestionRow]:
    """Who may be whom, and why; the score only orders them, so the table leaves it out."""

    def table(rows: Sequence[SuggestionRow]) -> Table:
        table = new_table("speaker", "may be", "because of")
        for row in rows:
            who = row.speaker if row.speaker_id is None else f"{row.speaker} ({row.speaker_id})"
            table.add_row(who, f"{row.candidate} ({row.candidate_id})", "\n".join(row.reasons))
        return table

    plain_columns = ("speaker_id", "speaker", "candidate_id", "candidate", "score")
    return View(
        table=table,
        columns={**{name: attrgetter(name) for name in plain_columns}, "reasons": lambda row: " | ".join(row.reasons)},
        extra={},
        nothing="nothing to suggest",
    )
