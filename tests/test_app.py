"""The whole record through its facade: real files, a real local server, a real database; only the model is replaced."""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from exports import EXPORTS
from kb.app import KB, open_kb
from kb.config import Settings
from kb.errors import ConfigError, ExportError, InputError, JudgementError, NotFoundError, StoreError
from kb.store import documents, times
from kb.text import sha256
from kb.types import (
    Attribution,
    Author,
    DocumentData,
    Filters,
    Horizon,
    ItemResult,
    SpeakerMention,
    StatementData,
)

YEAR = Horizon(earliest=dt.date(2025, 1, 1), latest=dt.date(2025, 12, 31), precision="year", phrase="in 2025",
               rule="year", start=0, end=7)  # fmt: skip
BRIDGE = "The new bridge will be finished in 2025"
ARTICLE = f"""---
title: Bridges
date: 2024-12-03
url: https://example.org/bridges
publisher: Port Post
kind: article
---
Mira Okafor: {BRIDGE}
Jonas Brandt: Every tunnel under the river will leak in 2025
"""


class ColonExtractor:
    """Whatever stands after ``Name: `` on a line is that person's prediction for 2025."""

    version = "colon"

    def pipe(self, documents: Iterable[DocumentData]) -> Iterator[tuple[DocumentData, tuple[Attribution, ...]]]:
        for document in documents:
            yield document, tuple(self._read(document))

    def _read(self, document: DocumentData) -> Iterator[Attribution]:
        start = 0
        for line in document.text.splitlines(keepends=True):
            name, colon, words = line.rstrip().partition(": ")
            if colon:
                first = start + len(name) + 2
                yield Attribution(
                    source=((start, start + len(name)),),
                    cue=(),
                    content=((first, first + len(words)),),
                    quote_kind="direct",
                    speaker=SpeakerMention(name=name, kind="person"),
                    statement=StatementData(kind="prediction", text=words, horizon=YEAR),
                    confidence=0.9,
                )
            start += len(line)


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[KB]:
    settings = Settings(db=str(tmp_path / "kb.db"), user="ann", allow_private=True)
    with open_kb(settings, extractor=ColonExtractor) as opened:
        yield opened


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "bridges.md"
    path.parent.mkdir()
    path.write_text(ARTICLE, encoding="utf-8")
    return path


@pytest.fixture
def filled(kb: KB, article: Path) -> KB:
    list(kb.add([article]))
    return kb


# --- opening -----------------------------------------------------------------------------------------------------


def test_a_path_is_enough(tmp_path: Path) -> None:
    for path in (tmp_path / "a.db", str(tmp_path / "b.db"), f"sqlite:///{tmp_path / 'c.db'}"):
        with open_kb(path) as kb:
            assert kb.said() == []
    assert {path.name for path in tmp_path.glob("?.db")} == {"a.db", "b.db", "c.db"}


def test_what_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("not a database " * 100)
    with pytest.raises(StoreError, match="is not a database"):
        open_kb(tmp_path / "notes.txt")


def test_asking_loads_nothing_heavy(tmp_path: Path) -> None:
    heavy = ["spacy", "onnxruntime", "tokenizers", "trafilatura", "httpx", "feedparser", "dateparser", "jinja2"]
    program = (
        "import sys; from kb import open_kb; kb = open_kb(sys.argv[1]); kb.said(); kb.speakers(); kb.scores();"
        f"kb.check(); kb.close(); print([name for name in {heavy} if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "kb.db")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


# --- adding ------------------------------------------------------------------------------------------------------


def test_files_and_folders_twice(kb: KB, article: Path) -> None:
    totals: list[int] = []
    (result,) = kb.add([article], announce=totals.append)
    expected = ItemResult(
        item="https://example.org/bridges", status="added", statements=2, predictions=2, document_id=1
    )
    assert (result, totals) == (expected, [1])
    again = list(kb.add([article, str(article.parent)]))
    assert [result.status for result in again] == ["unchanged", "unchanged"]
    assert kb.check() == []


def test_what_the_user_says_of_a_plain_text_counts(kb: KB, tmp_path: Path) -> None:
    for name in ("note", "talk"):
        (tmp_path / f"{name}.txt").write_text(f"{name}\nNothing was said.", encoding="utf-8")
    list(kb.add([tmp_path / "note.txt"], speaker=Author(name="Mira Okafor")))
    list(kb.add([tmp_path / "talk.txt"], kind="article"))
    assert [row.name for row in kb.speakers()] == ["Mira Okafor"]


def test_what_the_user_calls_a_transcript_has_turns_and_times(kb: KB, tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("[0:04] ANN: We ship.\n[0:09] In May, I think.", encoding="utf-8")
    list(kb.add([tmp_path / "talk.txt"], kind="transcript"))
    with kb.store.reading() as session:
        assert times.at(session, {(1, 0)}) == {(1, 0): ((0, 4), (21, 9))}


def test_an_unknown_format_is_a_failed_item(kb: KB, article: Path) -> None:
    (result,) = kb.add([article], kind="telegram")
    assert result.status == "failed"
    assert "telegram" in result.reason


class Handler(BaseHTTPRequestHandler):
    """Serves one feed that never changes."""

    def do_GET(self) -> None:
        if self.headers["If-None-Match"] == '"v1"':
            self.send_response(304)
            self.end_headers()
            return
        told = f"<title>Bridges</title><description>Mira Okafor: {BRIDGE}</description>"
        item = f'<item><guid isPermaLink="false">1</guid>{told}</item>'
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title>{item}</channel></rss>'.encode()
        self.send_response(200 if self.path == "/feed" else 404)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"v1"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def feed() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/feed"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_feed_is_added_once_and_polled(kb: KB, feed: str, article: Path) -> None:
    assert [result.status for result in kb.add([feed, article])] == ["added", "added"]
    totals: list[int] = []
    assert list(kb.update()) == []
    (polled,) = kb.update(all=True, announce=totals.append)
    assert (polled.source, polled.status, polled.reason, totals) == (feed, "unchanged", "not modified", [1])
    assert [result.source for result in kb.update(source=feed)] == [feed]
    with pytest.raises(NotFoundError, match=feed):
        list(kb.update(source="nobody"))


def test_sources_are_listed_paused_resumed_and_removed(kb: KB, feed: str, article: Path) -> None:
    list(kb.add([feed, article]))
    (row,) = kb.sources()
    assert (row.url, row.kind, row.documents, row.health, row.every) == (feed, "feed", 1, "ok", dt.timedelta(hours=1))
    assert kb.pause_source(feed) == feed
    assert (kb.sources()[0].inactive_because, list(kb.update(all=True))) == ("paused by ann", [])
    kb.resume_source(feed)
    assert [result.source for result in kb.update()] == [feed]
    assert kb.remove_source(feed) == (feed, 1)
    assert kb.sources() == []
    assert [result.status for result in kb.add([feed])] == ["unchanged"]
    assert len(kb.sources()) == 1


def test_watching_is_stopped(kb: KB, feed: str) -> None:
    list(kb.add([feed]))
    kb.resume_source(feed)
    stop = threading.Event()
    stop.set()
    assert list(kb.watch(stop)) == []


def test_a_list_of_feeds_is_registered_and_read_by_the_next_update(kb: KB, feed: str, tmp_path: Path) -> None:
    path = tmp_path / "feeds.opml"
    path.write_text(f'<opml version="2.0"><body><outline text="Post" type="rss" xmlUrl="{feed}"/></body></opml>')
    assert [(result.item, result.status) for result in kb.add([path])] == [(feed, "registered")]
    assert [(result.source, result.added) for result in kb.update()] == [("Post", 1)]


def test_a_page_that_is_gone_is_a_failed_item(kb: KB, feed: str) -> None:
    (result,) = kb.add([feed + "/gone"])
    assert result.status == "failed"
    assert "404" in result.reason


# --- asking, judging, exporting ----------------------------------------------------------------------------------


def test_filters_as_object_and_as_keywords(filled: KB) -> None:
    assert [row.text for row in filled.said(by="Okafor")] == [BRIDGE]
    assert filled.said(Filters(by="Okafor"), words="bridge") == filled.said(by="Okafor")
    assert len(filled.predictions(today=dt.date(2026, 2, 1), status="overdue")) == 2
    assert filled.predictions(today=dt.date(2025, 2, 1), status="overdue") == []
    with pytest.raises(TypeError):
        filled.said(speaker="Okafor")


def test_an_outcome_shows_everywhere(filled: KB) -> None:
    (row,) = filled.said(by="Okafor")
    evidence = ["https://example.org/opened|The bridge was opened"]
    outcome = filled.resolve(row.id, "true", evidence=evidence, known_on=dt.date(2025, 6, 1))
    assert (outcome.recorded_by, outcome.evidence[0].quote) == ("ann", "The bridge was opened")
    assert filled.show(row.id).outcome == outcome
    assert [(card.speaker, card.hits) for card in filled.scores(min_n=1)] == [("Mira Okafor", 1)]
    kinds = [entry.kind for entry in filled.timeline(by="Okafor")]
    assert kinds == ["statement", "outcome", "due"]
    assert filled.check() == []


def test_merging_and_taking_it_back(filled: KB) -> None:
    merge = filled.merge("Brandt", "Okafor", reason="a pen name")
    assert (merge.from_name, merge.into_name, merge.made_by) == ("Jonas Brandt", "Mira Okafor", "ann")
    assert len(filled.said(by="Mira Okafor")) == 2
    with pytest.raises(JudgementError):
        filled.merge("Brandt", "Okafor", reason="again")
    filled.unmerge(merge.id)
    assert len(filled.said(by="Mira Okafor")) == 1
    assert filled.check() == []


def test_merges_are_suggested_and_people_imported(filled: KB, tmp_path: Path) -> None:
    (row,) = filled.suggest_merges("M. Okafor")
    assert (row.speaker_id, row.candidate, row.reasons) == (None, "Mira Okafor", ("“M.” may stand for Mira",))
    assert filled.suggest_merges() == []
    path = tmp_path / "people.csv"
    path.write_text(
        "name,aliases,handles,role,organisation,wikidata id\nMira Okafor,,x:mira,chair,Port Authority,Q42\n"
    )
    (result,) = filled.import_speakers(path)
    assert result.status == "changed"
    assert [(s.name, s.wikidata_id) for s in filled.speakers(watched=True)] == [("Mira Okafor", "Q42")]
    with pytest.raises(InputError):
        filled.import_speakers(tmp_path / "missing.csv")


def test_a_name_that_a_person_gave_is_known_in_later_documents(filled: KB, tmp_path: Path) -> None:
    filled.alias("Okafor", "Mimi")
    (tmp_path / "later.txt").write_text("Mimi: Nobody will cross that bridge in 2025\n", encoding="utf-8")
    list(filled.add([tmp_path / "later.txt"]))
    assert len(filled.said(by="Mira Okafor")) == 2


PASSAGES = ("jsonl", "webannotation")
"""Formats that hold what stands around the words."""


@pytest.mark.parametrize("name", sorted({*EXPORTS} - {"bundle", "opml", "parquet"}))
def test_exports(filled: KB, name: str) -> None:
    out = io.BytesIO()
    assert filled.export(name, out, by="Okafor") > 0
    assert b"The new bridge" in out.getvalue()
    assert (b"tunnel" in out.getvalue()) == (name in PASSAGES)


@pytest.mark.parametrize("name", EXPORTS)
def test_exporting_twice_gives_the_same_bytes(filled: KB, name: str) -> None:
    one, other = io.BytesIO(), io.BytesIO()
    assert filled.export(name, one) == filled.export(name, other)
    assert one.getvalue() == other.getvalue()


def test_annotations_point_at_the_words_in_the_stored_text(filled: KB) -> None:
    out = io.BytesIO()
    filled.export("webannotation", out)
    with filled.store.reading() as session:
        texts = {sha256(text): text for _, text, _ in documents.texts(session)}
    targets = [target for item in json.loads(out.getvalue())["first"]["items"] for target in item["target"]]
    assert targets
    for target in targets:
        position, quote = target["selector"]
        text, start, end = texts[target["textSha256"]], position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])


def test_an_export_of_one_document(filled: KB) -> None:
    (row,) = filled.said(by="Okafor")
    out = io.BytesIO()
    filled.export("json", out, documents=(row.reports[0].document_id,))
    entries = json.loads(out.getvalue())["entries"]
    assert {entry["statement"]["text"] for entry in entries} >= {BRIDGE}
    for name in ("csv", "jsonl"):
        with pytest.raises(NotFoundError, match="no document 999 in the record"):
            filled.export(name, none := io.BytesIO(), documents=(row.reports[0].document_id, 999))
        assert none.getvalue() == b""


def test_pages_go_into_a_folder(filled: KB, tmp_path: Path) -> None:
    assert filled.export_pages(tmp_path / "a" / "pages") == 2
    assert sorted(path.name for path in (tmp_path / "a" / "pages").iterdir()) == ["jonas-brandt.md", "mira-okafor.md"]
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportError, match="cannot make the folder"):
        filled.export_pages(tmp_path / "file" / "pages")


def test_an_unknown_option_of_a_format(filled: KB) -> None:
    with pytest.raises(ConfigError, match="csv has no option 'todo'; its options: spreadsheet"):
        filled.export("csv", io.BytesIO(), options={"todo": True})


def test_charts(filled: KB) -> None:
    for kind in ("timeline", "slips", "calibration", "hitrate"):
        out = io.BytesIO()
        filled.chart(kind, out)
        assert b"<svg" in out.getvalue()


def test_an_unknown_export_format(filled: KB) -> None:
    with pytest.raises(NotFoundError, match="csv"):
        filled.export("docx", io.BytesIO())


def test_predictions_from_evidence_to_scores(filled: KB, tmp_path: Path) -> None:
    (tmp_path / "later.md").write_text(
        "---\ndate: 2025-11-03\nkind: article\n---\nThe new bridge was finished on Friday.", encoding="utf-8"
    )
    list(filled.add([tmp_path / "later.md"]))
    assert filled.due() == (2, 0)
    bridge = next(row.id for row in filled.predictions() if row.text == BRIDGE)
    (found,) = filled.suggest_evidence(bridge)
    assert found.passage == "The new bridge was finished on Friday."
    evidence = [f"{found.document_id}:{found.passage}"]
    filled.resolve(bridge, "true", evidence=evidence, known_on=found.published_at.date())
    assert filled.due() == (1, 0)
    cards = filled.scores()
    assert [(card.speaker, card.hits, card.scored) for card in cards] == [("Mira Okafor", 1, 1), ("Jonas Brandt", 0, 0)]
    assert [card.scored for card in filled.scores(as_of=dt.date(2025, 1, 1))] == [0, 0]
    out = io.BytesIO()
    filled.plot_scores(cards, out, format="svg")
    assert b"Mira Okafor (n = 1)" in out.getvalue()


def test_merging_speakers_joins_what_they_foretold(kb: KB, tmp_path: Path) -> None:
    for number, name in enumerate(("Mira Okafor", "M. Okafor-Lund")):
        (tmp_path / f"{number}.md").write_text(
            f"---\ndate: 2024-{number + 3:02}-03\nkind: article\n---\n{name}: {BRIDGE}"
        )
    list(kb.add([tmp_path / "0.md", tmp_path / "1.md"]))
    assert [card.predictions for card in kb.scores()] == [1, 1]
    merge = kb.merge("M. Okafor-Lund", "Mira Okafor", reason="same byline")
    assert [card.predictions for card in kb.scores()] == [1]
    kb.unmerge(merge.id)
    assert [card.predictions for card in kb.scores()] == [1, 1]
