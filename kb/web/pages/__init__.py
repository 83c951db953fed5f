"""The web pages: one module for each group of them. ``router`` has them all, ``error_page`` tells what went wrong."""

from fastapi import APIRouter

from kb.web.pages import (
    desk,
    documents,
    entrance,
    judging,
    predictions,
    record_pages,
    search,
    speakers,
    statements,
    topics,
    watches,
)
from kb.web.pages.routing import error_page

__all__ = ["error_page", "router"]

router = APIRouter()
_PARTS = (search, statements, predictions, judging, documents, speakers, topics, desk, watches, record_pages, entrance)
for _part in _PARTS:
    router.include_router(_part.router)
