"""HTML to text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.html import element_text, html_to_text, parse_html


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("plain", "plain"),
        ("", ""),
        (" \n ", ""),
        ("<!-- only a comment -->", ""),
        ("A &amp;amp; B", "A &amp; B"),
        ("<p>One\n two</p><p>three<br>four</p>", "One two\n\nthree\nfour"),
        ("<div><div>deep</div>tail</div>", "deep\n\ntail"),
        ("<ul><li>a</li><li><p>b</p></li></ul>end", "- a\n- b\n\nend"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("x<script>alert('y')</script><style>p {}</style>z", "xz"),
        ("<b>bo</b>ld <i>it</i>alic", "bold italic"),
        ("<?xml version='1.0' encoding='utf-16'?><p>declared</p>", "declared"),
        ("“It’s 5 € – fine”", "“It’s 5 € – fine”"),
    ],
)
def test_what_a_reader_sees(markup: str, text: str) -> None:
    assert html_to_text(markup) == text


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    assert "core" in html_to_text("<div>" * 200 + "core" + "</div>" * 200)
    html_to_text("<div>" * 100_000)


@given(st.text(max_size=200))
def test_any_text_is_no_error(markup: str) -> None:
    assert isinstance(html_to_text(markup), str)


@pytest.mark.parametrize(
    "control", ["\x00", "\x0b", "\x1f", "\uffff", "&#1;", "&#x1F;", "&#0031", "&#xFFFE;", "&#xD800;", "&#0;"]
)
def test_what_xml_cannot_hold_does_not_break_what_is_cut_out(control: str) -> None:
    root = parse_html(f"<p>a<b>cut</b>{control} 1 &#65;&#1234;&#x1F600;</p>")
    next(root.iter("b")).drop_tree()
    assert element_text(root).replace("\ufffd", "") == "a 1 AӒ😀"
