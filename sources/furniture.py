"""What stands around and between the paragraphs of an article and is none of its words.

Photo captions, teasers of other stories, offers of newsletters, and pull-quotes, which print a quotation twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from kb.text import fold

Block = tuple[str, str]
"""Tag and text of a paragraph, heading (``head``), quotation (``quote``), list or table."""

MOST = 0.4
"""Of a page's words; an element with more is the article, whatever its class says."""
LONGEST_LINE = 240
"""Characters of a line that can be an offer or a caption; longer ones are paragraphs of the article."""

_CLASSES = re.compile(
    r"(?:^|[-_])(?:captions?|photo-?credits?|image-?credits?|newsletters?|related|recirc|read-?more|most-?read|also-?read"
    r"|promo|trending)(?:[-_]|$)",
    re.IGNORECASE,
)
_LINES = re.compile(
    r"(?:(?:also read|read (?:more|also|next)|see also|watch(?: now)?|listen|related|more on this|don['’]t miss)"
    r"\s*:\s*\S.*"
    r"|(?:sign up|subscribe|register)\b.*\b(?:newsletters?|e-?mails?|alerts?|inbox|briefing|podcast|channel)\b.*"
    r"|get (?:the|our|this) .*\b(?:newsletter|in your inbox)\b.*"
    r"|skip (?:past|to) .*|advertisement|(?:article|story) continues (?:below|after).*"
    r"|follow (?:us|\S+(?: \S+)?) on (?:x|twitter|facebook|instagram|linkedin|google news)\b.*"
    r"|(?:(?:file )?photos?|photograph|image|picture|caption)(?: credit)?(?: by)?\s*: ?\S.*"
    r"|(?:©|\(c\)|copyright) ?.*(?:\d{4}|reserved).*)\.?",
    re.IGNORECASE,
)
_HEADINGS = re.compile(
    r"(?:read (?:more|also|next)|also read|see also|related(?: \w+)?|more (?:from|on|stories)\b.*|most (?:read|popular)"
    r"|trending(?: now)?|recommended(?: \w+)*|you may also like|latest (?:news|headlines)|top stories|newsletters?)\W*",
    re.IGNORECASE,
)
_BY_WHOM = re.compile(r"(?<=[”\"»“.!?])\s*[—–-]{1,2}\s*[^—–”\"]{2,80}$|\s[—–]\s[^—–”\"]{2,80}$")
_SIGNATURE = re.compile(r"[—–-]{1,2}\s*\S.{1,80}")
_QUOTED = re.compile(r"[“\"„«].*[”\"“»][.,]?", re.DOTALL)
_LEFT_OUT = re.compile(r"\[?(?:…|\.\.\.)\]?")


def cut_furniture(root: Any) -> None:
    """Remove captions, and elements whose class says that they are no part of the article, under ``root`` (lxml)."""
    words = len(root.text_content())
    for element in list(root.iter("p", "div", "span", "section", "ul", "ol", "figcaption")):
        is_caption = element.tag == "figcaption"
        is_marked = is_caption or any(_CLASSES.search(name) for name in (element.get("class") or "").split())
        if is_marked and element.getparent() is not None and len(element.text_content()) < MOST * words:
            element.drop_tree()


def without_furniture(found: Iterable[Block]) -> list[str]:
    """The texts of the blocks that are the article's own words."""
    blocks = [block for block in found if block[1]]
    out = {i for i, block in enumerate(blocks) if _is_furniture(block)} | _pull_quotes(blocks)
    # The list of other stories goes with its heading.
    out |= {i for i in range(1, len(blocks)) if i - 1 in out and blocks[i][0] == "list" and blocks[i - 1][0] == "head"}
    return [text for i, (_, text) in enumerate(blocks) if i not in out]


def _is_furniture(block: Block) -> bool:
    tag, text = block
    if tag == "head" and _HEADINGS.fullmatch(text):
        return True
    return len(text) <= LONGEST_LINE and tag != "quote" and _LINES.fullmatch(text) is not None


def _pull_quotes(blocks: Sequence[Block]) -> set[int]:
    """Quotations that repeat words of another block, with or without a name below."""
    folded = [_bare(text) for _, text in blocks]
    found = set()
    for i, (tag, text) in enumerate(blocks):
        said = _BY_WHOM.sub("", text)
        if tag == "quote" and i - 1 in found and _SIGNATURE.fullmatch(text):
            found.add(i)
        if tag != "quote" and not _QUOTED.fullmatch(said):
            continue
        parts = [part for piece in _LEFT_OUT.split(said) if (part := _bare(piece))]
        others = (other for j, other in enumerate(folded) if j != i and len(other) > len(folded[i]) and j not in found)
        if parts and any(all(part in other for part in parts) for other in others):
            found.add(i)
    return found


def _bare(text: str) -> str:
    return re.sub(r"[“”„«»\"‘]", "", fold(text)).strip(" .,")
