"""The whole pipeline with the bundled model: offsets, odd input, and the shape of what comes out."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.config import Settings
from kb.nlp import load_extractor
from kb.nlp.pipeline import Extractor
from kb.text import plain_words, sha256, words_at
from kb.types import Attribution, Author, DocumentData, RawDocument, Turn

UTC = dt.UTC


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return load_extractor()


def document(text: str, **fields: object) -> DocumentData:
    turns = fields.pop("turns", ())
    raw = RawDocument(**{"external_id": "x", "kind": "file", "text": text} | fields)  # type: ignore[arg-type]
    return DocumentData(raw=raw, text=text, text_sha256=sha256(text), turns=turns)  # type: ignore[arg-type]


def check_offsets(text: str, found: tuple[Attribution, ...]) -> None:
    for attribution in found:
        for start, end in (*attribution.source, *attribution.cue, *attribution.content):
            assert 0 <= start < end <= len(text)
        assert attribution.statement.text == plain_words(text, attribution.content)
        assert bool(attribution.statement.text) == bool(words_at(text, attribution.content).strip())
        assert 0 <= attribution.confidence <= 1


def test_a_plain_quotation(extractor: Extractor) -> None:
    text = (
        "Ilse Varga, chief executive of Quelmark, opened the plant on Tuesday.\n\n"
        "“We will build 200,000 vans by the end of 2027,” said Varga."
    )
    found = extractor.extract(document(text, published_at=dt.datetime(2026, 2, 3, tzinfo=UTC)))
    check_offsets(text, found)
    (attribution,) = [a for a in found if a.quote_kind == "direct"]
    assert text[slice(*attribution.source[0])] == "Varga"
    assert text[slice(*attribution.cue[0])] == "said"
    assert attribution.speaker is not None
    assert attribution.speaker.name == "Ilse Varga"
    assert attribution.statement.kind in ("prediction", "commitment")
    assert attribution.statement.horizon is not None
    assert attribution.statement.horizon.latest == dt.date(2027, 12, 31)


def test_bold_letters_are_read_and_kept(extractor: Extractor) -> None:
    plain = "Our plan is simple. By the end of 2027 every van will charge in ten minutes."
    bold = "".join(chr(0x1D5EE + ord(c) - ord("a")) if c.islower() else c for c in plain).replace("2027", "𝟮𝟬𝟮𝟳")
    fields = {"kind": "post", "speaker": Author(name="Ilse Varga"), "published_at": dt.datetime(2026, 2, 3, tzinfo=UTC)}
    read, styled = extractor.extract(document(plain, **fields)), extractor.extract(document(bold, **fields))
    check_offsets(bold, styled)
    assert [a.content for a in styled] == [a.content for a in read]
    latest = [a.statement.horizon.latest for a in styled if a.statement.horizon]
    assert latest == [dt.date(2027, 12, 31)]


def test_a_post_speaks_for_its_author(extractor: Extractor) -> None:
    text = "My predictions for 2027:\n- Half of all vans sold in Europe will be electric.\n- Two rivals will merge."
    author = Author(name="Ilse Varga", handle="x:ivarga_ex")
    posted = dt.datetime(2026, 12, 3, tzinfo=UTC)
    found = extractor.extract(document(text, kind="post", speaker=author, published_at=posted))
    check_offsets(text, found)
    predictions = [a for a in found if a.statement.kind == "prediction"]
    assert len(predictions) == 2
    for attribution in predictions:
        assert attribution.quote_kind == "self"
        assert attribution.speaker is not None
        assert attribution.speaker.name == "Ilse Varga"
        assert attribution.statement.horizon is not None
        assert attribution.statement.horizon.latest == dt.date(2027, 12, 31)


def test_turns_speak_for_their_speakers(extractor: Extractor) -> None:
    first, second = "What do you expect for next year?", "We expect sales to double in 2027."
    text = f"{first}\n\n{second}"
    turns = (
        Turn(0, len(first), Author(name="Joss Adler")),
        Turn(len(first) + 2, len(text), Author(name="Dana Whitlock")),
    )
    posted = dt.datetime(2026, 12, 3, tzinfo=UTC)
    found = extractor.extract(document(text, kind="transcript", turns=turns, published_at=posted))
    check_offsets(text, found)
    (said,) = [a for a in found if a.statement.kind in ("prediction", "commitment")]
    assert said.speaker is not None
    assert said.speaker.name == "Dana Whitlock"


@pytest.mark.parametrize("text", ["", " \n ", "word", "“", '"', "”“", "http://example.org", "\U0001f600" * 50])
def test_texts_without_statements_give_a_result(extractor: Extractor, text: str) -> None:
    check_offsets(text, extractor.extract(document(text)))


ODD = st.lists(
    st.sampled_from(
        [
            "“",
            "”",
            '"',
            "‘",
            "’",
            "«",
            "»",
            "said",
            "Ann Lee",
            "she",
            "will",
            "in 2027",
            "according to",
            "We expect",
            "rates",
            "fall",
            "\r\n",
            "\n\n",
            "\n",
            "\t",
            "e\u0301",
            "😀",
            "👩‍👩‍👧",
            "\u202e",
            "\ufeff",
            "—",
            ",",
            ".",
            "10 %",
            "ﬁrm",
            "İstanbul",
            "中国",
            "\u2028",
        ]
    ),
    max_size=40,
).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(ODD, st.sampled_from(["file", "post"]))
def test_offsets_hold_on_odd_texts(extractor: Extractor, text: str, kind: str) -> None:
    author = Author(name="Ann Lee") if kind == "post" else None
    check_offsets(text, extractor.extract(document(text, kind=kind, speaker=author)))


def test_batches_give_what_single_documents_give(extractor: Extractor) -> None:
    texts = ["Ann Lee said prices will fall.", "", "“It is over,” Bob Ray told reporters. “We lost.”", "No one spoke."]
    documents = [document(text) for text in texts]
    together = [found for _, found in extractor.pipe(documents)]
    for one, found in zip(documents, together, strict=True):
        alone = extractor.extract(one)
        assert [(a.source, a.cue, a.content) for a in alone] == [(a.source, a.cue, a.content) for a in found]


def test_settings_reach_the_pipeline() -> None:
    chosen = Settings(db="unused.db", scale="Kent", fiscal_years={"Quelmark": 7})
    text = "Ann Lee, chief executive of Quelmark, said sales will almost certainly double in fiscal 2027."
    raw = RawDocument(external_id="a", kind="article", text=text)
    (found,) = load_extractor(chosen).extract(DocumentData(raw=raw, text=text, text_sha256=sha256(text)))
    assert found.statement.p_scale == "Kent"
    assert found.statement.horizon
    assert found.statement.horizon.latest == dt.date(2027, 6, 30)
