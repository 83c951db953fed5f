"""Work that goes one at a time: adding documents, polling, importing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread
from fastapi import Request

T = TypeVar("T")


async def in_turn(request: Request, work: Callable[[], T]) -> T:
    """What ``work`` returns, done in a thread when no other such work is: the language model is there once, and those
    who wait keep no thread from answering questions."""
    return await anyio.to_thread.run_sync(work, limiter=request.app.state.ingesting)
