"""The record itself: tables, transactions, and one module per aggregate.

Writers take a session from ``Store.transaction``; readers take one from ``Store.reading`` and return plain rows.
"""

from sqlmodel import Session

from kb.store.store import Store, open_store

__all__ = ["Session", "Store", "open_store"]
