"""Feeds inside web archives: what their items say stands for itself, nothing is fetched."""

from __future__ import annotations

from pathlib import Path

from line_extractor import LineExtractor

from kb.app import open_kb
from kb.config import Settings

SAMPLE = Path(__file__).parents[1] / "data" / "samples" / "cc-news-sample.warc.gz"


def test_the_pages_of_an_archived_feed_are_not_fetched(tmp_path: Path) -> None:
    settings = Settings(db=str(tmp_path / "kb.db"), page_seconds=0)
    with open_kb(settings, extractor=LineExtractor) as kb:
        results = list(kb.add([SAMPLE]))
        assert "waiting" not in {result.status for result in results}
        assert any("its feed is in an archive" in result.reason for result in results)
        assert {result.status for result in kb.add([SAMPLE])} <= {"unchanged", "skipped", "failed"}
