"""The import rules: which layer knows which, and where each third-party library lives."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted(path for package in ("kb", "sources", "exports") for path in (ROOT / package).rglob("*.py"))

BASE = {"kb.errors", "kb.types"}
PURE = {
    "kb.text",
    "kb.shingles",
    "kb.recordings",
    "kb.dates",
    "kb.scores",
    "kb.testable",
    "kb.figures",
    "kb.query",
    "kb.query_tokens",
    "kb.query_values",
    "kb.config",
}
STAGES = {"kb.nlp", "kb.store", "sources", "exports"}

ALLOWED = {
    "kb.errors": set(),
    "kb.types": set(),
    **dict.fromkeys(PURE, BASE | PURE),
    **dict.fromkeys(STAGES, BASE | PURE),
    "kb.ingest": BASE | PURE | {"kb.nlp", "kb.store"},
    "kb.facets": BASE | PURE | {"kb.store"},
    "kb.ask": BASE | PURE | {"kb.store", "kb.facets"},
    "kb.scoreboard": BASE | PURE | {"kb.store"},
    "kb.outcomes": BASE | PURE | {"kb.store"},
    "kb.review_edits": BASE | PURE | {"kb.store"},
    "kb.reviewing": BASE | PURE | {"kb.store", "kb.ask", "kb.desk", "kb.ingest", "kb.review_edits"},
    "kb.desk": BASE | PURE | {"kb.store", "kb.ask"},
    "kb.reading": BASE | PURE | {"kb.store"},
    "kb.watching": BASE | PURE | {"kb.store", "kb.ask"},
    "kb.evidence": BASE | PURE | {"kb.ingest", "kb.nlp", "kb.store"},
    "kb.app": BASE
    | PURE
    | STAGES
    | {"kb.ingest", "kb.ask", "kb.scoreboard", "kb.outcomes", "kb.evidence", "kb.watching", "kb"},
    "kb.demo": BASE | PURE | {"kb.app", "kb"},
    "kb.cli": BASE
    | PURE
    | {"kb.app", "kb.ask", "kb.nlp", "kb.demo", "kb.reviewing", "kb.store", "kb.watching", "kb.web", "exports", "kb"},
    "kb.web": BASE
    | PURE
    | {"kb.app", "kb.ask", "kb.desk", "kb.reading", "kb.reviewing", "kb.store", "kb.watching", "exports", "kb"},
    "kb.__main__": {"kb.cli"},
    "kb": {"kb.app"},
}

HOMES = {
    "spacy": "kb.nlp",
    "onnxruntime": "kb.nlp",
    "tokenizers": "kb.nlp",
    "sqlmodel": "kb.store",
    "sqlalchemy": "kb.store",
    "alembic": "kb.store",
    "httpx": "sources.fetch",
    "httpcore": "sources.fetch",
    "stamina": "sources.fetch",
    "protego": "sources.robots",
    "srt": "sources.captions",
    "feedparser": "sources.feeds",
    "pypdf": "sources.pdf",
    "trafilatura": "sources.pages",
    "typer": "kb.cli",
    "click": "kb.cli",
    "rich": "kb.cli",
    "fastapi": "kb.web",
    "starlette": "kb.web",
    "uvicorn": "kb.web",
    "pydantic": "kb.web",
    "anyio": "kb.web",
    "icalendar": "exports",
    "jinja2": ("exports", "kb.web"),
    "matplotlib": "exports",
}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def unit_of(module: str) -> str | None:
    """The entry of ``ALLOWED`` that a module of ours belongs to."""
    parts = module.split(".")
    names = (".".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((name for name in names if name in ALLOWED and (name != "kb" or module == "kb")), None)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield from {f"{node.module}.{alias.name}" for alias in node.names}


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_layers(path: Path) -> None:
    module = module_of(path)
    unit = unit_of(module)
    assert unit, f"{module} has no place in the layout: add it to DESIGN section 4 and to ALLOWED"
    for name in imported(path):
        if name.split(".")[0] not in ("kb", "sources", "exports"):
            continue
        target = unit_of(name) or "kb"
        assert target == unit or target in ALLOWED[unit], f"{module} must not import {name}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_each_library_lives_in_one_place(path: Path) -> None:
    module = module_of(path)
    for name in imported(path):
        homes = HOMES.get(name.split(".")[0], (module,))
        homes = (homes,) if isinstance(homes, str) else homes
        at_home = any(module == home or module.startswith(f"{home}.") for home in homes)
        assert at_home, f"{name} belongs to {' and '.join(homes)}"
