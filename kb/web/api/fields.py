"""What stands below the fields of our classes in the code, as descriptions of them in OpenAPI.

Pydantic would read it for each type anew while the server starts, which takes longer than all else; this reads each
module once, when somebody asks for the description.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from itertools import pairwise
from types import ModuleType
from typing import Any

Meanings = dict[str, dict[str, str]]
"""Class -> field -> what it means."""


def describe_fields(schemas: dict[str, dict[str, Any]], modules: Iterable[ModuleType]) -> None:
    """Add what the modules say of the fields of their classes, and of those that these inherit, to the schemas."""
    meanings: Meanings = {}
    for module in modules:
        meanings |= _meanings(module, meanings)
    for schema in schemas.values():
        of = meanings.get(schema.get("title", "").partition("[")[0], {})
        for name, field in schema.get("properties", {}).items():
            if name in of:
                field.setdefault("description", of[name])


def _meanings(module: ModuleType, known: Meanings) -> Meanings:
    found: Meanings = {}
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.ClassDef):
            bases = (ast.unparse(base).partition("[")[0] for base in node.bases)
            inherited = [(known | found).get(base, {}) for base in bases]
            found[node.name] = dict(item for part in inherited for item in part.items()) | dict(_fields(node))
    return found


def _fields(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(node.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name.rstrip("_"), inspect.cleandoc(text)
