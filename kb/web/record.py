"""How a request gets at the record."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from kb.app import KB


def the_record(request: Request) -> KB:
    """The one record that this server has open; each question to it has a session of its own."""
    record: KB = request.app.state.kb
    return record


Record = Annotated[KB, Depends(the_record)]
