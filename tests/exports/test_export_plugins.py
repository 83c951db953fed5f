"""Formats of other packages, by the example in the documentation."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from exports import EXPORTS, check_options, formats, load_export
from kb.errors import ConfigError, ExportError, NotFoundError

DOCS = Path(__file__).parents[2] / "docs" / "exports.md"


def install(folder, monkeypatch, *entry_points):
    """A package in ``folder`` that offers these, as pip would leave it."""
    info = folder / "speakerlist-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: speakerlist\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[onrecord.exports]\n" + "\n".join(entry_points))
    monkeypatch.syspath_prepend(str(folder))


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The example, installed."""
    code = re.search(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)[1]
    (tmp_path / "speakerlist.py").write_text(code, encoding="utf-8")
    install(tmp_path, monkeypatch, "speakerlist = speakerlist")
    yield code
    sys.modules.pop("speakerlist", None)


def test_the_example_is_short_and_works(example, build):
    assert len(example.splitlines()) <= 20
    entries = build.entries(build.statement(), build.statement(), build.statement(speaker=None))
    out = io.BytesIO()
    assert load_export("speakerlist").write(entries, out, title="Who said how much") == 2
    assert out.getvalue().decode() == "Who said how much\n   2 Dana Whitlock\n   1 unknown\n"


@pytest.mark.usefixtures("example")
def test_it_is_known_by_name_and_its_options_are_checked():
    assert "speakerlist" in formats()
    check_options("speakerlist", load_export("speakerlist"), {"least": 2})
    with pytest.raises(ConfigError, match="has no option 'most'; its options: least"):
        check_options("speakerlist", load_export("speakerlist"), {"most": 2})
    with pytest.raises(NotFoundError, match="speakerlist"):
        load_export("docx")


@pytest.mark.parametrize("link", ["nowhere", "ftp://a.test/x", "javascript:alert(1)", "https://", "https://a.test/a b"])
@pytest.mark.parametrize("name", ["atom", "claimreview"])
def test_a_link_that_leads_nowhere_is_refused(name, link):
    check_options(name, load_export(name), {"link": "https://a.test/x"})
    with pytest.raises(ConfigError, match="is no address on the web; write https://"):
        check_options(name, load_export(name), {"link": link})


@pytest.mark.parametrize("target", ["missing_module", "json:missing", "json"])
def test_one_that_cannot_be_loaded_is_one_clear_error(target, tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, f"broken = {target}")
    with pytest.raises(ExportError, match=f"cannot load the export format broken from {target}"):
        load_export("broken")


def test_a_plugin_cannot_replace_a_format_of_ours(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, "csv = missing_module")
    assert load_export("csv").__name__ == "exports.csv_"
    assert formats().count("csv") == 1


def test_every_format_is_documented():
    text = DOCS.read_text("utf-8")
    assert [name for name in EXPORTS if f"`{name}`" not in text] == []
