"""Which words give a statement its horizon."""

import datetime as dt

import pytest
from spacy import blank

from kb.dates import find_horizon
from kb.nlp.drafts import Draft, Setting, drafts_of
from kb.nlp.horizons import make_horizons
from kb.types import Horizon, Role, SpeakerMention, StatementKind

SAID = dt.date(2024, 12, 3)


def horizon_of(
    text: str,
    content: str,
    *,
    title: str | None = None,
    kind: StatementKind = "prediction",
    inherited: Horizon | None = None,
    speaker: SpeakerMention | None = None,
) -> Horizon | None:
    nlp = blank("en")
    horizons = make_horizons(nlp, "horizons", {"Acme Corp": 10}, {"Northvale vote": "2025-09-07"})
    doc = nlp.make_doc(text)
    start = text.index(content)
    doc._.setting = Setting(said_on=SAID, title=title)
    doc._.drafts = [
        Draft(
            source=(),
            cue=(),
            content=((start, start + len(content)),),
            confidence=1.0,
            kind=kind,
            horizon=inherited,
            speaker=speaker,
        )
    ]
    return drafts_of(horizons(doc))[0].horizon


def phrase(horizon: Horizon | None) -> str | None:
    return horizon and horizon.phrase


def test_a_headline_counts_by_the_settings_too() -> None:
    horizon = horizon_of("It will close.", "It will close.", title="Five predictions for Acme Corp's fiscal 2026")
    assert horizon is not None
    assert horizon.latest == dt.date(2026, 9, 30)


def test_the_content_comes_first() -> None:
    horizon = horizon_of("By 2026, she said, it will close in 2025.", "it will close in 2025")
    assert horizon is not None
    assert (horizon.phrase, horizon.latest) == ("in 2025", dt.date(2025, 12, 31))
    assert "it will close in 2025"[horizon.start : horizon.end] == "in 2025"


@pytest.mark.parametrize(
    ("text", "content", "expected"),
    [
        ("By 2027, she said, “the deal will close.”", "“the deal will close.”", "By 2027"),
        ("“The deal will close” by 2027, she said.", "“The deal will close”", "by 2027"),
        ("On Friday she said “the deal will close.”", "“the deal will close.”", None),
        ("“The deal will close,” she said on Friday.", "“The deal will close,”", None),
        ("He leaves by 2027. “The deal will close.”", "“The deal will close.”", None),
        ("“The deal will close.” By 2027 he leaves.", "“The deal will close.”", None),
        ("By 2027\n“The deal will close.”", "“The deal will close.”", None),
    ],
)
def test_the_sentence_around_counts_only_when_it_is_a_deadline(text: str, content: str, expected: str | None) -> None:
    assert phrase(horizon_of(text, content)) == expected


def test_an_inherited_horizon_gives_way_to_dates_only() -> None:
    inherited = find_horizon("predictions for 2025", SAID)
    assert phrase(horizon_of("It will close.", "It will close.", inherited=inherited)) == "for 2025"
    assert phrase(horizon_of("It will close soon.", "It will close soon.", inherited=inherited)) == "for 2025"
    assert phrase(horizon_of("It will close by 2026.", "It will close by 2026.", inherited=inherited)) == "by 2026"


def test_a_claim_has_none() -> None:
    assert horizon_of("It closed in 2025.", "It closed in 2025.", kind="claim") is None


STORY = "Ann Lee leads Tidewheel. She shared six predictions for 2025:\n“Robots will be rented.”\nShe sold her house."


@pytest.mark.parametrize(
    ("title", "text", "content", "expected"),
    [
        (None, STORY, "Robots will be rented.", "for 2025"),
        (
            "Six predictions for 2025",
            "She wrote a post.\n“Robots will be rented.”",
            "Robots will be rented.",
            "for 2025",
        ),
        ("Ann Lee's 2025 predictions", "She wrote a post.\n“Robots will rust.”", "Robots will rust.", "2025"),
        ("Outlook: rates in 2026", "She wrote.\n“Rates will fall.”", "Rates will fall.", None),
        ("The outlook for rates in 2026", "She wrote.\n“Rates will fall.”", "Rates will fall.", "in 2026"),
        ("Predictions that failed in 2025", "She wrote.\n“Rates will fall.”", "Rates will fall.", None),
        ("How her predictions for 2025 fared", "She wrote.\n“Rates will fall.”", "Rates will fall.", None),
        ("Six predictions for 2025", "“Rates will fall by 2027.”", "Rates will fall by 2027.", "by 2027"),
        ("Six predictions for 2025", "“Rates will soon fall.”", "Rates will soon fall.", "for 2025"),
        ("Six predictions for 2025", "“Rates will fall eventually.”", "Rates will fall eventually.", "eventually"),
        ("Six predictions for 2019", "“Rates will fall.”", "Rates will fall.", None),
        ("A plant opens in 2026", "“Rates will fall.”", "Rates will fall.", None),
    ],
)
def test_a_headline_or_lead_sets_the_horizon_of_what_stands_under_it(
    title: str | None, text: str, content: str, expected: str | None
) -> None:
    assert phrase(horizon_of(text, content, title=title)) == expected


def test_a_later_heading_replaces_the_lead() -> None:
    text = "Here are her predictions for 2025:\nA.\nB.\nAnd here are her predictions for the 2030s:\nRobots will rust."
    assert phrase(horizon_of(text, "Robots will rust.")) == "for the 2030s"


@pytest.mark.parametrize(
    ("speaker", "content", "latest"),
    [
        (SpeakerMention(name="Acme Corp.", kind="organisation"), "Sales double in fiscal 2026", "2026-09-30"),
        (
            SpeakerMention(name="Ann Lee", kind="person", role=Role(title="CEO", organisation="Acme")),
            "Sales double in fiscal 2026",
            "2026-09-30",
        ),
        (None, "Acme Corp will double sales in fiscal 2026", "2026-09-30"),
        (SpeakerMention(name="Ann Lee", kind="person"), "Sales double in fiscal 2026", "2026-12-31"),
        (None, "The mayor will resign before the Northvale vote", "2025-09-06"),
    ],
)
def test_settings_tell_fiscal_years_and_events(speaker: SpeakerMention | None, content: str, latest: str) -> None:
    horizon = horizon_of(content, content, speaker=speaker)
    assert horizon is not None
    assert horizon.latest == dt.date.fromisoformat(latest)


def test_the_component_takes_its_tables_as_settings() -> None:
    nlp = blank("en")
    nlp.add_pipe("horizons", config={"fiscal_years": {"Acme": 4}, "events": {"Expo": ["2030-10"]}})
    doc = nlp.make_doc("It will open before the Expo")
    doc._.setting = Setting(said_on=SAID)
    doc._.drafts = [Draft(source=(), cue=(), content=((0, 28),), confidence=1.0, kind="prediction")]
    (draft,) = drafts_of(nlp(doc))
    assert draft.horizon is not None
    assert (draft.horizon.latest, draft.horizon.strict_latest) == (dt.date(2030, 10, 31), dt.date(2030, 9, 30))
