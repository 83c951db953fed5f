"""Contents that foretell several things: where they are cut, and what each part is."""

from __future__ import annotations

import datetime as dt

import pytest

from kb.nlp import load_extractor
from kb.nlp.parts import parted
from kb.text import sha256, words_at
from kb.types import DocumentData, RawDocument, StatedPart


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        ("Revenue will double and costs will fall by 2027", ["Revenue will double", "costs will fall by 2027"]),
        ("By 2027 revenue will double, and costs will fall", ["By 2027 revenue will double", "costs will fall"]),
        ("We'll hire 400 people. Profit will double.", ["We'll hire 400 people.", "Profit will double."]),
        (
            "The bank will cut rates in March; the euro would weaken",
            ["The bank will cut rates in March", "the euro would weaken"],
        ),
        (
            "Prices rose. Wages are going to rise too. Nobody knows. Rents will fall.",
            ["Prices rose. Wages are going to rise too. Nobody knows.", "Rents will fall."],
        ),
    ],
)
def test_clauses_that_foretell_something_are_parts(content: str, parts: list[str]) -> None:
    assert [words_at(content, part) for part in parted(content, ((0, len(content)),))] == parts


@pytest.mark.parametrize(
    "content",
    [
        "Revenue will double",
        "Robots will walk and will talk",
        "Robots and drones will fly and land",
        "Robots will walk and probably will talk",
        "If rates fall, revenue will double and costs will fall",
        "AI will replace drivers but it will create jobs",
        "Prices rose and wages fell",
        "Prices will rise. That will hurt.",
        "Either prices will rise or wages will fall",
        "The firm that will win will hire",
        "",
    ],
)
def test_what_comes_true_as_one_stays_whole(content: str) -> None:
    assert parted(content, ((0, len(content)),)) == []


def parts_of(text: str) -> tuple[StatedPart, ...]:
    raw = RawDocument(
        external_id="a",
        kind="article",
        text=text,
        published_at=dt.datetime(2025, 3, 1, tzinfo=dt.UTC),
        published_precision="day",
    )
    document = DocumentData(raw=raw, text=text, text_sha256=sha256(text))
    return next(found.parts for found in load_extractor().extract(document) if found.parts)


def test_parts_have_their_own_kind_quantity_and_horizon() -> None:
    text = (
        "“We will hire 400 people this year. Demand will double by the end of 2027,” said Ana Ruiz, the head of Acme."
    )
    first, second = parts_of(text)
    assert words_at(text, first.content) == "“We will hire 400 people this year."
    assert first.statement.kind == "commitment"
    assert first.statement.quantity is not None
    assert first.statement.quantity.value == 400
    assert first.statement.horizon is not None
    assert first.statement.horizon.latest == dt.date(2025, 12, 31)
    assert second.statement.kind == "prediction"
    assert second.statement.horizon is not None
    assert second.statement.horizon.latest == dt.date(2027, 12, 31)


@pytest.mark.parametrize(
    "content", ["By 2027 revenue will double and costs will fall", "Revenue will double and costs will fall by 2027"]
)
def test_a_time_named_at_the_edge_holds_for_every_part(content: str) -> None:
    first, second = parts_of(f"“{content},” said Ana Ruiz, the chief executive of Acme.")
    assert first.statement.horizon == second.statement.horizon is not None


@pytest.mark.parametrize(
    ("content", "second_latest"),
    [
        ("In 2027 revenue will double in Spain and costs will fall at home", dt.date(2027, 12, 31)),
        ("Revenue will double in 2027 in Spain and costs will fall at home", None),
    ],
)
def test_a_time_inside_one_part_holds_for_that_one(content: str, second_latest: dt.date | None) -> None:
    first, second = parts_of(f"“{content},” said Ana Ruiz of Acme.")
    assert first.statement.horizon is not None
    assert first.statement.horizon.latest == dt.date(2027, 12, 31)
    assert (second.statement.horizon and second.statement.horizon.latest) == second_latest
