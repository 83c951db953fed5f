"""When something was said that a document tells of long after."""

import datetime as dt
import re

import pytest
from spacy import blank

from kb.nlp.drafts import Draft, Setting, drafts_of
from kb.nlp.earlier import make_earlier, said_on
from kb.nlp.horizons import make_horizons
from kb.types import Spans

PUBLISHED = dt.date(2026, 3, 10)
MARKED = re.compile(r"([<{\[])(.*?)[>}\]]")


def read(marked: str, published: dt.date | None = PUBLISHED) -> tuple[str, Draft]:
    """A text and the attribution in it: its <source>, {cue} and [content]."""
    text, spans = "", {"<": [], "{": [], "[": []}
    at = 0
    for part in MARKED.finditer(marked):
        text += marked[at : part.start()]
        spans[part[1]].append((len(text), len(text) + len(part[2])))
        text, at = text + part[2], part.end()
    source, cue, content = (tuple[Spans](found) for found in spans.values())
    return text + marked[at:], Draft(source=source, cue=cue, content=content, confidence=1.0, kind="prediction")


@pytest.mark.parametrize(
    ("marked", "told"),
    [
        ("In 2016 <Ana Lim> {said} [cars would drive].", "2016"),
        ("It grew. Back in March 2019, <Ana Lim> {promised} [better cars].", "2019-03"),
        ("In a talk to students in 2019, <Ana Lim> {promised} [better cars].", "2019"),
        ("<Ana Lim> {promised} in 2023 [that cars would drive].", "2023"),
        ("<Ana Lim>, in 2023, {promised} [that cars would drive].", "2023"),
        ("<Ana Lim> {told} a conference in Paris in late 2023 [that cars would drive].", "2023"),
        ("<Ana Lim> {wrote} in a 2022 blog post [that cars would drive].", "2022"),
        ("<Ana Lim> {said in January} [that cars would drive].", "2026-01"),
        ("<Ana Lim> {said} in October [that cars would drive].", "2025-10"),
        ("<Ana Lim> {said} in March [that cars would drive].", "2025-03"),
        ("<Ana Lim> {said} in May of last year [that cars would drive].", "2025-05"),
        ("“[Cars will drive],” <Ana Lim> {said} on July 4, 2024.", "2024-07-04"),
        ("“[Cars will drive],” <Ana Lim> {said} on 4 July 2024.", "2024-07-04"),
        ("“[Cars will drive],” <Ana Lim> {told} the reporters in 2024.", "2024"),
        ("“[Cars will drive],” {said} <Ana Lim> three years ago.", "2023"),
        ("Last year <Ana Lim> {said} [cars would drive].", "2025"),
        ("Last month, <Ana Lim> {said} [cars would drive].", "2026-02"),
        ("Six months ago <Ana Lim> {said} [cars would drive].", "2025-09"),
    ],
)
def test_the_time_of_a_saying(marked: str, told: str) -> None:
    assert said_on(*read(marked), PUBLISHED) == told


@pytest.mark.parametrize(
    "marked",
    [
        "<Ana Lim> {said} [cars would drive by 2030].",
        "On Monday <Ana Lim> {said} [cars would drive].",
        "In 2027, <Ana Lim> {said}, [cars will drive].",
        "In 2026 <Ana Lim> {said} [cars would drive].",
        "[In 2019 the firm lost money], <Ana Lim> {said}.",
        "The firm lost money in 2019. <Ana Lim> {said} [cars would drive].",
        "After he had put his money into the firm in 2019 and lost it in 2020 <Ana Lim> {said} [cars would drive].",
        "<Ana Lim, who left in 2019,> {said} [cars would drive].",
        "<Ana Lim> {said} [cars would drive]. In 2019 they did not.",
        "Twenty-two years ago <Ana Lim> {said} [cars would drive].",
        "More than five years ago <Ana Lim> {said} [cars would drive].",
        "On 31 February 2020 <Ana Lim> {said} [cars would drive].",
        "In 2019 [cars would drive].",
    ],
)
def test_what_is_no_time_of_a_saying(marked: str) -> None:
    assert said_on(*read(marked), PUBLISHED) is None


def test_without_a_day_of_the_document_only_what_names_a_year_tells() -> None:
    assert said_on(*read("In 2016 <Ana Lim> {said} [cars would drive]."), None) == "2016"
    assert said_on(*read("In March <Ana Lim> {said} [cars would drive]."), None) is None
    assert said_on(*read("Last year <Ana Lim> {said} [cars would drive]."), None) is None


@pytest.mark.parametrize(
    ("marked", "earliest", "latest", "strict"),
    [
        ("In 2019 <Lim> {promised} [a million taxis next year].", "2020-01-01", "2020-12-31", None),
        ("In 2016 <Lim> {said} [cars would drive by the end of 2017].", None, "2017-12-31", None),
        ("In 2016 <Lim> {said} [cars would drive in March].", "2016-03-01", "2017-03-31", "2016-03-31"),
        ("In March 2019 <Lim> {said} [cars would drive next month].", "2019-04-01", "2019-04-30", None),
        ("<Lim> {said} [a million taxis would drive next year].", "2027-01-01", "2027-12-31", None),
    ],
)
def test_what_was_said_then_falls_due_as_counted_from_then(
    marked: str, earliest: str | None, latest: str, strict: str | None
) -> None:
    nlp = blank("en")
    text, draft = read(marked)
    components = (make_earlier(nlp, "earlier"), make_horizons(nlp, "horizons", {}, {}))
    doc = nlp.make_doc(text)
    doc._.drafts, doc._.setting = [draft], Setting(said_on=PUBLISHED)
    for component in components:
        doc = component(doc)
    (horizon,) = (found.horizon for found in drafts_of(doc))
    assert horizon
    shown = [day and day.isoformat() for day in (horizon.earliest, horizon.latest, horizon.strict_latest)]
    assert shown == [earliest, latest, strict]
