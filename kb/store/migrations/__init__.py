"""How databases are made and brought up to date, by Alembic; opening a store runs what is missing.

A migration is written once and never changed. It imports nothing of ours: tables are what they were that day.
"""
