"""Each sort of statement alone in each format, and disks that are full: what the other files here do not cover.

The whole list of what formats are checked for, and where:

    calendar re-read, folded, same bytes   test_export_ics, test_export_formats
    feeds without a complaint              test_export_feeds
    JSON Schemas, JSON-LD offline          test_export_schemas
    positions equal the words              test_export_schemas::test_every_position_selects_the_exact_words
    formulas, line ends, U+2028, RTL       hostile_text in every format; test_export_formats, test_export_html
    nothing leaves the HTML page           test_export_html, test_export_browser
    sorts of statements                    CASES here; the ``story`` of conftest is re-read by every reader
    none, one, 5,000                       test_export_formats; CASES here
    import gives the same export           tests/test_round_trip.py
"""

from __future__ import annotations

import datetime as dt
import gzip
import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exports import EXPORTS, charts, load_export, rows_of
from exports.files import open_output
from kb.errors import ExportError
from kb.types import ChartKind

CASES = {
    "no due date": lambda build: [build.statement(horizon=None)],
    "due in a year": lambda build: [build.statement()],
    "due between two days": lambda build: [
        build.statement(
            horizon=build.horizon(
                earliest=dt.date(2025, 3, 3), latest=dt.date(2025, 9, 9), precision="range", phrase="from March to May"
            )
        )
    ],
    "open end": lambda build: [build.statement(horizon=build.horizon(latest=None, phrase="from 2025 on"))],
    "void": lambda build: [build.statement(outcomes=(build.outcome(verdict="void"),))],
    "resolved again": lambda build: [
        build.statement(outcomes=(build.outcome(verdict="false"), build.outcome(verdict="late")))
    ],
    "two speakers": lambda build: [build.statement(speaker=name) for name in ("Dana Whitlock", "Bo Berg")],
    "deleted source": lambda build: [
        build.statement(reports=(), outcomes=(build.outcome(evidence=(build.evidence(url=None, quote=""),)),))
    ],
}
OF_ENTRIES = [name for name in EXPORTS if rows_of(load_export(name)) != "record" and name != "opml"]
TEXTS = [name for name in OF_ENTRIES if name not in ("bundle", "parquet", "sqlite")]


@pytest.mark.parametrize("name", OF_ENTRIES)
@pytest.mark.parametrize("case", CASES)
def test_each_sort_alone_gives_the_same_bytes_twice(case, name, build, written):
    entries = build.entries(*CASES[case](build))
    assert written(name, entries) == written(name, entries)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("case", CASES)
def test_no_python_shows_through(case, name, build, written):
    text = written(name, build.entries(*CASES[case](build))).decode("utf-8")
    assert not [word for word in ("None", "StatementRow(", "datetime.") if word in text]


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("webannotation", "prov")])
def test_two_speakers_who_say_the_same_are_both_named_and_told_apart(name, build, written):
    entries = build.entries(*CASES["two speakers"](build))
    text = written(name, entries).decode("utf-8")
    assert "Dana Whitlock" in text
    assert "Bo Berg" in text
    assert all(entry.statement.fingerprint in text for entry in entries)


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("webannotation", "prov", "ics")])
def test_words_outlive_the_document_that_reported_them(name, build, written):
    entries = build.entries(*CASES["deleted source"](build))
    assert "We will open ten ports in 2025" in written(name, entries).decode("utf-8")


@pytest.mark.parametrize("name", [name for name in TEXTS if name not in ("webannotation", "prov", "claimreview")])
def test_it_says_what_a_prediction_lacks_to_be_tested_and_nothing_of_a_claim(name, build, written):
    entries = build.entries(build.statement(kind="prediction"))
    assert "no number" in written(name, entries).decode("utf-8")
    claims = build.entries(build.statement(kind="claim"))
    assert "no number" not in written(name, claims).decode("utf-8")


# --- places that cannot be written to ------------------------------------------------------------------------------


@contextmanager
def files_of_at_most(number: int) -> Iterator[None]:
    """Let writing fail half-way, as on a full disk, after so many bytes of a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def write(name, out, entries):
    if name.startswith("chart "):
        charts.write_entries(name.removeprefix("chart "), entries, out, title="T", image="svg")
        return
    line = {"type": "source", "id": 1, "name": "".join(map(chr, range(33, 500)))}
    load_export(name).write([line] if name == "jsonl" else entries, out, title="T")


TIMELINE_CHARTS: tuple[ChartKind, ...] = ("timeline", "slips")
EVERYTHING = [name for name in EXPORTS if name != "opml"] + [f"chart {kind}" for kind in TIMELINE_CHARTS]


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("name", EVERYTHING)
def test_a_full_disk_is_one_clear_line_and_leaves_the_old_file(name, packed, story, tmp_path):
    path = tmp_path / f"export{packed}"
    path.write_bytes(b"old")
    with files_of_at_most(100), pytest.raises(ExportError) as raised, open_output(path) as out:
        write(name, out, story)
    assert "\n" not in str(raised.value)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(path.name, b"old")]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("name", EVERYTHING)
def test_a_full_device_is_one_clear_line(name, story):
    with pytest.raises(ExportError, match=r"^cannot write /dev/full: No space left on device; [^\n]+$"):  # noqa: SIM117
        with open_output(Path("/dev/full")) as out:
            write(name, out, story)


@pytest.mark.parametrize("name", ["jsonl", "csv", "sqlite"])
def test_a_name_that_ends_in_gz_is_packed_to_the_same_bytes(name, story, tmp_path):
    written = []
    for number in (1, 2):
        with open_output(tmp_path / f"{number}.gz") as out:
            write(name, out, story)
        written.append((tmp_path / f"{number}.gz").read_bytes())
    plain = io.BytesIO()
    write(name, plain, story)
    assert written[0] == written[1]
    assert gzip.decompress(written[0]) == plain.getvalue()
