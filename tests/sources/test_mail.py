"""Newsletters and press releases as mail."""

from __future__ import annotations

import base64
import datetime as dt
from pathlib import Path

import pytest
from opened import documents, found_in, read_all, reasons
from reading import MAX_BYTES, payload, read, read_one

import sources
from kb.types import Payload, RawDocument, Skipped

HEAD = """Return-Path: <bounce@mail.ledgerpost.example>
From: =?utf-8?q?Ilse_Varga_=C2=B7_Ledger_Post?= <news@ledgerpost.example>
To: readers@ledgerpost.example
Subject: =?utf-8?B?{subject}?=
Date: Tue, 03 Feb 2026 07:30:00 +0100 (CET)
Message-ID: <20260203.1@ledgerpost.example>
List-Id: The Ledger Post Morning <morning.ledgerpost.example>
List-Unsubscribe: <https://ledgerpost.example/u/1>
MIME-Version: 1.0
""".format(subject=base64.b64encode("Quelmark’s bet".encode()).decode())
HTML_BODY = """Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<html><body><div style=3D"display:none">Preview nobody sees =E2=80=8C</div>
<table><tr><td><a href=3D"https://click.example/x?utm_source=3Dnl">View in your browser</a></td></tr></table>
<h1>Quelmark bets on cells</h1>
<p>=E2=80=9CWe expect to ship one million cells by the end of 2027,=E2=80=9D chief executive Dana =
Whitlock said.</p><img src=3D"https://click.example/pixel.gif">
<p style=3D"font-size:11px">You are receiving this because you signed up. <a href=3D"https://x.example">Unsubscribe</a></p>
</body></html>
"""
QUOTE = "“We expect to ship one million cells by the end of 2027,” chief executive Dana Whitlock said."
PERSONAL = (
    "From: Rui Tanaka <rui@halden.example>\nTo: Ilse <i@l.example>\nSubject: {0}\nMessage-ID: <{0}@halden.example>\n\n"
)


def plain(body: str, head: str = HEAD) -> RawDocument:
    return read_one(f"{head}Content-Type: text/plain; charset=utf-8\n\n{body}", "mail.eml")


def test_a_newsletter_is_an_article_by_its_sender() -> None:
    mail = read_one(HEAD + HTML_BODY, "morning.eml")
    assert sources.detect(payload(HEAD + HTML_BODY)) == "mail"
    assert mail.kind == "article"
    assert mail.text == f"Quelmark bets on cells\n\n{QUOTE}"
    assert (mail.author, mail.publisher) == ("Ilse Varga · Ledger Post", "The Ledger Post Morning")
    assert mail.title == "Quelmark’s bet"
    assert mail.published_at == dt.datetime(2026, 2, 3, 6, 30, tzinfo=dt.UTC)
    assert mail.external_id == "mail:20260203.1@ledgerpost.example"
    assert mail.notes == ()


def test_html_goes_before_text_and_attachments_are_left_alone() -> None:
    parts = [
        "Content-Type: text/plain\n\nSee the HTML version.\n",
        HTML_BODY,
        'Content-Type: text/html\nContent-Disposition: attachment; filename="a.html"\n\n<p>Attached words</p>\n',
        "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n",
    ]
    body = "".join(f"--x\n{part}\n" for part in parts) + "--x--\n"
    mail = read_one(f'{HEAD}Content-Type: multipart/mixed; boundary="x"\n\n{body}')
    assert mail.text == f"Quelmark bets on cells\n\n{QUOTE}"


def test_text_is_taken_where_the_html_has_no_words() -> None:
    body = (
        "--x\nContent-Type: text/html\n\n<img src='a.png'>\n--x\nContent-Type: text/plain\n\nWe expect growth.\n--x--\n"
    )
    assert read_one(f"{HEAD}Content-Type: multipart/alternative; boundary=x\n\n{body}").text == "We expect growth."


def test_lines_that_a_mail_program_broke_are_paragraphs_again() -> None:
    body = (
        "Norvane Freight does not expect parcel volumes to grow before the middle\n"
        "of 2027, finance chief Marta Iliescu said on Tuesday in a statement.\n\n"
        "Highlights:\n- volumes flat\n- a long-term plan\n"
    )
    assert plain(body).text == (
        "Norvane Freight does not expect parcel volumes to grow before the middle of 2027, finance chief Marta Iliescu"
        " said on Tuesday in a statement.\n\nHighlights:\n- volumes flat\n- a long-term plan"
    )


def test_quoted_replies_and_signatures_are_cut() -> None:
    body = (
        "We expect growth.\n\nOn Mon, 2 Feb 2026 at 10:00, Rui Tanaka wrote:\n> We expect none.\n> Really.\n\n"
        "-- \nMarta Iliescu\nCFO, Norvane\n"
    )
    assert plain(body).text == "We expect growth."
    html = (
        '<p>We expect growth.</p><div class="gmail_quote"><div class="gmail_attr">On Monday Rui wrote:</div>'
        '<blockquote>None.</blockquote></div><blockquote type="cite">None.</blockquote>'
        '<div class="gmail_signature">Marta, CFO</div>'
    )
    assert read_one(f"{HEAD}Content-Type: text/html\n\n{html}").text == "We expect growth."
    assert plain("We expect growth.\n\n-----Original Message-----\nFrom: Rui\n\nNone.\n").text == "We expect growth."


def test_a_rule_across_a_newsletter_is_no_signature() -> None:
    body = "First.\n\n-- \n" + "Second item, a long one that goes on and on. " * 40
    assert "Second item" in plain(body).text


def test_tracking_is_cut_from_links() -> None:
    body = (
        "Growth (https://click.example/abc?utm_id=1) will come <https://click.example/2>, see\n"
        "https://norvane.example/r?id=7&utm_source=nl#top for more.\n\nhttps://click.example/only\n"
    )
    assert plain(body).text == "Growth will come, see https://norvane.example/r?id=7#top for more."


FORWARDED = """FYI, read this.

---------- Forwarded message ---------
From: Quelmark Energy <press@quelmark.example>
Date: Mon, 2 Feb 2026 at 09:00
Subject: Quelmark to open a pilot line
To: Ilse <i@l.example>

Quelmark will open a pilot line in 2027, it said.
"""


def test_a_forwarded_mail_belongs_to_its_first_sender() -> None:
    mail = plain(FORWARDED, PERSONAL.format("fwd").rstrip() + "\nDate: Tue, 03 Feb 2026 07:30:00 +0100\n")
    assert mail.text == "Quelmark will open a pilot line in 2027, it said."
    assert (mail.author, mail.title, mail.publisher) == (
        "Quelmark Energy", "Quelmark to open a pilot line", "quelmark.example",
    )  # fmt: skip
    assert mail.published_at == dt.datetime(2026, 2, 2, 9, 0, tzinfo=dt.UTC)
    assert "forwarded by Rui Tanaka, whose own words are left out" in mail.notes
    assert any("private mail" in note for note in mail.notes)


def test_messages_attached_to_a_message_are_documents() -> None:
    inner = HEAD + HTML_BODY
    body = f"--y\nContent-Type: text/plain\n\nTwo of them.\n--y\nContent-Type: message/rfc822\n\n{inner}\n--y--\n"
    first, second = read(PERSONAL.format("digest").rstrip() + f"\nContent-Type: multipart/digest; boundary=y\n\n{body}")
    assert isinstance(first, RawDocument)
    assert isinstance(second, RawDocument)
    assert (first.text, second.external_id) == ("Two of them.", "mail:20260203.1@ledgerpost.example")


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("Subject: Café plans".encode(), "Café plans"),
        ("Subject: Café plans".encode("cp1252"), "Café plans"),
        (b"Subject: =?utf-8?q?Caf=C3=A9?=\n =?utf-8?q?_plans?=", "Café plans"),
        (b"Subject: =?no-such-charset?q?abc?=", "=?no-such-charset?q?abc?="),
        (b"Subject: =?utf-8?b?!!!!?=", None),
        (b"Subject:", None),
    ],
)
def test_subjects_as_they_are_written(raw: bytes, title: str | None) -> None:
    data = b"From: a@a.example\nDate: Tue, 03 Feb 2026 07:30:00 GMT\n" + raw + b"\nMessage-ID: <1@a>\n\nWords here.\n"
    mail = read_one(data)
    assert mail.title == title or title is None


def test_without_a_message_id_the_content_is_the_identity() -> None:
    text = "From: a@a.example\nSubject: s\nDate: Tue, 03 Feb 2026 07:30:00 GMT\n\nWords here.\n"
    assert read_one(text).external_id == read_one(text).external_id
    assert read_one(text).external_id != read_one(text.replace("Words", "Other words")).external_id


def test_mail_without_words() -> None:
    (skipped,) = read(HEAD + "Content-Type: image/png\n\nabc")
    assert isinstance(skipped, Skipped)
    assert "mail without text" in skipped.reason


@pytest.mark.parametrize(
    "text",
    [
        "From Berlin to Paris in 2024: a report",
        "Dear all,\n\nFrom: here we go",
        "Date: 2026\nText: x\n\nbody",
        "ANN: Hi.\nBEN: Hello.\n",
        "From the top",
    ],
)
def test_what_only_begins_like_mail_is_text(text: str) -> None:
    assert sources.detect(payload(text)) != "mail"


@pytest.mark.parametrize(
    "head",
    [
        "From: " + "(" * 4000,
        "From: a@a.example\nSubject: " + "=?utf-8?q?a?= " * 400_000,
        "From: a@a.example\nSubject: s" + "\nX: y" * 100_000,
    ],
)
def test_hostile_headers_cost_no_more_than_others(head: str) -> None:
    items = read(f"Date: Tue, 03 Feb 2026 07:30:00 GMT\nMIME-Version: 1.0\n{head}\n\nWords here.\n", "a.eml")
    assert len(items) == 1


def test_hostile_bodies_cost_no_more_than_others() -> None:
    """Each would take hours where the work grows with the square of the length."""
    line = "We expect to ship one million cells by the end of the year, she sa-\n"
    for body in (line * 6_000, "\n" * 400_000, "-" * 400_000, "w" * 400_000 + "-", "> " * 200_000):
        read(f"{HEAD}Content-Type: text/plain\n\nx\n{body}\n")


# --- mailboxes ---


def mailbox(tmp_path: Path, *messages: str) -> Path:
    path = tmp_path / "newsletters.mbox"
    escaped = (message.replace("\nFrom ", "\n>From ") for message in messages)
    path.write_text("".join(f"From news@x.example Tue Feb 03 07:30:00 2026\n{m.rstrip()}\n\n" for m in escaped))
    return path


def newsletter(number: int, words: str) -> str:
    return f"{HEAD.replace('20260203.1', str(number))}\n{words}\n"


def test_a_mailbox_gives_its_newsletters(tmp_path: Path) -> None:
    path = mailbox(tmp_path, newsletter(1, "One.\n\nFrom here on it grows."), newsletter(2, "Two."))
    assert [(d.external_id, d.text) for d in documents(path)] == [
        ("mail:1@ledgerpost.example", "One.\n\nFrom here on it grows."),
        ("mail:2@ledgerpost.example", "Two."),
    ]
    assert [item.container for item in found_in(path) if isinstance(item, Payload)] == [str(path)] * 2
    in_memory = [item for item in read(path.read_bytes(), str(path)) if isinstance(item, RawDocument)]
    assert in_memory == documents(path)


def test_private_mail_in_a_mailbox_is_not_read(tmp_path: Path) -> None:
    path = mailbox(tmp_path, PERSONAL.format("secret") + "Between us.", newsletter(2, "Two."))
    assert [d.text for d in documents(path)] == ["Two."]
    assert reasons(path) == [
        (f"{path}, message 1", "private mail (no sign that it was sent to many); add it as a file of its own")
    ]


def test_a_message_that_is_too_large_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = mailbox(tmp_path, newsletter(1, "x" * 5000), newsletter(2, "Two."))
    assert [item.data.strip()[-4:] for item in found_in(path, 1000) if isinstance(item, Payload)] == [b"Two."]
    assert reasons(path, 1000) == [(f"{path}, message 1", "larger than 1,000 bytes")]


def test_parts_within_parts_are_an_error_or_read_but_no_crash(tmp_path: Path) -> None:
    nested = "Content-Type: text/plain\n\nWords.\n"
    for depth in range(1500):
        nested = f"Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n{nested}\n--b{depth}--\n"
    path = tmp_path / "deep.eml"
    path.write_text(HEAD + nested)
    assert len(read_all(path)) == 1
    assert path.stat().st_size < MAX_BYTES
