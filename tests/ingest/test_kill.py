"""A process that is killed while it ingests leaves a sound record, which the next run completes."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import fifty_documents
import pytest

from kb.store import open_store
from kb.store.check import check

KILLS = 20


def content(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of ours; the full-text indexes follow from them."""
    with sqlite3.connect(database) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name: sorted(connection.execute(f'SELECT * FROM "{name}"')) for name in names if "_fts" not in name}
    connection.close()
    return tables


def problems(database: Path) -> list[str]:
    with open_store(f"sqlite:///{database}") as store:
        return check(store)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    database = tmp_path_factory.mktemp("undisturbed") / "kb.db"
    assert Counter(result.status for result in fifty_documents.ingest(database)) == {"added": 50}
    return content(database)


def kill_somewhere(database: Path, moment: random.Random) -> int:
    """Start an ingest and kill it at a random moment; return how many documents it reported before."""
    command = [sys.executable, fifty_documents.__file__, str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        reported = moment.randrange(50)
        for _ in range(reported):
            process.stdout.readline()
        time.sleep(moment.uniform(0, 0.02))
        process.kill()
    return reported


def test_the_fifty_documents_exercise_everything(undisturbed: dict[str, list[tuple[object, ...]]]) -> None:
    assert len(undisturbed["document"]) == 50
    assert 30 < len(undisturbed["statement"]) < len(undisturbed["attribution"])
    assert undisturbed["merge"]


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_and_run_again(seed: int, tmp_path: Path, undisturbed: dict[str, list[tuple[object, ...]]]) -> None:
    database = tmp_path / "kb.db"
    reported = kill_somewhere(database, random.Random(seed))
    assert problems(database) == []
    assert reported <= len(content(database)["document"]) <= 50
    statuses = Counter(result.status for result in fifty_documents.ingest(database))
    assert statuses.keys() <= {"added", "unchanged"}
    assert statuses["unchanged"] >= reported
    assert problems(database) == []
    assert content(database) == undisturbed
