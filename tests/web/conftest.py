"""A small record behind the application, and browsers and programs that ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from records import NOW, Record
from serving import NoExtractor, fill
from starlette.testclient import TestClient

from kb.app import KB, open_kb
from kb.config import Settings
from kb.store import open_store, tokens
from kb.types import TokenRole
from kb.web.app import create_app

HOST = "localhost"
LOGIN_CODE = "let-me-in"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(db=str(tmp_path / "kb.db"), user="owner", allow_private=True, page_seconds=0, gap=0)


@pytest.fixture
def filled(settings: Settings) -> Iterator[Record]:
    """A small record (``serving.fill``)."""
    with open_store(settings.db_url) as store:
        yield fill(Record(store))


@pytest.fixture
def opener(settings: Settings, filled: Record) -> Callable[[], KB]:
    return lambda: open_kb(settings, extractor=NoExtractor)


@pytest.fixture
def make_token(filled: Record) -> Callable[[str, TokenRole], str]:
    def make(name: str, role: TokenRole) -> str:
        with filled.store.transaction() as session:
            return tokens.add(session, name, role, now=NOW)[1]

    return make


@pytest.fixture
def editor(make_token: Callable[[str, TokenRole], str]) -> dict[str, str]:
    """The header of an editor called ana."""
    return {"Authorization": f"Bearer {make_token('ana', 'editor')}"}


@pytest.fixture
def reader(make_token: Callable[[str, TokenRole], str]) -> dict[str, str]:
    """The header of a reader called ron."""
    return {"Authorization": f"Bearer {make_token('ron', 'reader')}"}


@pytest.fixture
def local_app(opener: Callable[[], KB]) -> FastAPI:
    return create_app(opener, local=True, login_code=LOGIN_CODE)


@pytest.fixture
def client(local_app: FastAPI) -> Iterator[TestClient]:
    """Somebody on the server's own machine."""
    with TestClient(local_app, base_url=f"http://{HOST}", raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def team(opener: Callable[[], KB]) -> Iterator[TestClient]:
    """Somebody on another machine, as kb.example.org can be reached from everywhere."""
    app = create_app(opener, local=False, hosts=["kb.example.org"])
    with TestClient(app, base_url="http://kb.example.org", raise_server_exceptions=False) as opened:
        yield opened
