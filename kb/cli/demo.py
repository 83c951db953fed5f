"""kb demo: the whole story on bundled samples, offline, told by running the real commands."""

from __future__ import annotations

import datetime as dt
import shlex
import shutil
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from kb.cli.session import Session, session
from kb.errors import KBError, StoreError
from kb.types import Filters, StatementRow

DATABASE = "demo.db"
ANNUAL_COUNT = dt.date(2025, 1, 28)
"""The day on which the bundled Warehouse Weekly published the figures that settle both predictions."""
END_OF_2025 = dt.date(2026, 1, 1)


Folder = Annotated[Path, typer.Option(metavar="FOLDER", help="Where to put the samples and what is made of them.")]


def demo(context: typer.Context, folder: Folder = Path("onrecord-demo")) -> None:
    """Show everything on bundled samples, offline.

    Reads them into a database of their own, asks, resolves two predictions and exports; every command is printed.

    Example: kb demo
    """
    prepare_folder(folder)
    Story(context, folder).tell()


def prepare_folder(folder: Path) -> None:
    """Put fresh samples into ``folder`` and remove the database of an earlier demo; other files are left alone."""
    try:
        with as_file(files("kb") / "demo" / "documents") as samples:
            shutil.copytree(samples, folder / "documents", copy_function=shutil.copyfile, dirs_exist_ok=True)
        for leftover in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
            (folder / leftover).unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or "samples of an earlier demo are in the way"  # copytree gives a list of errors
        raise StoreError(f"cannot write the demo to {folder}: {reason}; choose another --folder") from error


class Story:
    """Runs commands one after the other, each printed before its output."""

    def __init__(self, context: typer.Context, folder: Path) -> None:
        given = session(context)
        self._command = context.find_root().command
        self._folder = folder
        self._session = Session(db=str(folder / DATABASE), config=given.config, opener=given.opener)

    def tell(self) -> None:
        """The whole story; it ends early when one of its commands fails."""
        self.say(f"The samples are in {self._folder / 'documents'}. Their sentences are ours; the facts about real")
        self.say("people are public. Tidewheel and everybody who speaks for it or about it are invented.")
        typer.echo(f"\n$ export KB_DB={shlex.quote(str(self._folder / DATABASE))}")
        self.run("add", str(self._folder / "documents"))
        self.what_delangue_said()
        self.how_solvang_did()
        self.files()

    def what_delangue_said(self) -> None:
        """One speaker under all his spellings, and each prediction once."""
        self.heading("One person is one speaker, however the documents spell him")
        self.run("speakers", "show", "Delangue")
        self.heading("What did he predict for 2025, and who reported it?")
        self.run("predictions", "--by", "Delangue", "--due-before", str(END_OF_2025))
        self.heading("One prediction in every context")
        self.run("show", str(self.find(by="Delangue", words="race").id))
        self.heading("Who spoke about Tiananmen Square?")
        self.run("said", "Tiananmen")

    def how_solvang_did(self) -> None:
        """Two predictions of an invented chief executive are resolved with evidence."""
        self.heading("A year later the figures are in: what came true?")
        orders = self.find(by="Solvang", words="orders")
        price = self.find(by="Solvang", words="price")
        count = self.document_of("Warehouse Weekly")
        self.resolve(orders, "true", f"{count}:Customers in Europe ordered 23,400 warehouse robots in 2024")
        self.resolve(price, "false", f"{count}:The average price of a warehouse robot was 34,200 euros")
        self.run("show", str(price.id))
        self.run("scores", "--by", "Solvang")

    def files(self) -> None:
        """The record as files, and a look at its soundness."""
        timeline, calendar = self._folder / "timeline.html", self._folder / "predictions.ics"
        self.heading("Take it with you")
        self.run("export", "html", "--output", str(timeline))
        self.run("export", "ics", "--output", str(calendar))
        self.run("check")
        self.say(f"\nTimeline: {timeline.resolve()}  (open it in a browser)")
        self.say(f"Calendar: {calendar.resolve()}  (due dates, for any calendar program)")
        self.say(f"Ask on:   kb --db {shlex.quote(str(self._folder / DATABASE))} said robots")

    def heading(self, text: str) -> None:
        """What the next commands show."""
        typer.secho(f"\n{text}", bold=True)

    def say(self, text: str) -> None:
        """One line of the story."""
        typer.echo(text)

    def run(self, *arguments: str) -> None:
        """Print a command and run it. Ends the demo with the command's exit code when it fails."""
        typer.echo(f"\n$ kb {shlex.join(arguments)}")
        code = self._command.main(args=list(arguments), prog_name="kb", standalone_mode=False, obj=self._session)
        if code:
            raise typer.Exit(code)

    def resolve(self, row: StatementRow, verdict: str, evidence: str) -> None:
        """Record an outcome known on the day of the annual count."""
        self.run("resolve", str(row.id), verdict, "--evidence", evidence, "--known-on", str(ANNUAL_COUNT))

    def find(self, *, by: str, words: str) -> StatementRow:
        """The prediction that fits. Raises KBError when there is none."""
        with self._session.open() as kb:
            rows = kb.predictions(Filters(by=(by,), words=words))
        if not rows:
            raise KBError(f"the demo stopped: no prediction of {by} about {words!r} was found in the samples")
        return rows[0]

    def document_of(self, outlet: str) -> int:
        """The id of the outlet's only document. Raises KBError when no statement of it was found."""
        with self._session.open() as kb:
            rows = kb.said(Filters(outlet=(outlet,), limit=1))
        if not rows:
            raise KBError(f"the demo stopped: nothing was found in the samples of {outlet}")
        return rows[0].reports[0].document_id
