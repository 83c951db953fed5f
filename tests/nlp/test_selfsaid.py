"""What authors of posts and speakers of turns say themselves."""

import datetime as dt

import pytest
from spacy import blank

from kb.nlp.drafts import Draft, Setting, drafts_of
from kb.nlp.selfsaid import make_self_statements
from kb.types import Author, Role, SpeakerMention, Turn

ANA = Author(name="Ana Roth", handle="x:anaroth", role=Role(title="CEO", organisation="Quelmark"))
SAID = dt.date(2024, 12, 3)


def said(text: str, *drafts: Draft, setting: Setting | None = None) -> list[Draft]:
    nlp = blank("en")
    self_statements = make_self_statements(nlp, "self_statements", {}, {})
    doc = nlp.make_doc(text)
    doc._.setting = setting or Setting(kind="post", said_on=SAID, speaker=ANA)
    doc._.drafts = list(drafts)
    return drafts_of(self_statements(doc))


def shown(text: str, drafts: list[Draft]) -> list[tuple[str, str, str | None]]:
    return [(draft.words(text), draft.kind, draft.horizon and draft.horizon.phrase) for draft in drafts]


def test_what_an_author_repeats_of_others_is_not_theirs() -> None:
    text = "Robots will sell in 2027.\nRT @other: they will take over.\nSo true! RT @b it will rain\nSmart robots win."
    assert [words for words, *_ in shown(text, said(text))] == [
        "Robots will sell in 2027.",
        "So true!",
        "Smart robots win.",
    ]


def span(text: str, words: str) -> tuple[tuple[int, int], ...]:
    start = text.index(words)
    return ((start, start + len(words)),)


def reported(text: str, source: str, cue: str, content: str) -> Draft:
    return Draft(source=span(text, source), cue=span(text, cue), content=span(text, content), confidence=0.8)


def test_every_sentence_is_the_authors() -> None:
    text = "We ship in May. Mr. Ng agrees."
    drafts = said(text)
    assert [draft.words(text) for draft in drafts] == ["We ship in May.", "Mr. Ng agrees."]
    assert {(draft.quote_kind, draft.source, draft.cue) for draft in drafts} == {("self", (), ())}
    assert drafts[0].speaker == SpeakerMention(name="Ana Roth", kind="person", role=ANA.role, handle="x:anaroth")


def test_list_items_inherit_horizon_and_kind() -> None:
    text = (
        "Thanks all!\nMy six predictions for 2025:\n\n1. Rates fall.\n- Open models win\n• 100,000 robots\n2️⃣ Chips 🚀"
    )
    assert shown(text, said(text)) == [
        ("Thanks all!", "other", None),
        ("My six predictions for 2025:", "other", None),
        ("Rates fall.", "prediction", "for 2025"),
        ("Open models win", "prediction", "for 2025"),
        ("100,000 robots", "prediction", "for 2025"),
        ("Chips 🚀", "prediction", "for 2025"),
    ]


def test_promises_and_a_year_that_stands_alone() -> None:
    text = "Three promises for 2026:\n1/ No acquisitions.\n\nMy 2025 predictions 🧵\n(a) Rates fall."
    assert shown(text, said(text)) == [
        ("Three promises for 2026:", "other", None),
        ("No acquisitions.", "commitment", "for 2026"),
        ("My 2025 predictions", "other", None),
        ("Rates fall.", "prediction", "2025"),
    ]


def test_a_review_of_old_predictions_predicts_nothing() -> None:
    text = "Predictions for 2025:\n- Rates fall.\nHow my predictions for 2024 turned out:\n- Rates will fall. Right!"
    drafts = said(text)
    assert shown(text, drafts)[-2:] == [("Rates will fall.", "claim", None), ("Right!", "other", None)]
    assert drafts[-2].kind_scores == {"other": 1.0}


def test_each_sentence_of_a_list_item_is_a_statement() -> None:
    text = "Predictions for 2025:\n1. Rates fall. The bank has said so.\n2. Robots. They will be in every home."
    assert shown(text, said(text))[1:] == [
        ("Rates fall.", "prediction", "for 2025"),
        ("The bank has said so.", "claim", "for 2025"),
        ("Robots.", "other", "for 2025"),
        ("They will be in every home.", "prediction", "for 2025"),
    ]


def test_explanations_between_numbered_items_keep_the_heading() -> None:
    text = "Predictions for 2025:\n1. Rates fall.\nInflation is low now.\n2. Jobs grow.\nPlaces I saw\n- Paris is one"
    assert shown(text, said(text))[1:] == [
        ("Rates fall.", "prediction", "for 2025"),
        ("Inflation is low now.", "claim", None),
        ("Jobs grow.", "prediction", "for 2025"),
        ("Places I saw", "claim", None),
        ("Paris is one", "claim", None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Thank you so much for having me!",
        "Good morning, Lisbon!",
        "It’s great to be here today.",
        "Yeah, exactly.",
        "That’s a great question.",
        "Happy new year to everyone!",
        "Day one.",
    ],
)
def test_politeness_and_fragments_state_nothing(text: str) -> None:
    assert [draft.kind for draft in said(text)] == ["other"]


@pytest.mark.parametrize(
    "text", ["Thanks to lower prices, demand doubled.", "Like everyone, we were late.", "So we left it."]
)
def test_statements_that_open_like_politeness(text: str) -> None:
    assert [draft.kind for draft in said(text)] == ["claim"]


@pytest.mark.parametrize("text", ["", "#AI #robots", "https://quelmark.example/x", "🚀🚀\n@bob @eve", "- \n* "])
def test_nothing_is_said(text: str) -> None:
    assert said(text) == []


def test_tags_beside_a_sentence_are_cut() -> None:
    text = "@bob @eve We ship #robots in May #AI https://quelmark.example"
    assert [draft.words(text) for draft in said(text)] == ["We ship #robots in May"]


def test_first_person_drafts_give_way_and_pass_on_their_scores() -> None:
    text = "Hello there. I think that rates will fall if nobody buys, and then all will be well again for us."
    own = reported(text, "I", "think", "that rates will fall")
    own.kind_scores = {"prediction": 0.9, "commitment": 0.0, "other": 0.1}
    drafts = said(text, own)
    assert [(draft.words(text), draft.quote_kind) for draft in drafts] == [
        ("Hello there.", "self"),
        (text.removeprefix("Hello there. "), "self"),
    ]
    assert drafts[1].kind_scores == own.kind_scores


def test_a_sentence_that_says_i_think_keeps_source_and_cue_apart_from_what_is_thought() -> None:
    text = "Hello there. So I think that rates will fall."
    drafts = said(text, reported(text, "I", "think", "that rates will fall"))
    assert [draft.words(text) for draft in drafts] == ["Hello there.", "that rates will fall"]
    assert [text[slice(*span)] for span in (*drafts[1].source, *drafts[1].cue)] == ["I", "think"]
    assert drafts[1].quote_kind == "self"


def test_what_somebody_else_said_is_left_to_them() -> None:
    text = "Bo Ng said that rates will fall. I said they will not, and Bo Ng said yes, so there."
    other = reported(text, "Bo Ng", "said", "that rates will fall")
    other.speaker = SpeakerMention(name="Bo Ng", kind="person")
    drafts = said(text, other)
    assert drafts[0] is other
    assert [draft.words(text) for draft in drafts[1:]] == ["I said they will not, and Bo Ng said yes, so there."]


def test_turns_speak_for_their_speakers_only() -> None:
    text = "We ship in May.\nWhen exactly is that?\nNobody knows who speaks."
    setting = Setting(
        kind="transcript", turns=(Turn(0, 15, ANA), Turn(16, 37, Author(name="Host")), Turn(38, len(text), None))
    )
    drafts = said(text, setting=setting)
    assert [(draft.words(text), draft.speaker and draft.speaker.name) for draft in drafts] == [
        ("We ship in May.", "Ana Roth"),
        ("When exactly is that?", "Host"),
    ]


def test_articles_have_no_first_person() -> None:
    text = "I think that rates will fall."
    draft = reported(text, "I", "think", "that rates will fall")
    assert said(text, draft, setting=Setting(kind="article")) == [draft]
