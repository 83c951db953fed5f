"""Zip archives and packed files."""

from __future__ import annotations

import gzip
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opened import documents, found_in, names, read_all, reasons
from reading import MAX_BYTES, NOW

from kb.types import Payload, Skipped
from sources import archives
from sources.archives import payloads

SAMPLES = Path(__file__).parent.parent / "data" / "samples"


def pack(path: Path, members: dict[str, bytes | str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@pytest.fixture
def x_archive(tmp_path: Path) -> Path:
    secret = 'window.YTD.direct_messages.part0 = [ {"dmConversation": {"text": "between us"}} ]'
    return pack(
        tmp_path / "twitter-2026.zip",
        {
            "data/tweets.js": sample("tweets.js"),
            "data/account.js": sample("account.js"),
            "data/note-tweet.js": sample("note-tweet.js"),
            "data/direct-messages.js": secret,
            "data/ad-impressions.js": secret,
            "data/like.js": secret,
            "data/tweets_media/1.jpg": b"\xff\xd8\xff",
            "Your archive.html": "<html><body><p>Open me</p></body></html>",
            "__MACOSX/data/._tweets.js": b"\0\5\26\7",
            ".DS_Store": b"\0",
        },
    )


def test_the_posts_of_an_x_archive_are_read_with_their_owner_and_whole_text(x_archive: Path) -> None:
    posts = documents(x_archive)
    assert len(posts) == 4
    assert {post.speaker.name for post in posts if post.speaker} == {"Dana Whitlock"}
    loose = documents(SAMPLES / "tweets.js")
    assert posts == loose


def test_private_parts_of_an_x_archive_are_not_opened(x_archive: Path) -> None:
    assert names(x_archive) == ["data/tweets.js"]
    assert reasons(x_archive) == [
        (name, "private part of an X archive: not opened")
        for name in ("Your archive.html", "data/ad-impressions.js", "data/direct-messages.js", "data/like.js",
                     "data/tweets_media/1.jpg")
    ]  # fmt: skip


def test_private_parts_of_a_linkedin_export_are_not_opened(tmp_path: Path) -> None:
    members = dict.fromkeys(
        ("messages.csv", "Connections.csv", "Email Addresses.csv", "Ad_Targeting.csv", "Profile.csv", "Positions.csv"),
        b"a,b",
    )
    members |= {"Shares.csv": sample("Shares.csv"), "Articles/Articles/1.html": sample("linkedin_article.html")}
    archive = pack(tmp_path / "Complete_LinkedInDataExport.zip", members)
    assert names(archive) == ["Articles/Articles/1.html", "Shares.csv"]
    assert {name for name, _ in reasons(archive)} == {
        "Ad_Targeting.csv", "Connections.csv", "Email Addresses.csv", "messages.csv",
    }  # fmt: skip


def test_the_profile_is_beside_the_shares_and_above_the_articles_only(tmp_path: Path) -> None:
    archive = pack(
        tmp_path / "x.zip",
        {
            "export/Shares_77.csv": b"1",
            "export/Profile_77.csv": b"me",
            "export/Articles/Articles/a.html": b"2",
            "other/b.txt": b"3",
            "Profile.csv": b"somebody else",
        },
    )
    found = {Path(item.name).name: item for item in found_in(archive) if isinstance(item, Payload)}
    assert found["Shares_77.csv"].sibling("Profile.csv") == b"me"
    assert found["a.html"].sibling("profile.csv") == b"me"
    assert "b.txt" not in found  # everything in a LinkedIn export but what is public
    assert found["Shares_77.csv"].sibling("Positions.csv") is None


def test_a_folder_that_was_packed_gives_the_same_documents_as_the_folder(tmp_path: Path) -> None:
    files = [path for path in SAMPLES.iterdir() if "expected" not in path.name]
    folder = tmp_path / "samples"
    folder.mkdir()
    for path in files:
        (folder / path.name).write_bytes(path.read_bytes())
    packed = pack(tmp_path / "samples.zip", {path.name: path.read_bytes() for path in files if path.suffix != ".gz"})
    in_folder = {d.external_id for d in documents(folder)} - {d.external_id for d in documents(folder / WARC)}
    assert {d.external_id for d in documents(packed)} >= in_folder
    assert len(in_folder) > 20


WARC = "cc-news-sample.warc.gz"


def test_a_member_has_the_place_where_unpacking_puts_it(tmp_path: Path) -> None:
    archive = pack(tmp_path / "talks.zip", {"2026/a.txt": "We expect growth."})
    (document,) = documents(archive)
    assert document.external_id == (tmp_path / "talks" / "2026" / "a.txt").as_uri()
    (payload,) = found_in(archive)
    assert isinstance(payload, Payload)
    assert (payload.name, payload.container) == (f"{archive}/2026/a.txt", str(archive))


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a/../../b.txt", "C:\\a.txt", "..\\up.txt", "a/.."])
def test_names_that_lead_out_of_the_archive(tmp_path: Path, name: str) -> None:
    archive = pack(tmp_path / "a.zip", {name: "evil", "good.txt": "good"})
    assert names(archive) == ["good.txt"]
    (skipped,) = [item for item in found_in(archive) if isinstance(item, Skipped)]
    assert skipped.failed
    assert skipped.reason == "its name leads out of the archive"


def test_an_archive_in_an_archive_is_named(tmp_path: Path) -> None:
    inner = pack(tmp_path / "inner.zip", {"a.txt": "x"})
    archive = pack(tmp_path / "a.zip", {"inner.zip": inner.read_bytes(), "b.txt.gz": gzip.compress(b"x"), "c.txt": "c"})
    assert names(archive) == ["c.txt"]
    assert [name for name, reason in reasons(archive) if "an archive inside an archive" in reason] == [
        "b.txt.gz", "inner.zip",
    ]  # fmt: skip


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"a.txt": "secret", "b.txt": "open"})
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1  # the flag in the list of members
    archive.write_bytes(data)
    assert names(archive) == ["b.txt"]
    assert reasons(archive) == [("a.txt", "encrypted: unpack the archive with its password and add the folder")]


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"bomb.txt": b"0" * 5_000_000, "a.txt": "a" * 999})
    assert names(archive, 10_000_000) == ["a.txt"]
    assert reasons(archive, 10_000_000) == [
        ("bomb.txt", "unpacks to more than 200 times its size, as no document does")
    ]


def test_a_member_is_no_larger_than_it_says(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"a.txt": b"0" * 900_000})
    data = bytearray(archive.read_bytes())
    struct.pack_into("<L", data, data.index(b"PK\1\2") + 24, 100)
    archive.write_bytes(data)
    assert names(archive) == []
    assert "CRC" in reasons(archive)[0][1]


def test_limits_on_size_number_and_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = pack(tmp_path / "a.zip", {f"{n}.txt": b"x" * 60 for n in range(9)} | {"big.txt": b"x" * 101})
    assert reasons(archive, 100) == [
        ("big.txt", "larger than 100 bytes (101); max_bytes in the settings file sets the limit")
    ]
    monkeypatch.setattr(archives, "MAX_TOTAL", 2)
    assert names(archive, 100) == ["0.txt", "1.txt", "2.txt"]
    assert reasons(archive, 100)[-1][1] == "unpacks to more than 200 bytes: not read further"
    monkeypatch.setattr(archives, "MAX_DIRECTORY_BYTES", 300)
    assert names(archive, 100) == []
    assert "its list of members has 512 bytes" in reasons(archive, 100)[0][1]


def test_posts_may_be_larger_than_pages(tmp_path: Path) -> None:
    archive = pack(tmp_path / "a.zip", {"data/tweets.js": sample("tweets.js"), "data/account.js": sample("account.js")})
    assert len(sample("tweets.js")) > 1000
    assert names(archive, 1000) == ["data/tweets.js"]


def test_a_packed_file_is_the_file_inside(tmp_path: Path) -> None:
    (tmp_path / "talk.txt.gz").write_bytes(gzip.compress(b"We expect ") + gzip.compress(b"growth."))
    (tmp_path / "tweets.js.gz").write_bytes(gzip.compress(sample("tweets.js")))
    (tmp_path / "account.js").write_bytes(sample("account.js"))
    *posts, talk = sorted(documents(tmp_path), key=lambda document: document.kind == "file")
    assert (talk.text, talk.external_id) == ("We expect growth.", (tmp_path / "talk.txt").as_uri())
    assert {post.author for post in posts} == {"Dana Whitlock"}


def test_packed_files_that_are_damaged_or_too_large(tmp_path: Path) -> None:
    whole = gzip.compress(b"x" * 2000)
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(b"x" * 99)[:-9])
    (tmp_path / "large.txt.gz").write_bytes(whole)
    (tmp_path / "broken.zip").write_bytes(b"PK\3\4" + b"rubbish" * 20)
    found = dict(reasons(tmp_path, 1000))
    assert "ends too early" in found["cut.txt.gz"]
    assert found["large.txt.gz"] == "unpacks to more than 1,000 bytes"
    assert "damaged zip archive" in found["broken.zip"]


def test_pictures_in_a_folder_are_left_out_and_not_failures(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff")
    (tmp_path / "b.txt").write_text("words")
    assert [item for item in read_all(tmp_path) if isinstance(item, Skipped)] == [
        Skipped(str(tmp_path / "a.jpg"), "picture, sound or film")
    ]


@given(st.data())
def test_a_damaged_archive_never_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("zip")
    whole = bytearray(pack(folder / "a.zip", {"a/b.txt": "We expect growth. " * 20, "c.txt": "c"}).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / "b.zip").write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
    for item in payloads(folder / "b.zip", NOW, MAX_BYTES):
        assert isinstance(item, (Payload, Skipped))
