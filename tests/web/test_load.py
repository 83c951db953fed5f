"""Fifty readers and five writers at once: nobody gets an error, and everything that was written is there."""

from __future__ import annotations

from pathlib import Path

from benchmarks.serve import Load, hammer

SECONDS = 10


def test_readers_and_writers_at_once(tmp_path: Path) -> None:
    tallies, lost = hammer(tmp_path / "kb.db", 200, Load(readers=50, writers=5, seconds=SECONDS))
    assert [error for tally in tallies for error in tally.errors] == []
    assert lost == []
    assert all(tally.reads or tally.writes for tally in tallies)
    assert sum(len(tally.reasons) + len(tally.names) + tally.edits.total() for tally in tallies) > 0
