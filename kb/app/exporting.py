"""Timelines and the record as files, out and in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Literal, TypeVar

from kb import ask, scoreboard
from kb.app.opened import Opened, filters_of, utc_today
from kb.app.wiring import now
from kb.ingest import repeats
from kb.query import spelled
from kb.store import backup, dump, speakers
from kb.store.load import load
from kb.store.record_file import read_lines
from kb.types import ChartKind, Filters, ImportResult

T = TypeVar("T")


class Exporting(Opened):
    """What is written of the record, and taken into it."""

    def export(
        self,
        format: str,  # noqa: A002
        out: BinaryIO,
        filters: Filters | None = None,
        *,
        options: Mapping[str, Any] | None = None,
        tell: Callable[[str], None] | None = None,
        **keywords: Any,
    ) -> int:
        """Write a timeline, or the record, to ``out`` and return how many items were written.

        ``options`` are those of the format (docs/exports.md); ``tell`` is told what the format leaves out. Raises
        NotFoundError for an unknown format, ConfigError for an unknown option.
        """
        from exports import check_options, load_export, rows_of, tells

        chosen = filters_of(filters, keywords)
        export, given = load_export(format), dict(options or {})
        check_options(format, export, given)
        if tell and tells(export):
            given["tell"] = tell
        with self.store.reading() as session:
            wanted = rows_of(export)
            record = dump.dump(session, chosen, today=utc_today())
            if wanted == "record":
                return export.write(_begun(record), out, title=_title(chosen), **given)  # type: ignore[arg-type]
            if wanted == "all":
                given["record"] = record
            rows = _begun(ask.entries(session, chosen, utc_today(), context=wanted in ("context", "all")))
            return export.write(rows, out, title=_title(chosen), **given)

    def export_pages(self, folder: str | Path, filters: Filters | None = None, **keywords: Any) -> int:
        """Write a Markdown page per speaker into ``folder``, made if need be; return how many. Raises ExportError."""
        from exports import md
        from exports.files import write_pages

        pages = md.pages(ask.timeline(self.store, filters_of(filters, keywords), utc_today()))
        return write_pages(Path(folder), ((page.name, page.text.encode("utf-8")) for page in pages))

    def chart(
        self,
        kind: ChartKind,
        out: BinaryIO,
        filters: Filters | None = None,
        *,
        format: Literal["svg", "png"] = "svg",  # noqa: A002
        **keywords: Any,
    ) -> int:
        """Draw a timeline, moved dates, calibration or hit rates; return how many statements or cards are drawn.

        Raises ExportError without matplotlib.
        """
        from exports import charts

        chosen = filters_of(filters, keywords)
        if kind == "timeline" or kind == "slips":
            return charts.write_entries(
                kind, ask.timeline(self.store, chosen, utc_today()), out, title=_title(chosen), image=format
            )
        cards = scoreboard.scores(self.store, chosen, utc_today())
        return charts.write_scores(kind, cards, out, title=_title(chosen), image=format)

    def import_record(self, file: str | Path, *, name: str | None = None) -> ImportResult:
        """Add what ``kb export jsonl`` wrote; the same file again changes nothing.

        ``name`` is what messages call the file, where that is not its own name. Raises InputError, and then nothing is
        stored.
        """
        path = Path(file)
        with self.store.transaction() as session:
            loaded = load(session, lambda: read_lines(path, name or str(path)), name=name or path.name, now=now())
            repeats.link_speakers(session, speakers.roots(session, loaded.touched))
        return loaded.result

    def backup(self, file: str | Path) -> None:
        """Copy the database to ``file``, consistent while others write.

        Raises ConfigError: not SQLite; StoreError: no space.
        """
        backup.back_up(self.settings.db_url, Path(file))


def _begun(rows: Iterator[T]) -> Iterator[T]:
    """``rows`` whose first is read: filters that cannot be met fail before a byte is written."""
    return chain(list(islice(rows, 1)), rows)


def _title(filters: Filters) -> str:
    """What a timeline shows, for its heading."""
    titles = {"prediction": "Predictions", "commitment": "Commitments"}
    title = " and ".join(dict.fromkeys(titles.get(kind, "Statements") for kind in filters.kind)) or "Statements"
    words = filters.words or (spelled(filters.text) if filters.text else None)
    for word, value in (
        ("by", " or ".join(filters.by)),
        ("about", filters.about or words),
        ("in", " or ".join(filters.outlet)),
    ):
        title += f" {word} {value}" if value else ""
    return title
