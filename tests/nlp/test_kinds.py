"""Kinds of statements on hand-made drafts; the corpus they were measured on is of politics, these are not."""

import pytest
from spacy import blank

from kb.nlp.drafts import Draft, drafts_of
from kb.nlp.kinds import combined, read_scores, words_of
from kb.types import Role, SpeakerMention, StatementKind

CASES = [
    ("Pomelo", "said", "it will open three new stores in India next year", "commitment"),
    ("The company", "plans to", "cut 2,000 jobs by March", "commitment"),
    ("Pomelo", "announced", "it would invest $80 billion in data centres", "commitment"),
    ("Okoye", "said", "“We will launch the new model in the summer,”", "commitment"),
    ("The bank", "promised", "to return $5 billion to shareholders", "commitment"),
    ("", "", "We’re opening our Paris office in March.", "commitment"),
    ("", "", "I’ll publish the full data next week.", "commitment"),
    ("Quelmark", "expects", "revenue of $37.5 billion in the fourth quarter", "prediction"),
    ("Analysts", "forecast", "that sales will rise 12% in 2026", "prediction"),
    ("Okoye", "warned", "that cheap models could spread false news", "prediction"),
    ("Varga", "said", "the central bank is likely to cut rates in December", "prediction"),
    ("Varga", "said", "“I think robots are going to be everywhere in ten years,”", "prediction"),
    ("", "", "Open models will overtake closed ones by 2026.", "prediction"),
    ("", "", "There’s a 70% chance that rates are cut in March.", "prediction"),
    ("", "", "My bet: rates below 3% by Christmas.", "prediction"),
    ("Pomelo", "reported", "revenue of $25.2 billion in the third quarter", "claim"),
    ("Pomelo", "said", "it had shipped 1 million chips", "claim"),
    ("", "", "We hit 1 million users yesterday!", "claim"),
    ("Varga", "called", "the ruling “disappointing”", "opinion"),
    ("He", "said", "“The models are not safe enough and regulators should act,”", "opinion"),
    ("", "", "Agents are the most overhyped thing of the decade.", "opinion"),
    ("The analyst", "asked", "whether margins would recover", "question"),
    ("He", "said", "“Who will pay for all of this?”", "question"),
    ("A spokesperson", "declined to comment", "on the talks", "other"),
    ("Quelmark", "expressed concern about", "the bill", "other"),
    ("the bill", "known as", "the Chips Act", "other"),
    ("who", "asked not", "to be named", "other"),
    ("Europe", "ordered", "more warehouse robots", "other"),
    ("Several makers", "have", "machines for the home", "other"),
    ("Okoye", "is worried about", "that success", "other"),
    ("Okoye", "expects", "a restless year", "other"),
    ("Okoye", "learned", "what else comes with them", "other"),
    ("Okoye", "has praised", "the openness of the laboratories before", "other"),
    ("The bank", "outlined", "its plan for small savers", "other"),
    ("The paper", "profiled", "an engineer who recently left the firm", "other"),
    ("Okoye", "named it", "“the most dangerous machine in the world”", "other"),
    ("Okoye", "discussed", "whether the firm would stay", "other"),
    ("", "", "The finest chips in the world.", "other"),
    ("Quelmark", "expects", "a record harvest of 40 million tonnes", "prediction"),
    ("The analyst", "expects", "rates to fall", "prediction"),
    ("The union", "reiterated", "its belief that wages will rise", "prediction"),
    ("Pomelo", "pledged", "better pay for drivers", "commitment"),
    ("Okoye", "demanded", "that the firm stop its trial", "claim"),
    ("Okoye", "accused", "the bank of hiding its losses", "claim"),
    ("Okoye", "described", "the trial as a farce", "claim"),
    ("Okoye", "told", "her staff that the plant was sold", "claim"),
    ("Okoye", "said", "“Not on my watch, not in this town,”", "claim"),
]


def draft_of(source: str, cue: str, content: str) -> tuple[str, Draft]:
    text = f"{source} {cue} {content}"
    cue_start = len(source) + 1
    start = cue_start + len(cue) + 1
    return text, Draft(
        source=((0, len(source)),) if source else (),
        cue=((cue_start, start - 1),) if cue else (),
        content=((start, len(text)),),
        confidence=1.0,
        quote_kind="indirect" if cue else "self",
    )


def read(text: str, draft: Draft) -> StatementKind:
    nlp = blank("en")
    nlp.add_pipe("kinds")
    doc = nlp.make_doc(text)
    doc._.drafts = [draft]
    return drafts_of(nlp(doc))[0].kind


@pytest.mark.parametrize(("source", "cue", "content", "kind"), CASES)
def test_rules_alone(source: str, cue: str, content: str, kind: StatementKind) -> None:
    assert read(*draft_of(source, cue, content)) == kind


def test_the_encoder_outweighs_the_rules_when_it_is_sure() -> None:
    text, draft = draft_of("Varga", "said", "sales will rise in 2026")
    draft.kind_scores = {"prediction": 0.02, "commitment": 0.0, "other": 0.98}
    assert read(text, draft) == "claim"


@pytest.mark.parametrize(
    ("cue", "content", "kind"),
    [
        ("will bring", "a thousand jobs", "commitment"),
        ("defended", "her plan to close the plant", "commitment"),
        ("explained", "how she would close the plant", "commitment"),
        ("outlined", "her plan for the plant", "other"),
    ],
)
def test_what_is_to_come_is_stated_by_the_cue_or_the_content(cue: str, content: str, kind: StatementKind) -> None:
    text, draft = draft_of("Okoye", cue, content)
    draft.kind_scores = {"prediction": 0.01, "commitment": 0.98, "other": 0.01}
    assert read(text, draft) == kind


def test_the_rules_decide_when_the_encoder_is_not_sure() -> None:
    text, draft = draft_of("", "", "We will ship it next week")
    scores = combined(
        read_scores(words_of(text, draft)),
        {"prediction": 0.34, "commitment": 0.32, "other": 0.34},
        rules_weight=0.3,
    )
    assert max(scores, key=lambda kind: scores[kind]) == "commitment"
    assert sum(scores.values()) == pytest.approx(1)


def test_an_earlier_judgement_stays() -> None:
    text, draft = draft_of("", "", "No acquisitions.")
    draft.kind = "commitment"
    assert read(text, draft) == "commitment"


def test_the_speakers_own_company_is_seen_as_the_speaker() -> None:
    text, draft = draft_of("Okoye", "said", "Pomelo Robotics will ship in May")
    draft.speaker = SpeakerMention(name="Ada Okoye", kind="person", role=Role(organisation="Pomelo Robotics"))
    assert words_of(text, draft).content == "@own will ship in May"
