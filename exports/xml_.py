"""Building the small XML documents of the feeds."""

from __future__ import annotations

import re
from typing import BinaryIO
from xml.etree import ElementTree

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, section 2.2."""


def add(parent: ElementTree.Element, tag: str, text: str | None = None, /, **attributes: str) -> ElementTree.Element:
    """Append an element with that text to ``parent``; characters that XML cannot hold are left out."""
    clean = {name: _NOT_XML.sub("", value) for name, value in attributes.items()}
    element = ElementTree.SubElement(parent, tag, clean)
    element.text = _NOT_XML.sub("", text) if text is not None else None
    return element


def write_xml(root: ElementTree.Element, out: BinaryIO) -> None:
    """Write ``root`` as an indented UTF-8 document."""
    ElementTree.indent(root)
    out.write(b'<?xml version="1.0" encoding="utf-8"?>\n')
    out.write(ElementTree.tostring(root, encoding="unicode").encode("utf-8") + b"\n")
