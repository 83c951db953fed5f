"""Settings: from defaults, a TOML file, the environment, then options; frozen and passed, never global."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from kb.dates import read_events
from kb.errors import ConfigError

ENVIRONMENT = {"KB_DB": "db", "KB_USER": "user", "KB_ALLOW_PRIVATE": "allow_private", "KB_SCALE": "scale"}
SCALES = ("ICD 203", "Kent", "IPCC", "EFSA")
"""Scales of verbal probability by name; their ranges are in kb/nlp/data/scales.toml."""
DEFAULT_SCALE = SCALES[0]


def data_directory(environ: Mapping[str, str]) -> Path:
    """Where a user's data lives, by the XDG base directory rule (APPDATA on Windows)."""
    base = environ.get("XDG_DATA_HOME") or environ.get("APPDATA")
    return Path(base) / "onrecord" if base else Path.home() / ".local" / "share" / "onrecord"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be configured."""

    db: str
    """Path of an SQLite file, or a database URL."""
    user: str = "user"
    """Recorded as the author of judgements (merges, outcomes, corrections)."""
    allow_private: bool = False
    """Allow fetching from loopback and private addresses; for tests and intranets."""
    max_bytes: int = 10_000_000
    """Largest input accepted, unpacked; pages beyond 10 MB are not articles (Media Cloud's limit)."""
    max_import_bytes: int = 1_000_000_000
    """Largest record taken in over HTTP; ``kb import`` has no limit."""
    fetch_seconds: float = 60.0
    """Wall clock for one fetch, redirects included."""
    workers: int = 8
    """How many hosts are asked at once."""
    gap: float = 1.0
    """Seconds between two requests to one host."""
    max_pages: int = 100
    """Article pages fetched from one host in one update; the others wait for the next."""
    max_feed_pages: int = 10
    """Pages of one feed that are read where it names further ones, the first included; 1 reads no further ones."""
    use_proxy: bool = False
    """Fetch through the proxies that the environment names; the check of addresses then sees only the proxy."""
    robots: bool = True
    """Ask robots.txt before reading a page that a feed or sitemap names; what the user names is read without asking."""
    page_seconds: float = 30.0
    """Longest time for reading one page, in a process of its own; 0 reads pages in this process, without a limit."""
    keep_raw: bool = True
    """Keep the bytes that documents are read from, packed, so that ``kb reparse`` can read them again."""
    scale: str = DEFAULT_SCALE
    """Which scale turns "likely" and its like into a range of probability: one of ``SCALES``."""
    fiscal_years: Mapping[str, int] = field(default_factory=dict)
    """Organisation -> month (1 to 12) in which its fiscal year begins, where that is not January."""
    events: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """Event -> its dates, besides those known ("Expo 2030" = "2030-10-01/2031-03-31"): see kb.dates.calendars."""

    def __post_init__(self) -> None:
        """Raises ConfigError for a value that no part of the program could use."""
        if self.scale not in SCALES:
            raise ConfigError(f"setting scale must be one of {', '.join(SCALES)}, not {self.scale!r}")
        for organisation, month in self.fiscal_years.items():
            if isinstance(month, bool) or not isinstance(month, int) or not 1 <= month <= 12:
                raise ConfigError(f"setting fiscal_years.{organisation} must be a month from 1 to 12, not {month!r}")
        read_events(self.events)
        leasts = {"workers": 1, "gap": 0, "max_pages": 1, "max_feed_pages": 1, "page_seconds": 0, "max_import_bytes": 1}
        for name, least in leasts.items():
            if getattr(self, name) < least:
                raise ConfigError(f"setting {name} must be at least {least}, not {getattr(self, name)!r}")

    @property
    def db_url(self) -> str:
        """``db`` as an SQLAlchemy URL."""
        return self.db if "://" in self.db else f"sqlite:///{self.db}"


def load_settings(*, file: Path | None = None, environ: Mapping[str, str] | None = None, **options: Any) -> Settings:
    """Build settings; later sources win: defaults, ``file`` (TOML), environment, ``options`` that are not None.

    Raises ConfigError for an unknown key, a value of the wrong type or an unreadable file.
    """
    environ = os.environ if environ is None else environ
    settings = Settings(db=str(data_directory(environ) / "kb.db"), user=environ.get("USER") or "user")
    settings = _apply(settings, _read_toml(file), str(file))
    from_environment = {key: environ[name] for name, key in ENVIRONMENT.items() if name in environ}
    settings = _apply(settings, from_environment, "the environment")
    return _apply(settings, {key: value for key, value in options.items() if value is not None}, "options")


def _read_toml(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read settings from {file}: {error}") from error


def _apply(settings: Settings, values: Mapping[str, Any], origin: str) -> Settings:
    known = {f.name: type(getattr(settings, f.name)) for f in fields(settings)}
    checked = {}
    for key, value in values.items():
        if key not in known:
            raise ConfigError(f"unknown setting {key!r} in {origin}; known: {', '.join(sorted(known))}")
        checked[key] = _convert(key, value, known[key], origin)
    return replace(settings, **checked)


def _convert(key: str, value: Any, wanted: type, origin: str) -> Any:
    if isinstance(value, wanted) and (wanted is bool or not isinstance(value, bool)):
        return value
    if wanted is bool and str(value).lower() in ("1", "true", "yes", "0", "false", "no", ""):
        return str(value).lower() in ("1", "true", "yes")
    if wanted in (int, float, str) and not isinstance(value, (bool, dict, list)):
        try:
            return wanted(value)
        except ValueError:
            pass
    raise ConfigError(f"setting {key} in {origin} must be {wanted.__name__}, not {value!r}")
