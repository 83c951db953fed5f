"""What every page has in common: templates, who looks at it, how it is rendered, how a form is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from exports import wording as exported
from kb.app import KB
from kb.ask import status_of
from kb.figures import spoken
from kb.recordings import clock
from kb.testable import TESTED, testability
from kb.web.access import NOBODY, Actor
from kb.web.pages import wording
from kb.web.pages.marks import in_context
from kb.web.session import csrf_token

HERE = Path(__file__).parent.parent
NAVIGATION = (
    ("/", "Search"),
    ("/predictions", "Predictions"),
    ("/speakers", "Speakers"),
    ("/topics", "Topics"),
    ("/scores", "Scores"),
    ("/review", "Review"),
    ("/sources", "Sources"),
)


def viewer(request: Request) -> Actor:
    """Who looks at a page, as ``routing.greet`` found; nobody in particular on pages of no route."""
    who: Actor = getattr(request.state, "viewer", NOBODY)
    return who


def render(request: Request, template: str, /, code: int = 200, **values: Any) -> HTMLResponse:
    """A page, answered with an HTTP status."""
    page = environment().get_template(template)
    shared = {
        "viewer": viewer(request),
        "csrf": csrf_token(request),
        "path": request.url.path,
        "here": here(request),
        "navigation": NAVIGATION,
        "now": utc_now(),
        "today": utc_now().date(),
    }
    return HTMLResponse(page.render({**shared, **values}), status_code=code, headers={"Vary": "Cookie, HX-Request"})


def see(address: str) -> Response:
    """Send a browser on after a form; the address is one of ours."""
    return RedirectResponse(local(address), status_code=303)


def local(address: str) -> str:
    """``address`` if it is a path on this server, else the front page: no form sends anybody elsewhere."""
    parts = urlsplit(address.replace("\\", "/"))
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return address if inside and not parts.path.startswith("//") and address.isprintable() else "/"


def here(request: Request) -> str:
    """The path and query of the page, to come back to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def is_swap(request: Request) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"


def is_empty(kb: KB) -> bool:
    """Whether nobody has said anything yet, as far as the record knows."""
    return not kb.said(limit=1) and not kb.speakers()


def utc_now() -> dt.datetime:
    """Now."""
    return dt.datetime.now(dt.UTC)


def address(path: str, **query: object) -> str:
    """``path`` with those parts of the query that have a value."""
    given = {key: value for key, value in query.items() if value not in (None, "", ())}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates. Everything is escaped, and hidden characters are spelled out, unless it is markup of ours."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=wording.visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(_FILTERS)
    made.globals.update(_GLOBALS)
    return made


@lru_cache(maxsize=32)
def static(name: str) -> str:
    """The address of a file of ours; another one whenever the file changes, so that browsers may keep it."""
    digest = sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?{digest}"


def _status(row: Any, today: dt.date) -> str:
    """The verdict, else where a prediction stands; nothing for other statements."""
    if row.outcome:
        return str(row.outcome.verdict)
    return status_of(row, today) if row.kind in TESTED else ""


def _mappings() -> Mapping[str, Any]:
    return {
        "verdicts": exported.VERDICTS,
        "quote_kinds": exported.QUOTE_KINDS,
        "kinds": wording.KINDS,
        "statuses": wording.STATUSES,
        "unknown_speaker": exported.UNKNOWN_SPEAKER,
        "tested": TESTED,
    }


_FILTERS = {
    "spoken_date": exported.spoken_date,
    "spoken_due": exported.spoken_due,
    "spoken_strength": exported.spoken_strength,
    "quoted": exported.quoted,
    "outlet": exported.outlet,
    "web_link": exported.web_link,
    "shorten": exported.shorten,
    "testability": testability,
    "status": _status,
    "counted": wording.counted,
    "moment": wording.moment,
    "clock": clock,
    "ago": wording.ago,
    "percent": wording.percent,
    "length_of": wording.length,
    "spoken_quantity": spoken,
    "spoken_month": wording.month,
    "in_context": in_context,
    "urlquote": lambda text: quote(str(text), safe=""),
}
_GLOBALS = {**_mappings(), "to": address, "static": static, "same_words": exported.same_words}
