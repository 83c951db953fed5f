"""Who speaks, within one document: hand-built Docs, no model."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc
from spacy.util import filter_spans

from kb.nlp.drafts import Draft, Setting, drafts_of, register_extensions
from kb.nlp.speakers import Speakers, make_speakers
from kb.types import Author, Role, Spans, SpeakerMention, Turn

CASES = tomllib.loads((Path(__file__).parent.parent / "data" / "speakers" / "cases.toml").read_text(encoding="utf-8"))
LABELS = {"person": "PERSON", "organisation": "ORG", "place": "GPE", "other": "MISC"}

NLP = spacy.blank("en")
register_extensions()


def unmark(marked: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its double brackets, and where they stood."""
    text, spans = "", []
    for i, piece in enumerate(re.split(r"\[\[(.*?)\]\]", marked)):
        if i % 2:
            spans.append((len(text), len(text) + len(piece)))
        text += piece
    return text, spans


def entities_of(text: str, case: dict[str, Any]) -> list[tuple[int, int, str]]:
    """The names of the case wherever they stand."""
    return [
        (*match.span(), label)
        for kind, label in LABELS.items()
        for name in case.get(kind, ())
        for match in re.finditer(rf"(?<!\w){re.escape(name)}", text)
    ]


def build(text: str, entities: list[tuple[int, int, str]], drafts: list[Draft], setting: Setting) -> Doc:
    doc = NLP.make_doc(text)
    spans = [doc.char_span(start, end, label, alignment_mode="expand") for start, end, label in entities]
    doc.ents = filter_spans([span for span in spans if span])
    doc._.drafts, doc._.setting = drafts, setting
    return doc


def draft(source: Spans, content: Spans = (), **fields: Any) -> Draft:
    return Draft(source=source, cue=(), content=content, confidence=1.0, **fields)


def resolve(marked: str, setting: Setting | None = None, **case: Any) -> list[SpeakerMention | None]:
    text, spans = unmark(marked)
    contents = {int(i): text.index(words) for i, words in case.get("contents", {}).items()}
    drafts = [
        draft((span,), ((contents[i], contents[i] + len(case["contents"][str(i)])),) if i in contents else ())
        for i, span in enumerate(spans)
    ]
    doc = build(text, entities_of(text, case), drafts, setting or Setting(kind="article"))
    return [d.speaker for d in drafts_of(Speakers()(doc))]


def names(doc: Doc) -> list[str | None]:
    return [d.speaker and d.speaker.name for d in drafts_of(Speakers()(doc))]


def only(marked: str, setting: Setting | None = None, **case: Any) -> SpeakerMention:
    (speaker,) = resolve(marked, setting, **case)
    assert speaker is not None
    return speaker


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"].replace(" ", "-"))
def test_speakers_of_a_text(case: dict[str, Any]) -> None:
    fields = {key: value for key, value in case.items() if key not in ("name", "text", "expect")}
    found = resolve(case["text"], **fields)
    assert [f"{s.name} | {s.kind}" if s else "" for s in found] == case["expect"]


def test_near_spellings_are_one_person() -> None:
    first, second = resolve(
        "[[Clement Delange]] sees danger. Models may lie, [[De Lang]] said.", person=["Clement Delange", "De Lang"]
    )
    assert first is not None
    assert first == second
    assert first.name == "Clement Delange"
    assert first.spellings == ("De Lang",)


def test_one_wrong_label_and_one_short_span_do_not_split_a_person() -> None:
    text = "Amara Cole-Diaz ran. Cole-Diaz won. Cole-Diaz slept."
    sources = [((0, 15),), ((21, 30),), ((36, 45),)]
    entities = [(0, 10, "PERSON"), (21, 30, "PERSON"), (36, 45, "GPE")]
    doc = build(text, entities, [draft(source) for source in sources], Setting(kind="article"))
    assert names(doc) == ["Amara Cole-Diaz"] * 3


def test_bare_surnames_and_titles_are_no_spellings() -> None:
    speaker = only("[[Ida Brandt]] spoke. Mr. Brandt left. Brandt slept.", person=["Ida Brandt", "Brandt"])
    assert speaker.spellings == ()


def test_acronym_is_a_spelling() -> None:
    speaker = only("[[The Nordic Grain Fund (NGF)]] sold shares.", organisation=["Nordic Grain Fund", "NGF"])
    assert speaker.spellings == ("NGF",)


@pytest.mark.parametrize(
    ("text", "title", "organisation"),
    [
        ("CEO of Hugging Face [[Clément Delangue]] said", "CEO", "Hugging Face"),
        ("[[Clément Delangue]], chief executive of Hugging Face, said", "chief executive", "Hugging Face"),
        ("[[Hugging Face's CEO, Clément Delangue,]] said", "CEO", "Hugging Face"),
        ("[[Hugging Face chief executive Clément Delangue]] said", "chief executive", "Hugging Face"),
        ("[[Clément Delangue, who is a director at Hugging Face,]] said", "director", "Hugging Face"),
        ("[[Clément Delangue of Hugging Face]] said", None, "Hugging Face"),
        ("[[Clément Delangue]], co-founder and CEO of Hugging Face, said", "co-founder and CEO", "Hugging Face"),
        ("[[Clément Delangue]], the founder and chief executive, said", "founder and chief executive", None),
        ("[[Clément Delangue]], a founder and in a hurry, said", "founder", None),
        ("[[Hugging Face co-founder and CEO Clément Delangue]] said", "co-founder and CEO", "Hugging Face"),
        ("[[Hugging Face founder & CEO Clément Delangue]] said", "founder & CEO", "Hugging Face"),
        ("rivals and CEO [[Clément Delangue]] said", "CEO", None),
        ("[[Sen. Clément Delangue]] said", "Sen.", None),
        (
            "It is [[Delangue]]. Clément Delangue, Hugging Face's head of research, left",
            "head of research",
            "Hugging Face",
        ),
    ],
)
def test_role(text: str, title: str | None, organisation: str | None) -> None:
    speaker = only(text, person=["Clément Delangue", "Delangue"], organisation=["Hugging Face"])
    assert speaker.name == "Clément Delangue"
    assert speaker.role == Role(title=title, organisation=organisation)


def test_role_at_an_organisation_that_was_named_before() -> None:
    marked = "The Grain Council met. [[Ida Brandt, an economist at the council]], spoke. The council left."
    speaker = only(marked, person=["Ida Brandt"], organisation=["Grain Council"])
    assert speaker.role == Role(title="economist", organisation="Grain Council")


def test_what_stands_after_a_name_is_no_role_only_because_it_has_a_role_noun() -> None:
    assert (
        only("In a talk with [[Ida Brandt]], Prado made clear he had major doubts.", person=["Ida Brandt"]).role is None
    )


def test_courtesy_title_is_no_role() -> None:
    assert only("[[Mr. Delangue]] said", person=["Delangue"]).role is None


def test_an_organisation_is_also_called_by_how_its_name_opens() -> None:
    marked = "Kestrel Robotics met. [[Kestrel]] said it would sell. Dover Bank and Dover Club met. [[Dover]] said no."
    found = resolve(marked, organisation=["Kestrel Robotics", "Dover Bank", "Dover Club"], other=["Kestrel", "Dover"])
    assert [speaker and speaker.name for speaker in found] == ["Kestrel Robotics", "Dover"]


def test_a_name_taken_for_a_person_is_the_organisation_that_it_opens() -> None:
    marked = "Halcyon Bank fell. [[Halcyon, which sells]], said no. Ida Dover of Dover Bank left. [[Dover]] said no."
    found = resolve(marked, organisation=["Halcyon Bank", "Dover Bank"], person=["Halcyon", "Ida Dover", "Dover"])
    assert [speaker and speaker.name for speaker in found] == ["Halcyon Bank", "Ida Dover"]


@pytest.mark.parametrize(
    ("marked", "speaker"),
    [
        ("[[Secretary of State Ida Brandt]] said", "Ida Brandt"),
        ("[[United States Senator from Vermont Ida Brandt]] said", "Ida Brandt"),
        ("[[The speaker of the parliament Ida Brandt]] said", "Ida Brandt"),
        ("[[the manager of Dover Media, Dr Ida Brandt,]] said", "Ida Brandt"),
        ("[[Dover Party leader and Prime Minister Ida Brandt]] said", "Ida Brandt"),
        ("[[Retired agent and terrorism specialist Ida Brandt]] said", "Ida Brandt"),
        ("[[The mayor and Senator Ida Brandt]] said", "mayor and Senator Ida Brandt"),
        ("[[A friend of Ida Brandt]] said", "friend of Ida Brandt"),
        ("[[A lawyer for defendant Ida Brandt]] said", "lawyer for defendant Ida Brandt"),
    ],
)
def test_whom_a_source_names_behind_a_role(marked: str, speaker: str) -> None:
    case = {
        "person": ["Ida Brandt"],
        "place": ["United States", "Vermont"],
        "organisation": ["Dover Media", "Dover Party"],
    }
    found = only(f"Jan Holm of the State met. {marked} no.", **case, other=["Jan Holm"])
    assert found.name == speaker


@pytest.mark.parametrize("source", ["The", "an", "there"])
def test_a_word_that_names_nobody_is_no_speaker(source: str) -> None:
    assert resolve(f"It is [[{source}]] that said no.") == [None]


def test_contracted_pronouns_are_pronouns() -> None:
    assert resolve("[[I’ve]] said that, and [[you've]] said so. [[He'd]] said no.") == [None, None, None]


def test_an_organisation_keeps_the_name_by_which_it_is_mostly_called() -> None:
    mostly = "Kestrel grew. Kestrel fell. Kestrel sold. Kestrel Trust bought. [[Kestrel]] said no."
    assert only(mostly, organisation=["Kestrel Trust", "Kestrel"]).name == "Kestrel"
    introduced = "Kestrel Trust grew. Kestrel fell. Kestrel sold. Kestrel bought. [[Kestrel]] said no."
    assert only(introduced, organisation=["Kestrel Trust", "Kestrel"]).name == "Kestrel Trust"
    navy = "The Navy grew. The Navy fell. The Navy sold. The Dover Navy bought. [[The Navy]] said no."
    assert only(navy, organisation=["Dover Navy", "Navy"]).name == "Dover Navy"


def test_spokesman_speaks_for_an_organisation() -> None:
    speaker = only("[[a Telvia spokesman]] said", organisation=["Telvia"])
    assert (speaker.kind, speaker.role) == ("group", Role(title="spokesman", organisation="Telvia"))


def test_author_of_a_post() -> None:
    author = Author(name="Clément Delangue", handle="x:clem", role=Role(title="CEO", organisation="Hugging Face"))
    setting = Setting(kind="post", speaker=author)
    own, other = resolve("[[I]] agree with what [[Ida Brandt]] said.", setting, person=["Ida Brandt"])
    assert own == SpeakerMention(name=author.name, kind="person", role=author.role, handle=author.handle)
    assert other is not None
    assert other.name == "Ida Brandt"


def test_draft_without_source_is_the_author_of_the_turn() -> None:
    text = "Rain is near. Snow is far."
    turns = (Turn(0, 13, Author(name="Ida Brandt")), Turn(14, len(text), None))
    drafts = [draft((), ((0, 13),)), draft((), ((14, len(text)),))]
    doc = build(text, [], drafts, Setting(kind="transcript", turns=turns))
    assert names(doc) == ["Ida Brandt", None]


def test_first_person_in_an_unattributed_quotation_of_a_post_is_the_author() -> None:
    speaker = only("“[[I]] will go”, they heard.", Setting(kind="post", speaker=Author(name="Ida Brandt")))
    assert speaker.name == "Ida Brandt"


def test_surname_that_is_also_a_title() -> None:
    found = resolve("[[Stephen King]] wrote. [[King]] slept.", person=["Stephen King", "King"])
    assert [s and s.name for s in found] == ["Stephen King", "Stephen King"]


def test_a_turn_that_names_another_speaker_by_first_name() -> None:
    marked = "What do you think, Priya?\nToo early. As [[Priya]] said, too early."
    text, _ = unmark(marked)
    turns = (Turn(0, 25, Author(name="Host")), Turn(26, len(text), Author(name="Priya Raman", handle="x:praman")))
    speaker = only(marked, Setting(kind="transcript", turns=turns), person=["Priya"])
    assert (speaker.name, speaker.handle) == ("Priya Raman", "x:praman")


def test_what_cannot_speak_leaves_the_words_to_the_author() -> None:
    text = "Six predictions for AI. A chatbot from Oslo knows it. Some analysts doubt it."
    drafts = [draft(((0, 3),), ((4, 22),)), draft(((24, 43),), ((44, 52),)), draft(((54, 67),), ((68, 76),))]
    for doubtful in drafts:
        doubtful.confidence = 0.4
    doc = build(text, [], drafts, Setting(kind="post", speaker=Author(name="Ana Lim")))
    found = [(d.source != (), d.speaker and d.speaker.name) for d in drafts_of(Speakers()(doc))]
    assert found == [(False, "Ana Lim"), (False, "Ana Lim"), (True, "Some analysts")]


def test_who_surely_speaks_in_a_post_does() -> None:
    text = "Two suppliers say not before 2029."
    doc = build(text, [], [draft(((0, 13),), ((18, 33),))], Setting(kind="post", speaker=Author(name="Ana Lim")))
    (found,) = drafts_of(Speakers()(doc))
    assert found.source == ((0, 13),)
    assert found.speaker
    assert found.speaker.kind == "group"


def test_a_missed_source_stands_beside_the_cue() -> None:
    text = "Ida Brandt runs Telvia. Prices will fall, Brandt predicted."
    missed = Draft(source=(), cue=((49, 58),), content=((24, 40),), confidence=1.0)
    doc = Speakers()(build(text, [(0, 10, "PERSON")], [missed], Setting(kind="article")))
    assert [(d.source, d.speaker and d.speaker.name) for d in drafts_of(doc)] == [(((42, 48),), "Ida Brandt")]


def test_a_label_is_the_author_of_its_turn_and_keeps_to_it() -> None:
    text = "ANA LIM: Rain is near.\nHOST: Snow is far."
    turns = (Turn(9, 22, Author(name="Ana Lim")), Turn(29, 41, Author(name="Host", kind="group")))
    drafts = [draft(((0, 7),), ((9, 22),)), draft(((23, 27),), ((17, 22), (29, 41))), draft(((23, 27),), ((9, 13),))]
    doc = Speakers()(build(text, [(0, 7, "PERSON")], drafts, Setting(kind="transcript", turns=turns)))
    found = [(d.speaker and (d.speaker.name, d.speaker.kind), d.content) for d in drafts_of(doc)]
    assert found == [(("Ana Lim", "person"), ((9, 22),)), (("Host", "group"), ((29, 41),))]


def test_of_several_source_spans_the_one_at_the_cue_tells() -> None:
    text = "Ida Brandt and many more heard Luis Prado say it."
    entities = [(0, 10, "PERSON"), (31, 41, "PERSON")]
    far = Draft(source=((0, 10), (31, 41)), cue=((42, 45),), content=(), confidence=1.0)
    cut = draft(((0, 3), (4, 10)))
    doc = build(text, entities, [far, cut], Setting(kind="article"))
    assert names(doc) == ["Luis Prado", "Ida Brandt"]


def test_draft_without_source_in_an_article_has_no_speaker() -> None:
    doc = build("It rains. Ida Brandt left.", [(10, 20, "PERSON")], [draft((), ((0, 9),))], Setting(kind="article"))
    assert names(doc) == [None]


@pytest.mark.parametrize(
    ("marked", "why"),
    [
        ("[[You]] said that it would rain.", "whom “You” means is not known"),
        ("[[He]] said that it would rain.", "nobody named before “He” fits"),
        ("[[The same man]] came.", "nobody named before “man” fits"),
        ("It is [[who]] says so.", "no name stands before “who”"),
        ("[[We]] will win.", "no author is known and nobody is quoted as saying “We”"),
        ("[[ ]]It rains.", "no source is named"),
        ("[[Some analysts]] wept.", None),
    ],
)
def test_a_speaker_that_stays_unknown_says_why(marked: str, why: str | None) -> None:
    text, spans = unmark(marked)
    (unknown,) = drafts_of(Speakers()(build(text, [], [draft(tuple(spans))], Setting(kind="article"))))
    assert (unknown.unknown_because, unknown.freeze(text).unknown_because) == (why, why)


def test_component_declares_what_it_needs() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("speakers")
    meta = nlp.get_pipe_meta("speakers")
    assert "doc.ents" in meta.requires
    assert meta.assigns == ["doc._.drafts"]
    assert isinstance(make_speakers(nlp, "speakers"), Speakers)


WORDS = "Ida Brandt Mr. the fund he who , and “ ” ( ) of Ōsaka ’s I . director Telvia -- officials @ida 😀 U.S. it ﹰ _"


@given(st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=25), st.data())
def test_any_source_gives_a_result(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    offsets = st.integers(0, len(text))
    pairs = data.draw(st.lists(st.tuples(offsets, offsets).map(lambda p: (min(p), max(p))), max_size=5))
    labels = data.draw(st.lists(st.sampled_from(list(LABELS.values())), min_size=len(pairs), max_size=len(pairs)))
    entities = [(start, end, label) for (start, end), label in zip(pairs, labels, strict=True) if start < end]
    doc = build(text, entities, [draft((pair,)) for pair in pairs], Setting(kind="article"))
    speakers = [d.speaker for d in drafts_of(Speakers()(doc))]
    assert len(speakers) == len(pairs)
    assert all(speaker is None or speaker.name for speaker in speakers)


def test_what_has_a_chief_executive_is_an_organisation_though_nothing_marked_it() -> None:
    speaker = only("[[Ann Lee, chief executive of Quelmark,]] said so.", person=["Ann Lee"])
    assert speaker.role == Role(title="chief executive", organisation="Quelmark")
