"""Live blogs: many short articles on one page, each with its own moment and its own address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kb.types import Payload, RawDocument, Skipped
from sources.jsonld import Article
from sources.times import parse_moment
from sources.urls import host_of, resolve


def read_live_blog(
    blog: Article, payload: Payload, *, url: str | None, language: str | None
) -> Iterator[RawDocument | Skipped]:
    """One article per entry, in the order of the page; an entry without an author has the blog's.

    ``url`` is the address of the page. The entries have no canonical address: most differ in the fragment alone.
    """
    names = [_name(update, number, url or payload.name) for number, update in enumerate(blog.updates, 1)]
    shared = {name for name, count in Counter(names).items() if count > 1}
    for number, (name, update) in enumerate(zip(names, blog.updates, strict=True), 1):
        anchor = f"{name}#{update.published or number}" if name in shared else name
        if not update.body:
            yield Skipped(anchor, "live blog entry without text")
            continue
        published = parse_moment(update.published, payload.fetched_at)
        updated = parse_moment(update.modified, payload.fetched_at)
        yield RawDocument(
            external_id=f"live:{anchor}",
            kind="article",
            text=update.body,
            url=resolve(url, update.url) or url,
            title=update.headline or blog.headline,
            author=", ".join(update.authors or blog.authors) or None,
            publisher=blog.publisher or host_of(url),
            language=update.language or blog.language or language,
            published_at=published.at if published else None,
            published_precision=published.precision if published else "unknown",
            updated_at=updated.at if updated else None,
            notes=(published.note,) if published and published.note else (),
        )


def _name(update: Article, number: int, page: str) -> str:
    """What an entry is known by: its own address, else its moment on the page."""
    return resolve(page, update.url) or update.url or f"{page}#{update.published or number}"
