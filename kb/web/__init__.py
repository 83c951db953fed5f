"""The HTTP API and the web pages; ``kb.web.app.create_app`` puts them together, nothing else is meant for callers."""
