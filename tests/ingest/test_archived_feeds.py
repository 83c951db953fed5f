"""What comes out of archives: items of feeds stand for themselves, and everything can be read again."""

from __future__ import annotations

import zipfile
from pathlib import Path

from line_extractor import LineExtractor
from sqlmodel import select

from kb.app import open_kb
from kb.config import Settings
from kb.store import raw
from kb.store.tables import Arrival
from kb.types import Payload
from sources.files import payloads
from sources.urls import identity

SAMPLE = Path(__file__).parents[1] / "data" / "samples" / "cc-news-sample.warc.gz"


def test_the_pages_of_an_archived_feed_are_not_fetched(tmp_path: Path) -> None:
    settings = Settings(db=str(tmp_path / "kb.db"), page_seconds=0)
    with open_kb(settings, extractor=LineExtractor) as kb:
        results = list(kb.add([SAMPLE]))
        assert "waiting" not in {result.status for result in results}
        assert any("its feed is in an archive" in result.reason for result in results)
        assert {result.status for result in kb.add([SAMPLE])} <= {"unchanged", "skipped", "failed"}


def test_a_member_of_an_archive_is_the_same_document_when_read_again(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "talks.zip", "w") as packed:
        packed.writestr("talks/a.txt", "Mira Okafor says that ferries will be built in Ghent")
    with open_kb(Settings(db=str(tmp_path / "kb.db"), page_seconds=0), extractor=LineExtractor) as kb:
        (added,) = kb.add([tmp_path / "talks.zip"])
        (again,) = kb.reparse()
        assert (added.status, again.status, again.document_id) == ("added", "unchanged", added.document_id)
        with kb.store.reading() as session:
            (arrival,) = session.exec(select(Arrival.id))
            kept = raw.load(session, arrival).payload
    (member,) = payloads(tmp_path / "talks.zip", kept.fetched_at, 10_000)
    assert isinstance(member, Payload)
    assert identity(kept) == identity(member)
