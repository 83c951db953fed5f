"""News sitemaps: how much of them is read."""

from __future__ import annotations

from reading import read

from kb.types import RawDocument, Skipped
from sources.sitemaps import MAX_URLS


def test_no_more_addresses_than_the_protocol_allows() -> None:
    news = "<news:news><news:title>x</news:title></news:news>"
    urls = "".join(f"<url><loc>https://a.example/{n}</loc>{news}</url>" for n in range(MAX_URLS + 2))
    *first, last = read(
        f"<urlset xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>{urls}</urlset>", "sitemap"
    )
    assert len(first) == MAX_URLS
    assert all(isinstance(item, RawDocument) for item in first)
    assert last == Skipped("sitemap", f"2 addresses beyond the first {MAX_URLS}")
