"""The application: the API, the pages and what guards both, around one open record."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from kb import __version__
from kb.app import KB
from kb.web import api, pages, session
from kb.web.api import description, importing
from kb.web.failures import Failures
from kb.web.problems import add_handlers
from kb.web.security import LOOPBACK, SecurityMiddleware

STATIC = Path(__file__).parent / "static"

THREADS = 12
"""Requests answered at once; with what adds documents beside them, fewer than the connections that SQLAlchemy keeps to
a database (15), so that none waits for one."""


def create_app(
    open_kb: Callable[[], AbstractContextManager[KB]],
    *,
    local: bool,
    hosts: Collection[str] = LOOPBACK,
    login_code: str | None = None,
) -> FastAPI:
    """The application; the record is opened when it starts and closed when it ends.

    ``local``: the server can be reached from this machine only, so that reading needs no token. ``hosts``: the names
    it answers to. ``login_code``: what the link to log in as an editor carries, once.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.ingesting, app.state.drawing = CapacityLimiter(1), threading.Lock()
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        with open_kb() as kb:
            app.state.kb, app.state.stopping = kb, threading.Event()
            yield
            app.state.stopping.set()

    app = FastAPI(
        title="onrecord",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=description.operation_id,
    )
    app.state.local, app.state.login_code = local, login_code
    app.state.session_key, app.state.failures = session.new_key(), Failures()
    add_handlers(app)
    limits = {f"{api.PREFIX}{importing.RECORD_PATH}": lambda: importing.limit(app.state.kb.settings)}
    app.add_middleware(SecurityMiddleware, hosts=hosts, limits=limits)
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
    app.include_router(api.router)
    app.include_router(description.router)
    app.include_router(pages.router)
    app.openapi = partial(description.describe, app)  # type: ignore[method-assign]
    return app
