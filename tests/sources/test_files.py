"""Files and folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import MAX_BYTES, NOW

from kb.errors import InputError
from kb.types import Payload, Skipped
from sources.files import payloads


def names(path: Path, max_bytes: int = MAX_BYTES) -> list[str]:
    found = list(payloads(path, NOW, max_bytes))
    return [item.name.removeprefix(f"{path}/") for item in found if isinstance(item, Payload)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a/z.txt", "a/tweets.js", "a/account.js", "a/note-tweet.js", "a/profile.js", ".hidden",
                 ".git/config", "c/Shares.csv", "c/Profile_77.csv"):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"I am {name}", encoding="utf-8")
    return tmp_path


def test_a_folder_gives_its_documents_in_order(folder: Path) -> None:
    assert names(folder) == ["a/tweets.js", "a/z.txt", "b.txt", "c/Shares.csv"]


def test_links_that_lead_back_up_are_not_followed(folder: Path) -> None:
    (folder / "a" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "a" / "linked.txt").symlink_to(folder / "b.txt")
    (folder / "a" / "nowhere.txt").symlink_to(folder / "missing")
    assert names(folder) == ["a/linked.txt", "a/tweets.js", "a/z.txt", "b.txt", "c/Shares.csv"]


def test_siblings_are_found_whatever_their_number(folder: Path) -> None:
    (tweets,) = payloads(folder / "a" / "tweets.js", NOW, MAX_BYTES)
    (shares,) = payloads(folder / "c" / "Shares.csv", NOW, MAX_BYTES)
    assert isinstance(tweets, Payload)
    assert isinstance(shares, Payload)
    assert tweets.sibling("account.js") == b"I am a/account.js"
    assert tweets.sibling("missing.js") is None
    assert shares.sibling("Profile.csv") == b"I am c/Profile_77.csv"


def test_what_is_too_large_is_skipped_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "a" / "big.txt").write_bytes(b"x" * 100)
    found = list(payloads(folder, NOW, 50))
    skipped = [item for item in found if isinstance(item, Skipped)]
    assert [(item.item, item.failed) for item in skipped] == [(str(folder / "a" / "big.txt"), True)]
    assert "larger than 50 bytes" in skipped[0].reason
    assert len(found) == 5


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file or folder"):
        list(payloads(tmp_path / "missing", NOW, MAX_BYTES))
    assert list(payloads(tmp_path, NOW, MAX_BYTES)) == []
