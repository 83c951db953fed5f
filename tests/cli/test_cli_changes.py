"""Commands that change the record or write files: add, update, speakers, resolve, export, check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kb import open_kb
from kb.errors import ExportError
from kb.types import Author, Filters, ImportResult, ItemResult, Phrase, RoleRow


def test_add_passes_its_options_and_sums_up(run: Callable, fake) -> None:
    fake.items = [
        ItemResult(item="a", status="added", statements=3, predictions=1),
        ItemResult(item="b", status="unchanged"),
        ItemResult(item="c", status="skipped", reason="a repost"),
    ]
    result = run("add", "feed.xml", "posts/", "--kind", "post", "--speaker", "Ana Ruiz", "--date", "2026-01-29")
    assert result.exit_code == 0
    call = {
        "targets": ["feed.xml", "posts/"],
        "kind": "post",
        "speaker": Author(name="Ana Ruiz"),
        "date": dt.date(2026, 1, 29),
    }
    assert fake.calls == [("add", call)]
    assert result.stdout.splitlines() == [
        "3 items: 1 added, 1 skipped, 1 unchanged; 3 attributions found, 1 of predictions",
        "skipped: 1 x a repost",
    ]
    assert result.stderr == ""


def test_a_failed_item_is_one_line_and_the_rest_goes_on(run: Callable, fake) -> None:
    long = "x" * 200
    fake.items = [
        ItemResult(item=long, status="failed", reason="not a feed:\n[bold] no item"),
        ItemResult(item="b", status="added"),
    ]
    result = run("add", "folder")
    assert result.exit_code == 1
    assert result.stderr == f"failed: {long}: not a feed: [bold] no item\n"
    assert result.stdout == "2 items: 1 added, 1 failed\n"


def test_a_reason_that_names_its_item_is_not_given_the_name_again(run: Callable, fake) -> None:
    fake.items = [ItemResult(item="a.txt", status="failed", reason="a.txt is empty")]
    result = run("add", "a.txt")
    assert (result.stderr, result.stdout) == ("failed: a.txt is empty\n", "1 item: 1 failed\n")


def test_nothing_to_add_is_said(run: Callable) -> None:
    assert run("add", "empty-folder").stdout == "0 items: nothing to read\n"


def test_speakers_are_listed_with_their_spellings_and_role(run: Callable, fake) -> None:
    output = run("speakers", "list", "de", "lang").output
    assert fake.calls == [("speakers", {"words": "de lang", "watched": False})]
    row = output.splitlines()[2:]
    assert [line.strip().split("  ")[-1].strip() for line in row] == [
        "chief executive of Hugging Face",
        "also written: De Lang, Clem Delangue",
        "accounts: x:clem_ex",
    ]
    assert row[0].split()[:4] == ["3", "Clément", "Delangue", "8"]


def test_speakers_without_statements_are_listed_only_when_asked_for(run: Callable, fake) -> None:
    fake.people = [replace(fake.people[0], statements=0, name="Operator")]
    listed = [run("speakers", "list", *asked).stdout for asked in ([], ["--all"], ["oper"], ["--watch"])]
    assert ["Operator" in output for output in listed] == [False, True, True, True]
    assert fake.calls[-1] == ("speakers", {"words": None, "watched": True})


def test_the_role_listed_is_the_latest(run: Callable, fake) -> None:
    (role,) = fake.people[0].roles
    undated = replace(role, title="founder", first_seen=None, last_seen=None)
    fake.people = [replace(fake.people[0], roles=(replace(role, title="chair", last_seen="2024-11"), role, undated))]
    assert "chief executive of Hugging Face" in run("speakers", "list").stdout


def test_a_speaker_is_shown_with_merges(run: Callable) -> None:
    assert run("speakers", "show", "De Lang").output.splitlines() == [
        "3  Clément Delangue (person), 8 statements",
        "also written: De Lang, Clem Delangue",
        "accounts: x:clem_ex",
        "role: chief executive of Hugging Face, seen 2024-12-02 to 2024-12-08",
        "  first in “A story in Alpha”, Alpha, 2024-12-02 [document 7]",
        "merge 4: Clem Delangue (5) into Clément Delangue (3), 2024-12-03 by ana",
        "  same byline",
    ]


def test_a_watched_speaker_is_shown_as_one_with_the_roles_of_the_list(run: Callable, fake) -> None:
    role = RoleRow(title="CEO", organisation="Hugging Face")
    known = fake.speaker("Marit")
    fake.speaker = lambda name: replace(known, watched=True, wikidata_id="Q1", roles=(role,), merges=())
    assert run("speakers", "show", "3").output.splitlines() == [
        "3  Clément Delangue (person), 8 statements, on the list of people to watch",
        "also written: De Lang, Clem Delangue",
        "accounts: x:clem_ex",
        "Wikidata: Q1",
        "role: CEO of Hugging Face",
        "  from a list of people to watch",
    ]


def test_suggestions_are_shown_with_their_reasons(run: Callable, fake) -> None:
    lines = run("speakers", "suggest", "C. Delangue", "--limit", "3").output.splitlines()
    assert fake.calls == [("suggest_merges", {"name_or_id": "C. Delangue", "limit": 3})]
    assert [" ".join(line.split()) for line in lines[2:]] == [
        "C. Delangue Clément Delangue (3) similar spelling (86 %)",
        "but two accounts: x:clem and x:clem_ex",
    ]
    assert run("speakers", "suggest", "--csv").output.splitlines() == [
        "speaker_id,speaker,candidate_id,candidate,score,reasons",
        ",C. Delangue,3,Clément Delangue,77.4,similar spelling (86 %) | but two accounts: x:clem and x:clem_ex",
    ]


def test_an_import_is_summed_up(run: Callable, fake) -> None:
    fake.items = [ItemResult(item=name, status="added") for name in "ab"] + [ItemResult(item="c", status="unchanged")]
    assert run("speakers", "import", "people.csv").output == "3 speakers to watch: 2 added, 1 unchanged\n"
    assert fake.calls == [("import_speakers", {"file": Path("people.csv")})]


def test_judgements_about_speakers_are_passed_on(run: Callable, fake) -> None:
    codes = [
        run("speakers", "merge", "5", "3", "--reason", "same byline").exit_code,
        run("speakers", "unmerge", "4").exit_code,
        run("speakers", "alias", "3", "Clem").exit_code,
    ]
    assert codes == [0, 0, 0]
    assert fake.calls == [
        ("merge", {"from_": "5", "into": "3", "reason": "same byline"}),
        ("unmerge", {"merge_id": 4}),
        ("alias", {"speaker": "3", "text": "Clem"}),
    ]


def test_an_empty_spelling_is_a_usage_error(run: Callable, fake) -> None:
    assert run("speakers", "alias", "3", " ").exit_code == 2
    assert fake.calls == []


def test_resolve_passes_evidence_on(run: Callable, fake) -> None:
    result = run(
        *["resolve", "12", "false", "--evidence", "9:9,000 were ordered", "--evidence", "https://a.example"],
        *["--known-on", "2026-01-20", "--reason", "the annual count"],
    )
    assert result.output == "statement 12: false, known on 2026-01-20, 1 piece of evidence\n"
    values = {
        "id": 12,
        "verdict": "false",
        "evidence": ("9:9,000 were ordered", "https://a.example"),
        "known_on": dt.date(2026, 1, 20),
        "reason": "the annual count",
    }
    assert fake.calls == [("resolve", values)]


def test_an_unknown_verdict_is_a_usage_error(run: Callable, fake) -> None:
    assert run("resolve", "12", "nearly").exit_code == 2
    assert fake.calls == []


def test_export_goes_to_stdout_or_to_a_file(run: Callable, fake, tmp_path: Path) -> None:
    assert run("export", "csv", "robots", "--by", "De Lang", "--kind", "claim").stdout == "half and half"
    wanted = Filters(text=Phrase("robots"), by="De Lang", kind="claim")
    assert fake.calls == [("export", {"format": "csv", "filters": wanted, "options": {}})]
    result = run("export", "csv", "-o", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_bytes() == b"half and half"
    assert result.stdout == f"2 entries written to {tmp_path / 'out.csv'}\n"


def test_a_failed_export_leaves_the_old_file(run: Callable, fake, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("old")
    fake.error = ExportError("disk full")
    assert run("export", "csv", "-o", str(out)).exit_code == 1
    assert out.read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", ["missing/out.csv", "."])
def test_an_impossible_place_is_one_line(run: Callable, tmp_path: Path, name: str) -> None:
    result = run("export", "csv", "-o", str(tmp_path / name))
    assert result.exit_code == 1
    assert result.stderr.startswith("error: cannot write ")
    assert result.stderr.count("\n") == 1


def test_export_passes_the_options_of_the_format_on(run: Callable, fake) -> None:
    run("export", "csv", "--spreadsheet", "--document", "3", "--document", "5")
    run("export", "ics", "--todo", "--status", "open")
    run("export", "atom", "--feed", "due", "--link", "https://example.org/feed")
    assert [call[1]["options"] for call in fake.calls] == [
        {"spreadsheet": True},
        {"todo": True},
        {"feed": "due", "link": "https://example.org/feed"},
    ]
    filters = [call[1]["filters"] for call in fake.calls]
    assert (filters[0].documents, filters[1].status, filters[2].status) == ((3, 5), "open", "due")


def test_the_kinds_of_an_export_are_an_option_or_stand_in_the_query(run: Callable, fake) -> None:
    run("export", "csv", "kind:claim,opinion")
    run("export", "csv", "--kind", "claim")
    assert [call[1]["filters"].kind for call in fake.calls] == [("claim", "opinion"), ("claim",)]
    assert "given twice" in run("export", "csv", "kind:claim", "--kind", "claim").stderr


def test_markdown_pages_go_into_a_folder(run: Callable, fake, tmp_path: Path) -> None:
    result = run("export", "md", "-o", str(tmp_path / "pages"))
    assert result.stdout == f"2 pages written to {tmp_path / 'pages'}\n"
    run("export", "md", "-o", str(tmp_path / "all.md"))
    assert [call[0] for call in fake.calls] == ["export_pages", "export"]


def test_an_empty_export_says_so(run: Callable, fake) -> None:
    fake.exported = 0
    result = run("export", "csv")
    assert (result.exit_code, result.stderr) == (0, "note: nothing on the record matches\n")


def test_what_a_format_leaves_out_is_told_beside_the_export(run: Callable, fake) -> None:
    result = run("export", "timelinejs", "--slides", "2")
    assert (result.stdout, result.stderr) == ("half and half", "note: 2 of 3 slides\n")
    assert fake.calls[-1][1]["options"] == {"slides": 2}
    assert run("export", "timelinejs", "--slides", "0").exit_code == 2


def test_an_import_tells_what_it_added_and_where_records_disagree(run: Callable, fake) -> None:
    result = run("import", "other.jsonl")
    assert result.output.splitlines() == ["added: 2 documents, 1 merge; 1 changed", "conflict: statement 3: x"]
    fake.imported = ImportResult(added={"evidence": 2})
    assert run("import", "other.jsonl").output == "added: 2 pieces of evidence\n"
    fake.imported = ImportResult(added={})
    assert run("import", "other.jsonl").output == "added: nothing\n"


def test_a_backup_is_made_checked_and_restored(run: Callable, fake, tmp_path: Path) -> None:
    db, copy = tmp_path / "kb.db", tmp_path / "copy.db"
    assert "verify it with: kb check copy.db" in run("backup", "copy.db").stdout
    assert fake.calls == [("backup", {"file": Path("copy.db")})]
    with open_kb(db) as kb:
        kb.backup(copy)
    assert run("check", str(copy)).output == "no problems found\n"
    refused = run("restore", str(copy), "--db", str(db))
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert run("restore", str(copy), "--db", str(db), "--replace").output == f"restored {db} from {copy}\n"


def test_export_to_a_device_writes_to_it(run: Callable) -> None:
    assert run("export", "csv", "-o", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()


def test_check_prints_each_problem(run: Callable, fake) -> None:
    assert run("check").output == "no problems found\n"
    fake.problems = ["statement 3 has no attribution"]
    result = run("check")
    assert (result.exit_code, result.output) == (1, "statement 3 has no attribution\n")


def test_a_chart_is_drawn_by_its_kind_and_the_ending_of_the_file(run: Callable, fake, tmp_path: Path) -> None:
    run("export", "chart", "--kind", "timeline", "--by", "De Lang", "-o", str(tmp_path / "t.png"))
    run("export", "chart", "--kind", "slips")
    wanted = Filters(by="De Lang")
    assert fake.calls == [
        ("chart", {"kind": "timeline", "filters": wanted, "format": "png"}),
        ("chart", {"kind": "slips", "filters": Filters(), "format": "svg"}),
    ]


@pytest.mark.parametrize(
    "arguments",
    [("chart",), ("chart", "--kind", "claim"), ("chart", "--kind", "slips", "-o", "x.pdf"), ("csv", "--kind", "slips")],
)
def test_what_cannot_be_drawn_is_a_usage_error(run: Callable, fake, arguments: tuple[str, ...]) -> None:
    assert run("export", *arguments).exit_code == 2
    assert fake.calls == []
