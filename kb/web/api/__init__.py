"""The HTTP API, version 1: what the commands do, as JSON, CSV and JSON lines."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from kb.web.access import reader
from kb.web.api import documents, exporting, importing, judging, keeping, sources, speakers, statements, watches
from kb.web.api.documented import ALWAYS, errors

PREFIX = "/api/v1"

router = APIRouter(prefix=PREFIX, dependencies=[Depends(reader)], responses=errors(*ALWAYS))
for _part in (statements, judging, speakers, documents, sources, exporting, importing, watches, keeping):
    router.include_router(_part.router)
