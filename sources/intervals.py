"""How often a feed says that it is to be polled: RSS ``ttl``, and the syndication module of RSS 1.0."""

from __future__ import annotations

import datetime as dt
import re

from kb.types import Payload
from sources.decode import head

_TTL = re.compile(r"<ttl>\s*(\d{1,6})\s*</ttl>", re.IGNORECASE)
_PERIOD = re.compile(r"<sy:updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)\s*</sy:updatePeriod>", re.IGNORECASE)
_FREQUENCY = re.compile(r"<sy:updateFrequency>\s*(\d{1,4})\s*</sy:updateFrequency>", re.IGNORECASE)
_HOURS = {"hourly": 1, "daily": 24, "weekly": 7 * 24, "monthly": 30 * 24, "yearly": 365 * 24}


def stated_interval(payload: Payload) -> dt.timedelta | None:
    """The longer of the two, read from the head of the feed; None where it says nothing."""
    text = head(payload)
    ttl, period, frequency = _TTL.search(text), _PERIOD.search(text), _FREQUENCY.search(text)
    stated = []
    if ttl:
        stated.append(dt.timedelta(minutes=int(ttl[1])))
    if period:
        times = max(int(frequency[1]), 1) if frequency else 1
        stated.append(dt.timedelta(hours=_HOURS[period[1].lower()]) / times)
    return max(stated, default=None)
