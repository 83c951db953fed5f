"""Names out of bylines."""

from __future__ import annotations

import pytest

from sources.bylines import names_in


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("Ann Perez", ["Ann Perez"]),
        ("By Ann Perez", ["Ann Perez"]),
        ("Written by: Ann Perez and Ludo van der Berg", ["Ann Perez", "Ludo van der Berg"]),
        ("Ann Perez, Ugo Neri & Tam O’Roos", ["Ann Perez", "Ugo Neri", "Tam O’Roos"]),
        ("Ann Perez; Ugo Neri | Łucja Ćwik", ["Ann Perez", "Ugo Neri", "Łucja Ćwik"]),
        ("Marks and Spencer", ["Marks and Spencer"]),
        ("Ann Perez, Business Editor at the Quay", ["Ann Perez"]),
        ("Ann Perez, who lives in Corran", ["Ann Perez, who lives in Corran"]),
        ("desk@quay.example (Ann Perez)", ["Ann Perez"]),
        ("desk@quay.example", []),
        ("https://quay.example/staff/ann", []),
        ("  ", []),
        (None, []),
    ],
)
def test_names(byline: str | None, names: list[str]) -> None:
    assert list(names_in(byline)) == names
