"""What somebody wrote in a mail: without quoted replies, signatures, hidden lines and the footer of a newsletter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sources.html import element_text, parse_html
from sources.urls import without_trackers
from sources.wrapped import unwrap

HARD_WRAP = 100
"""Characters; where no line is longer, a mail program has broken them (RFC 5322 asks for 78)."""
FOOTER = 200
"""Characters of a line that only tells how to unsubscribe; a paragraph about unsubscribing is longer."""

_FORWARD = re.compile(
    r"^[> \t]*(?:-{2,} ?(?:Forwarded message|Weitergeleitete Nachricht|Message transféré|Mensaje reenviado|"
    r"Messaggio inoltrato) ?-{2,}|Begin forwarded message:)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"^-{2,} ?(?:Original Message|Ursprüngliche Nachricht|Message d'origine) ?-{2,}[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_WROTE = re.compile(
    r"^(?:On|Am|Le|El|Il) [^\n]{5,200}\n?[^\n]{0,100}"
    r"(?:wrote|schrieb[^\n:]{0,80}|a écrit|escribió|ha scritto) ?:[ \t]*$",
    re.MULTILINE,
)
_OLD_HEAD = re.compile(
    r"\*?(From|Date|Sent|Subject|To|Cc|Reply-To|Von|Datum|Betreff|An)\*?:\*?[ \t]*(.*)", re.IGNORECASE
)
_ENGLISH = {"von": "from", "datum": "date", "sent": "date", "betreff": "subject", "an": "to"}
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)
_SIGNATURE_CHARS = 1000
"""A signature is short; two hyphens with more below them are a rule across a newsletter."""
_ADDRESS = re.compile(r"https?://[^\s<>\"\])]+", re.IGNORECASE)
_LINK_ONLY = re.compile(r"^[ \t]*[<(\[]?https?://[^\s<>]+[>)\]]?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_BRACKETED = re.compile(r"[ \t]?(?:<https?://[^\s<>]+>|\(https?://[^\s()]+\)|\[https?://[^\s\[\]]+\])", re.IGNORECASE)
_FOOTER = re.compile(
    r"unsubscribe|(?:view|read|open)\b.{0,30}\b(?:in|on) (?:your|a|the) (?:browser|web)|(?:manage|update|change) your "
    r"(?:email |mail )?(?:preferences|subscription|settings)|"
    r"you(?:'re|’re| are| have) (?:receiving|received|getting) this|all rights reserved|"
    r"abbestellen|im browser (?:ansehen|öffnen|lesen)|désabonner|désinscrire|darse de baja",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$)|font-size\s*:\s*0(?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
_QUOTES = "//blockquote[@type='cite'] | //*[@id='divRplyFwdMsg']/following-sibling::* | //*[@id='divRplyFwdMsg']"
_QUOTE_CLASSES = frozenset(
    ["gmail_quote", "gmail_quote_container", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote"]
)
_SIGNATURE_CLASSES = frozenset(["gmail_signature", "moz-signature", "protonmail_signature_block"])
_FILLER = re.compile("[\u00ad\u034f\u200b-\u200f\u2060\ufeff]+")
"""Invisible letters that newsletters put behind their first line, so that a mailbox shows nothing else of them."""


@dataclass(frozen=True, slots=True)
class Letter:
    """``original``: sender, date and subject (keys ``from``, ``date``, ``subject``) of a mail that was forwarded."""

    text: str
    original: dict[str, str] | None = None


def read_html(markup: str) -> Letter:
    """The words of an HTML mail."""
    root = parse_html(markup)
    if root is None:
        return Letter("")
    _drop(root, [e for e in root.iter() if isinstance(e.tag, str) and _HIDDEN.search(e.get("style") or "")])
    _drop(root, _of_class(root, _SIGNATURE_CLASSES))
    if not _FORWARD.search(element_text(root)):
        _drop(root, [*root.xpath(_QUOTES), *_of_class(root, _QUOTE_CLASSES)])
    return _letter(element_text(root))


def read_plain(text: str) -> Letter:
    """The words of a plain mail, its lines made paragraphs again, addresses without what tracks the reader."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _FORWARD.search(text):
        text = _WROTE.sub("", "\n".join(line for line in text.split("\n") if not line.startswith(">")))
    else:
        text = re.sub(r"^(?:> ?)+", "", text, flags=re.MULTILINE)
    text = _ADDRESS.sub(lambda found: without_trackers(found[0]), _BRACKETED.sub("", _LINK_ONLY.sub("", text)))
    letter = _letter(text)
    lines = letter.text.split("\n")
    if max(map(len, lines)) > HARD_WRAP:
        return letter
    return Letter(unwrap(lines), letter.original)


def _letter(text: str) -> Letter:
    text, original = _forwarded(_FILLER.sub("", text))
    if reply := _ORIGINAL.search(text):
        text = text[: reply.start()]
    signature = _SIGNATURE.search(text)
    if signature and len(text) - signature.end() <= _SIGNATURE_CHARS:
        text = text[: signature.start()]
    lines = (line.rstrip() for line in text.split("\n"))
    kept = "\n".join(line for line in lines if len(line) > FOOTER or not _FOOTER.search(line))
    return Letter(re.sub(r"\n{3,}", "\n\n", kept).strip(), original)


def _forwarded(text: str) -> tuple[str, dict[str, str] | None]:
    """What stands below the mark of a forwarded mail and its header; ``text`` itself without such a mark."""
    mark = _FORWARD.search(text)
    if mark is None:
        return text, None
    lines = text[mark.end() :].lstrip().split("\n")
    original: dict[str, str] = {}
    while lines and (not lines[0].strip() or _OLD_HEAD.fullmatch(lines[0].strip())):
        if field := _OLD_HEAD.fullmatch(lines.pop(0).strip()):
            key = field[1].lower()
            original.setdefault(_ENGLISH.get(key, key), field[2].strip())
    return "\n".join(lines), original


def _of_class(root: Any, classes: frozenset[str]) -> list[Any]:
    return [e for e in root.iter() if isinstance(e.tag, str) and not classes.isdisjoint((e.get("class") or "").split())]


def _drop(root: Any, elements: list[Any]) -> None:
    for element in elements:
        if element is not root and element.getparent() is not None:
            element.drop_tree()
