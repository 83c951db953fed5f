"""onrecord keeps the public record: who said what, where it was reported, and whether it came true.

>>> from kb import open_kb
>>> with open_kb("kb.db") as kb:
...     for row in kb.said(by="Delangue", kind="prediction"):
...         print(row.said_on, row.text)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kb.app import KB, open_kb

__all__ = ["KB", "open_kb"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in __all__:
        from kb import app

        return getattr(app, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
