"""Who may read and write over HTTP."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

TokenRole = Literal["reader", "editor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A key to the HTTP API; the secret itself is not kept."""

    id: int
    name: str
    role: TokenRole
    made_at: dt.datetime
    revoked_at: dt.datetime | None
