"""Choosing among the feeds of a page: by --feed, else by asking on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from kb.cli.output import Bar
from kb.errors import ConfigError, InputError
from kb.types import FoundFeed

ALL = "all"


class Chooser:
    """Takes the feeds of a page and returns those to add; ``undecided`` when nobody could be asked."""

    def __init__(self, feed: str | None, bar: Bar) -> None:
        self._feed = feed
        self._bar = bar
        self.undecided = False

    def __call__(self, url: str, feeds: Sequence[FoundFeed]) -> Sequence[FoundFeed]:
        """Raises InputError without an answer, or with one that none of the feeds fits."""
        if self._feed is not None:
            return picked(self._feed, feeds, url)
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            self.undecided = True
            raise InputError(
                f"{url} is no article but names feeds; choose with --feed N or --feed {ALL}: {listing(feeds)}"
            )
        with self._bar.paused():
            return asked(url, feeds)


def checked(feed: str | None) -> str | None:
    """The value of --feed. Raises ConfigError when it is neither a number nor ``all``."""
    if feed is None or feed == ALL or (feed.isascii() and feed.isdecimal() and int(feed) > 0):
        return feed
    raise ConfigError(f"--feed takes a number from 1, or {ALL}; not {feed!r}")


def picked(feed: str, feeds: Sequence[FoundFeed], url: str) -> Sequence[FoundFeed]:
    """The feed of that number, or all of them. Raises InputError when there are not so many."""
    if feed == ALL:
        return feeds
    if int(feed) > len(feeds):
        raise InputError(f"{url} has no feed {feed}: {listing(feeds)}")
    return feeds[int(feed) - 1 : int(feed)]


def asked(url: str, feeds: Sequence[FoundFeed]) -> Sequence[FoundFeed]:
    """What the person at the terminal wants: a number, all, or nothing."""
    typer.echo(f"{url} is no article but names feeds:", err=True)
    for number, feed in enumerate(feeds, start=1):
        typer.echo(f"{number:>3}  {named(feed)}", err=True)
    answer = typer.prompt(f"Which one (1 to {len(feeds)}, {ALL}, or none)", default="1", err=True).strip()
    return () if answer == "none" else picked(checked(answer) or "1", feeds, url)


def listing(feeds: Sequence[FoundFeed]) -> str:
    """The feeds on one line, numbered from 1."""
    return "; ".join(f"{number}. {named(feed)}" for number, feed in enumerate(feeds, start=1))


def named(feed: FoundFeed) -> str:
    """A feed by its title and address."""
    return f"{feed.title} ({feed.url})" if feed.title else feed.url
