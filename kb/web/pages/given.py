"""What addresses and forms of pages give, with bounds that every database keeps."""

from __future__ import annotations

from typing import Annotated

from fastapi import Form, Path, Query

from kb.web.api.asking import LARGEST_ID, Plain

Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
"""Of a statement, document, speaker or source, in the address."""
Revision = Annotated[int, Query(ge=0, le=LARGEST_ID)]
Chosen = Annotated[int, Form(ge=1, le=LARGEST_ID)]
"""Such a number in a form."""
Asked = Annotated[Plain, Query(alias="q", max_length=2000)]
"""A query."""
Words = Annotated[Plain, Query(max_length=200)]
