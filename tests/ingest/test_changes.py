"""What changed between two texts: what matters is found, what does not is no change."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.ingest.changes import Change, changes, is_same

TEXT = """Havenlink will build a second terminal in Rotterdam.

"We will order 40,000 ferries by 2027," said Mira Okafor, its chief executive.

The port handled 14 million containers last year. Unions are against it."""

NOISE = [
    TEXT.replace("\n\n", "\n"),
    TEXT.replace('"We', "“We").replace('2027,"', "2027,”"),
    "Updated 3 pm\n\n" + TEXT,
    TEXT + "\n\nLast updated: March 17, 2026 at 3:15 p.m. ET",
    "5 min read\n\n1,204 views\n\n" + TEXT + "\n\nShare this article\n\n12 comments",
    TEXT + "\n\nPublished 2 hours ago",
    TEXT.replace("The port handled", "The port\nhandled"),
    TEXT.replace("last year", "last year"),
    TEXT + "\n\nAdvertisement",
]


@pytest.mark.parametrize("text", NOISE)
def test_layout_and_furniture_are_no_change(text: str) -> None:
    assert is_same(TEXT, text)
    assert changes(TEXT, text) == []


def test_quotations_and_numbers_come_first() -> None:
    new = (
        TEXT.replace("40,000", "50,000")
        .replace("14 million", "15 million")
        .replace("Unions are against it.", "Unions welcome it. A vote is due in May.")
        .replace("second terminal in", "second terminal near")
    )
    said = '"We will order {} ferries by 2027," said Mira Okafor, its chief executive.'
    port = "The port handled {} million containers last year."
    assert changes(TEXT, new) == [
        Change("quotation", said.format("40,000"), said.format("50,000")),
        Change("number", port.format(14), port.format(15)),
        Change(
            "sentence",
            "Havenlink will build a second terminal in Rotterdam.",
            "Havenlink will build a second terminal near Rotterdam.",
        ),
        Change("sentence", "Unions are against it.", "Unions welcome it."),
        Change("sentence", None, "A vote is due in May."),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("This story was updated to correct the number of ferries.", "sentence"),
        ("He said: “No.”", "quotation"),
        ("2025.", "number"),
        ("Sales updated in 2025.", "number"),
    ],
)
def test_what_only_looks_like_a_note_counts(line: str, kind: str) -> None:
    assert changes(TEXT, f"{TEXT}\n\n{line}") == [Change(kind, None, line)]  # type: ignore[arg-type]
    assert changes(f"{TEXT}\n\n{line}", TEXT) == [Change(kind, line, None)]  # type: ignore[arg-type]


def test_other_words_around_a_quotation_leave_it_alone() -> None:
    (change,) = changes(TEXT, TEXT.replace("its chief executive", "who leads it"))
    assert change.kind == "sentence"


def test_a_sentence_that_moved_is_the_same() -> None:
    first, *rest = TEXT.split("\n\n")
    assert changes(TEXT, "\n\n".join([*rest, first])) == []
    assert changes(f"{TEXT}\n\n{first}", TEXT) == [Change("sentence", first, None)]


words = st.sampled_from([*"Boats sail. “Now,” 12 Updated ago said Ann\n.".split(" "), "\n\n", "“", "”", ""])


@given(st.lists(words).map(" ".join), st.lists(words).map(" ".join))
def test_what_is_gone_one_way_is_new_the_other_way(old: str, new: str) -> None:
    there, back = changes(old, new), changes(new, old)
    assert Counter(change.removed for change in there if change.removed) == Counter(
        change.added for change in back if change.added
    )
    assert not there or not is_same(old, new)
