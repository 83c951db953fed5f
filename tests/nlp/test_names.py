"""Whether two names can be one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.nlp.names import Fit, is_acronym, joined, keys, near_keys, organisation_fit, parts, person_fit, words_of
from kb.text import title_case


@pytest.mark.parametrize(
    ("short", "full", "fit"),
    [
        ("Clément Delangue", "CLEMENT DELANGUE", Fit.SAME),
        ("@ClementDelangue", "Clément Delangue", Fit.SAME),
        ("James Comey", "James B. Comey", Fit.SAME),
        ("Jim Comey", "James B. Comey", Fit.SAME),
        ("J. Comey", "James Comey", Fit.SAME),
        ("Comey Jr.", "James Comey", Fit.LAST),
        ("Suu Kyi", "Aung San Suu Kyi", Fit.LAST),
        ("van der Berg", "Anna van der Berg", Fit.LAST),
        ("Ban", "Ban Ki-moon", Fit.FIRST),
        ("Clément Delange", "Clément Delangue", Fit.NEAR),
        ("De Lang", "Clement Delange", Fit.NEAR),
        ("Wines", "Leslie Wimes", Fit.NEAR),
        ("Anna Comey", "James Comey", Fit.NONE),
        ("Kim", "Ana Lim", Fit.NONE),
        ("Ham", "Norman Han", Fit.NONE),
        ("James Comey", "Comey", Fit.NONE),
    ],
)
def test_person_fit(short: str, full: str, fit: Fit) -> None:
    assert person_fit(short, full) == fit


@pytest.mark.parametrize(
    ("short", "full", "fit"),
    [
        ("IMF", "International Monetary Fund", Fit.SAME),
        ("F.B.I.", "Federal Bureau of Investigation", Fit.SAME),
        ("AROS", "Alliance to Reclaim Our Schools", Fit.SAME),
        ("OpenAI", "OpenAI Inc.", Fit.SAME),
        ("the Times", "New York Times", Fit.LAST),
        ("Harvard", "Harvard University", Fit.FIRST),
        ("Fund", "Committee of Banks", Fit.NONE),
        ("imf", "International Monetary Fund", Fit.NONE),
    ],
)
def test_organisation_fit(short: str, full: str, fit: Fit) -> None:
    assert organisation_fit(short, full) == fit


def test_acronym_needs_two_words_and_two_letters() -> None:
    assert not is_acronym("A", "Alliance of Banks")
    assert not is_acronym("B", "Banks")


def test_words_leave_possessives_out_and_keep_what_joins() -> None:
    text = "the F.B.I.’s Jo-Renee O'Brien and AT&T's parents' kids"
    assert [w.text for w in words_of(text)] == (
        ["the", "F.B.I.", "Jo-Renee", "O'Brien", "and", "AT&T", "parents", "kids"]
    )


def test_parts_drop_article_suffix_and_possessive() -> None:
    assert parts("the Times’s") == ("times",)
    assert parts("Martin King Jr.") == ("martin", "king")
    assert joined("De Láng") == "delang"


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        ("MARIT SOLVANG", "Marit Solvang"),
        ("ANN O'NEIL-MCKAY", "Ann O'Neil-McKay"),
        ("JD VANCE", "JD Vance"),
        ("DR NG", "Dr Ng"),
        ("JAN VAN DER BERG", "Jan van der Berg"),
        ("Marit SOLVANG", "Marit SOLVANG"),
        ("q", "q"),
    ],
)
def test_title_case(printed: str, written: str) -> None:
    assert title_case(printed) == written
    assert title_case(written) == written


NAMES = st.lists(st.text(alphabet="abdeklnäÖ-.' ", min_size=1, max_size=6).map(str.title), min_size=1, max_size=3)


@given(NAMES.map(" ".join), NAMES.map(" ".join))
def test_names_that_fit_share_a_key(short: str, full: str) -> None:
    if parts(short) and parts(full) and person_fit(short, full):
        assert keys(short) & keys(full) or near_keys(short) & near_keys(full)


@given(st.text(max_size=30))
def test_a_name_fits_itself(name: str) -> None:
    assert person_fit(name, name) == organisation_fit(name, name) == Fit.SAME
    assert all(text == name[start:end] for start, end, text in ((w.start, w.end, w.text) for w in words_of(name)))
