"""What is known about a post on X from its number alone."""

from __future__ import annotations

import datetime as dt
import re

STATUS_URL = re.compile(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(\w+)/status(?:es)?/(\d+)", re.IGNORECASE)
EPOCH_MS = 1_288_834_974_657
"""Zero of the clock in post numbers, 2010-11-04T01:42:54.657Z in Unix milliseconds (Twitter's Snowflake)."""
FIRST_SNOWFLAKE = 29_700_859_247
"""Numbers below were counted one by one and carry no time."""


def posted_at(post_id: str) -> dt.datetime | None:
    """When the post was made, to the second; None for a number older than November 2010."""
    number = int(post_id)
    if number < FIRST_SNOWFLAKE or number >= 1 << 63:
        return None
    return dt.datetime.fromtimestamp(((number >> 22) + EPOCH_MS) // 1000, dt.UTC)


def post_url(handle: str, post_id: str) -> str:
    """The address of a post; letter case of handles is not significant."""
    return f"https://x.com/{handle}/status/{post_id}"


def external_id(post_id: str) -> str:
    """Identity of a post, the same in an archive, a feed and a page that embeds it."""
    return f"post:x:{post_id}"
