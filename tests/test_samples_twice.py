"""The sample of every format, through the real pipeline: the second run adds nothing, and every quotation fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.app import KB, open_kb
from kb.store.check import check
from kb.types import Author, Filters, ItemResult

SAMPLES = Path(__file__).parent / "data" / "samples"
OWNER = Author(name="Marta Iliescu")
Runs = tuple[list[list[ItemResult]], list[int], list[str]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """The results of adding the folder twice, the number of statements after each, and the record's problems."""
    folder = tmp_path_factory.mktemp("samples")
    inputs = folder / "inputs"
    inputs.mkdir()
    for sample in SAMPLES.iterdir():
        if not sample.name.endswith((".expected.json", ".md")):
            (inputs / sample.name).write_bytes(sample.read_bytes())
    with open_kb(folder / "kb.db") as kb:
        results, counts = [], []
        for _ in range(2):
            results.append(list(kb.add([inputs], speaker=OWNER)))
            counts.append(statements(kb))
        return results, counts, check(kb.store)


def statements(kb: KB) -> int:
    return len(kb.said(Filters())) + len(kb.said(Filters(kind="other")))


def test_the_first_run_brings_documents_of_every_format(
    runs: tuple[list[list[ItemResult]], list[int], list[str]],
) -> None:
    (first, _), (count, _), _ = runs
    assert sum(result.status == "added" for result in first) >= 15
    assert count > 20


def test_the_second_run_adds_nothing(runs: Runs) -> None:
    (first, second), (before, after), _ = runs
    assert len(second) == len(first)
    assert {result.status for result in second} <= {"unchanged", "skipped", "failed"}
    assert after == before


def test_the_record_is_sound(runs: Runs) -> None:
    assert runs[2] == []
