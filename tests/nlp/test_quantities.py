"""Quantities in words and digits, and what is none."""

import pytest
from spacy import blank

from kb.nlp.drafts import Draft, drafts_of
from kb.nlp.quantities import read_quantity
from kb.types import Quantity

READ = [
    ("at least 100,000 personal AI robots will be pre-ordered in 2025", ">= 100000 robots"),
    ("100,000 or more robots", ">= 100000 robots"),
    ("more than 1.5 million people will move", "> 1500000 people"),
    ("up to a third of jobs will go", "<= 0.333333333333 jobs"),
    ("half of all code will be written by machines", "= 0.5 code"),
    ("revenue will double by 2027", "= 2 times"),
    ("net debt under two times earnings", "< 2 times"),
    ("prices rise by 30% next year", "= 30 %"),
    ("sales of $2 billion in 2026", "= 2000000000 USD"),
    ("a value of around €1.2bn", "~ 1200000000 EUR"),
    ("deficits would add up to $1.5 trillion", "= 1.5e+12 USD"),
    ("between 5 and 10 per cent of users", "range 5 % 10"),
    ("5-10 million users", "range 5000000 users 10000000"),
    ("from 500,000 to 1 million cars", "range 500000 cars 1000000"),
    ("rates are cut from 10% to 5%", "= 5 %"),
    ("the repair lasts three to five years", "range 3 years 5"),
    ("every van will charge in under ten minutes", "< 10 minutes"),
    ("half a million cars", "= 500000 cars"),
    ("hundreds of thousands of workers", "> 100000 workers"),
    ("one in five people", "= 20 %"),
    ("nine out of ten people", "= 90 %"),
    ("twenty-five models", "= 25 models"),
    ("three hundred and five thousand subscribers", "= 305000 subscribers"),
    ("no more than 3 rate cuts", "<= 3 cuts"),
    ("1,000x more compute", "= 1000 times"),
    ("rates go down by 50 basis points", "= 50 basis points"),
    ("rates go down by 50bps", "= 50 basis points"),
    ("rates end at 3.75%-4.00%", "range 3.75 % 4"),
    ("growth is half a percentage point lower", "= 0.5 percentage points"),
    ("January will be down 4%.", "= 4 %"),
    ("growth will be -2% or minus 3%", "= -2 %"),
    ("growth will be minus 2 percent", "= -2 %"),
    ("the stock price will be divided by two", "= 0.5 times"),
    ("its value is divided by 3 or more", ">= 0.333333333333 times"),
    ("costs will be halved", "= 0.5 times"),
    ("emissions cut in half by 2030", "= 0.5 times"),
    ("costs will fall by a third", "= 33.3333333333 %"),
    ("costs will fall by half", "= 50 %"),
    ("costs will fall by a factor of three", "= 0.333333333333 times"),
    ("traffic grows by a factor of 10", "= 10 times"),
    ("two orders of magnitude more compute", "= 100 times"),
    ("profit will more than triple", "> 3 times"),
    ("revenue doubles to 10 million euros", "= 2 times"),
    ("two to three times as many", "range 2 times 3"),
    ("1 in 3 jobs", "= 33.3333333333 %"),
    ("several hundred people", "> 200 people"),
    ("a couple of thousand robots", "~ 2000 robots"),
    ("hundreds of billions of dollars", "> 100000000000 USD"),
    ("HK$2 billion", "= 2000000000 HKD"),
    ("40 million Swiss francs", "= 40000000 CHF"),
    ("SEK 50 million", "= 50000000 SEK"),
    ("warming of 1.5°C", "= 1.5 °C"),
    ("at least 30 gigawatts", ">= 30 GW"),
    ("it will not exceed 3%", "<= 3 %"),
    ("inflation at or above 3%", ">= 3 %"),
    ("the S&P 500 climbs to 7,000", "= 7000 "),
]


def shown(quantity: Quantity | None) -> str:
    if quantity is None:
        return ""
    high = "" if quantity.high is None else f" {quantity.high:.12g}"
    return f"{quantity.comparator} {quantity.value:.12g} {quantity.unit}{high}"


@pytest.mark.parametrize(("text", "expected"), READ)
def test_quantities_are_read(text: str, expected: str) -> None:
    assert shown(read_quantity(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "By 2028 every van will be electric",
        "within five years, or in the next 12 months",
        "on March 15, 2026, at 5 p.m. or 17:30",
        "on 15 April and 2026-04-15",
        "the 3rd largest, the second best",
        "GPT-5 and iPhone 17 will ship in Q3 2026",
        "one of the few, the first one to do so",
        "a five-year plan from 20 years ago",
        "there is a 70 % chance of rain",
        "the company will be divided in two",
        "double-digit growth, and a double standard",
        "they meet twice a week",
        "two in five years, or 5 in 10 days",
        "by twenty twenty-six it will be done",
        "a seven-figure sum, or six figures",
    ],
)
def test_dates_names_and_pronouns_are_no_quantities(text: str) -> None:
    assert read_quantity(text) is None


def test_component_reads_the_content_only() -> None:
    nlp = blank("en")
    nlp.add_pipe("quantities")
    doc = nlp.make_doc("Fifty people heard her say it needs 12 engineers.")
    doc._.drafts = [Draft(source=(), cue=(), content=((26, 48),), confidence=1.0)]
    assert drafts_of(nlp(doc))[0].quantity == Quantity(comparator="=", value=12.0, unit="engineers")
