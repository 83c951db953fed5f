"""The quality gate itself: its documents are well formed, its floors do not sink unsaid, its scoring is right."""

from __future__ import annotations

import itertools
import subprocess
import tomllib

import pytest

from kb.types import Attribution, SpeakerMention, StatementData
from tests.gate.eval_gate import FLOORS, LOWER_IS_BETTER, compare, floor_history, score_by_style, total
from tests.gate.marked import read, read_all
from tests.gate.scoring import Counts

MARKED = "{s1:Ann Lee} {u1:said} {c1:rates} and {c1:prices will fall}.\n---\n1: Ann Lee; prediction\n"


def test_there_are_enough_documents() -> None:
    documents = list(read_all())
    assert len(documents) >= 60
    assert sum(len(document.attributions) for document in documents) >= 300
    assert {document.id.split("-")[0] for document in documents} >= {
        "news",
        "post",
        "release",
        "transcript",
        "headlines",
    }


def test_marks_are_taken_out_and_their_places_kept() -> None:
    document = read("a-01", MARKED)
    assert document.text == "Ann Lee said rates and prices will fall."
    (gold,) = document.attributions
    assert [document.text[slice(*span)] for span in (*gold.source, *gold.cue, *gold.content)] == [
        "Ann Lee",
        "said",
        "rates",
        "prices will fall",
    ]
    assert (gold.speaker, gold.kind) == ("Ann Lee", "prediction")


@pytest.mark.parametrize(
    "marked",
    [
        "{s1:Ann} {u1:said} {c1:so}.\n---\n",
        "{s1:Ann} {u1:said} {c1:so}.\n---\n1: Ann; guess\n",
        "{s1:Ann} {u1:said} {c1:so}.\n---\n1: Ann; claim\n2: Bo; claim\n",
        "{s1:Ann {u1:said}} {c1:so}.\n---\n1: Ann; claim\n",
    ],
)
def test_marks_that_do_not_fit_their_labels_are_refused(marked: str) -> None:
    with pytest.raises(ValueError, match="a-01"):
        read("a-01", marked)


def test_no_floor_sinks_without_a_reason() -> None:
    for tables in floor_history().values():
        for before, after in itertools.pairwise(tables):
            sunk = [m for m, floor in before["floors"].items() if not _holds(m, after["floors"].get(m), floor)]
            assert not sunk or after.get("lowered"), f"floors lowered without a reason: {', '.join(sunk)}"


def test_no_commit_has_lowered_a_floor_without_a_reason() -> None:
    """Against every committed version of the file, so that a floor cannot be edited down in its place."""
    git = ["git", "-C", str(FLOORS.parent)]
    made = subprocess.run([*git, "log", "--format=%H", "--", FLOORS.name], capture_output=True, text=True, check=False)
    if made.returncode or not made.stdout.strip():
        pytest.skip("no git history here to compare the floors with")
    for commit in made.stdout.split():
        shown = subprocess.run([*git, "show", f"{commit}:./{FLOORS.name}"], capture_output=True, text=True, check=True)
        for name, tables in tomllib.loads(shown.stdout).items():
            now = floor_history()[name]
            sunk = [m for m, floor in tables[-1]["floors"].items() if not _holds(m, now[-1]["floors"].get(m), floor)]
            assert not sunk or any("lowered" in table for table in now), f"lower than in {commit[:9]}: {sunk}"


def _holds(measure: str, after: float | None, before: float) -> bool:
    return after is not None and (after <= before if measure in LOWER_IS_BETTER else after >= before)


def attribution(text: str, source: str, cue: str, *content: str, speaker: str | None = None) -> Attribution:
    def span(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    return Attribution(
        source=(span(source),) if source else (),
        cue=(span(cue),),
        content=tuple(span(words) for words in content),
        quote_kind="indirect",
        speaker=SpeakerMention(name=speaker, kind="person") if speaker else None,
        statement=StatementData(kind="prediction", text=" ".join(content)),
        confidence=0.9,
    )


def counted(*found: Attribution) -> dict[str, float]:
    document = read("a-01", MARKED)
    counts = Counts()
    counts.add(document.text, document.attributions, found)
    return counts.figures()


def test_what_is_found_exactly_scores_full() -> None:
    text = read("a-01", MARKED).text
    figures = counted(attribution(text, "Ann Lee", "said", "rates", "prices will fall", speaker="ann lee"))
    assert [figures[m] for m in ("source", "cue", "content", "content_found", "who_said_what", "speaker", "kind")] == [
        100.0
    ] * 7


def test_the_wrong_source_is_no_answer_to_who_said_what() -> None:
    text = read("a-01", MARKED).text
    figures = counted(attribution(text, "", "said", "rates", "prices will fall"))
    assert (figures["content_found"], figures["who_said_what"], figures["source"]) == (100.0, 0.0, 0.0)


def test_half_of_the_content_is_not_found() -> None:
    text = read("a-01", MARKED).text
    figures = counted(attribution(text, "Ann Lee", "said", "rates"))
    assert (figures["content_found"], figures["content"]) == (0.0, 66.7)


def test_the_shipped_model_passes_on_our_own_documents(capsys: pytest.CaptureFixture[str]) -> None:
    failed = compare("gate", total(score_by_style(read_all()).values()))
    assert not failed, capsys.readouterr().out
