"""A program that updates records and can be killed while it does:

    python update_program.py

reads the path of a database per line, begins to update all its sources in a process of its own, prints the number of
that process, and prints a line more when the process has ended. Forking saves importing everything fifty times.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import tempfile
from pathlib import Path

from line_extractor import LineExtractor
from news_server import feed_xml, page_html, sentence

from kb.app import KB, open_kb
from kb.config import Settings
from kb.types import Payload


def opened(database: Path) -> KB:
    """A record that is read from the local server, without pauses and without a model."""
    settings = Settings(db=str(database), allow_private=True, gap=0.0, page_seconds=0.0)
    return open_kb(settings, extractor=LineExtractor)


def update(database: Path) -> None:
    with opened(database) as kb:
        for _ in kb.update(all=True):
            pass


def load_everything() -> None:
    """Import what an update imports, and let the libraries make their tables and mappings."""
    import sources
    import sources.fetch
    import sources.robots

    now = dt.datetime.now(dt.UTC)
    for text in (page_html(1, 1), feed_xml(1, range(1), "", teasers=False)):
        list(sources.read_documents(Payload(data=text.encode(), name="x", fetched_at=now)))
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder) / "kb.db") as kb:
        (Path(folder) / "note.txt").write_text(sentence(1, 1), encoding="utf-8")
        list(kb.add([Path(folder) / "note.txt"], kind="article"))


if __name__ == "__main__":
    load_everything()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            update(Path(line.strip()))
            os._exit(0)
        print(child, flush=True)
        os.waitpid(child, 0)
        print("ended", flush=True)
