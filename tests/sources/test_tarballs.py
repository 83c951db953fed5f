"""Tar archives, packed and not: the older way in which Mastodon hands out an account."""

from __future__ import annotations

import gzip
import tarfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opened import documents, found_in, names, reasons
from reading import MAX_BYTES, NOW

from kb.errors import InputError
from kb.types import Payload, Skipped
from sources import archives, tar_
from sources.tarballs import payloads

SAMPLES = Path(__file__).parent.parent / "data" / "samples"
DAMAGED = "damaged tar archive: "


def member(name: str, data: bytes = b"", **fields: object) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info, data


def tar(*members: tuple[tarfile.TarInfo, bytes], format_: int = tarfile.USTAR_FORMAT) -> bytes:
    """As bytes, with whatever the headers state; a member's data need not be of the size that it states."""
    headers = (info.tobuf(format_, "utf-8", "strict") + data + bytes(-len(data) % 512) for info, data in members)
    return b"".join(headers) + bytes(1024)


def write(path: Path, data: bytes, *, packed: bool = True) -> Path:
    path.write_bytes(gzip.compress(data) if packed else data)
    return path


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


@pytest.fixture
def account(tmp_path: Path) -> Path:
    """With the account behind the posts, as Mastodon packs it."""
    return write(
        tmp_path / "archive-20260204.tar.gz",
        tar(
            member("media_attachments/files/1.png", b"\x89PNG"),
            member("outbox.json", sample("outbox.json")),
            member("likes.json", b'{"orderedItems": ["https://a.example/1"]}'),
            member("bookmarks.json", b"{}"),
            member("actor.json", sample("actor.json")),
            member("avatar.jpg", b"\xff\xd8\xff"),
        ),
    )


def test_an_account_gives_the_same_posts_as_its_unpacked_files(account: Path) -> None:
    posts = documents(account)
    assert posts == documents(SAMPLES / "outbox.json")
    assert posts
    assert names(account) == ["outbox.json"]


def test_private_parts_of_an_account_are_not_opened(account: Path) -> None:
    left_out = dict(reasons(account))
    assert left_out["likes.json"] == left_out["bookmarks.json"] == "private part of a Mastodon archive: not opened"


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("packed", [True, False])
def test_every_way_of_packing(tmp_path: Path, format_: int, packed: bool) -> None:
    long = "/".join(["folder" * 8] * 3)  # longer than a header has room for
    umlaut = "" if format_ == tarfile.USTAR_FORMAT else "ä"
    data = tar(
        member("./talks", type=tarfile.DIRTYPE),
        member("./talks/a.txt", b"We expect growth."),
        member(f"./{long}/b{umlaut}.txt", b"x" * 1000),
        format_=format_,
    )
    archive = write(tmp_path / "a.tar.gz", data, packed=packed)
    assert names(archive) == ["talks/a.txt", f"{long}/b{umlaut}.txt"]
    payload, other = (item for item in found_in(archive) if isinstance(item, Payload))
    assert (payload.data, payload.container, len(other.data)) == (b"We expect growth.", str(archive), 1000)


@pytest.mark.parametrize("name", ["talks.tar.gz", "talks.tgz", "talks.tar"])
def test_a_member_has_the_place_where_unpacking_puts_it(tmp_path: Path, name: str) -> None:
    archive = write(tmp_path / name, tar(member("2026/a.txt", b"We expect growth.")))
    (document,) = documents(archive)
    assert document.external_id == (tmp_path / "talks" / "2026" / "a.txt").as_uri()


def test_of_members_with_one_name_the_last_counts(tmp_path: Path) -> None:
    archive = write(tmp_path / "a.tgz", tar(member("a.txt", b"old"), member("b.txt", b"b"), member("./a.txt", b"new")))
    assert [item.data for item in found_in(archive) if isinstance(item, Payload)] == [b"b", b"new"]


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a/../../b.txt", "C:\\a.txt", "..\\up.txt", "a/.."])
def test_names_that_lead_out_of_the_archive(tmp_path: Path, name: str) -> None:
    archive = write(tmp_path / "a.tar.gz", tar(member(name, b"evil"), member("good.txt", b"good")))
    assert names(archive) == ["good.txt"]
    (skipped,) = [item for item in found_in(archive) if isinstance(item, Skipped)]
    assert (skipped.failed, skipped.reason) == (True, "its name leads out of the archive")


def test_a_long_name_may_not_lead_out_either(tmp_path: Path) -> None:
    name = f"{'a/' * 100}../../{'../' * 100}etc/passwd"
    for format_ in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        archive = write(tmp_path / "a.tar.gz", tar(member(name, b"evil"), format_=format_))
        assert names(archive) == []


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_links_and_devices_are_not_followed(tmp_path: Path, kind: bytes) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    archive = write(
        tmp_path / "a.tar.gz", tar(member("a.txt", type=kind, linkname=str(secret)), member("good.txt", b"good"))
    )
    assert names(archive) == ["good.txt"]
    assert reasons(archive) == [("a.txt", "a link or device, no file: not followed")]


def test_an_archive_in_an_archive_is_named(tmp_path: Path) -> None:
    inner = gzip.compress(b"x")
    archive = write(tmp_path / "a.tar.gz", tar(member("b.txt.gz", inner), member("c.txt", b"c")))
    assert names(archive) == ["c.txt"]
    assert reasons(archive) == [("b.txt.gz", archives.NESTED)]


@pytest.mark.parametrize("name", ["a.png", "a.txt"])
def test_a_bomb_is_not_unpacked(tmp_path: Path, name: str) -> None:
    """A picture, which is only passed over, is none either."""
    bomb = member(name, size=1 << 30)[0].tobuf() + bytes(30_000_000)
    archive = write(tmp_path / "a.tar.gz", tar(member("good.txt", b"good")).removesuffix(bytes(1024)) + bomb)
    assert archive.stat().st_size < 40_000
    assert names(archive) == ["good.txt"]
    why = f"it unpacks to more than 200 times its size, as no archive of documents does, at {name}"
    assert (str(archive), DAMAGED + why) in reasons(archive)


def test_memory_stays_small_whatever_is_passed_over(tmp_path: Path) -> None:
    film = bytes(range(256)) * 200_000
    archive = write(tmp_path / "a.tar", tar(member("film.mp4", film), member("a.txt", b"words")), packed=False)
    del film
    tracemalloc.start()
    assert names(archive) == ["a.txt"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_limits_on_size_number_and_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [member(f"{n}.txt", b"x" * 60) for n in range(9)]
    archive = write(tmp_path / "a.tar.gz", tar(*files, member("big.txt", b"x" * 101)))
    assert reasons(archive, 100) == [
        ("big.txt", "larger than 100 bytes (101); max_bytes in the settings file sets the limit")
    ]
    monkeypatch.setattr(archives, "MAX_TOTAL", 2)
    assert names(archive, 100) == ["0.txt", "1.txt", "2.txt"]
    assert reasons(archive, 100)[0][1] == "unpacks to more than 200 bytes: not read further"
    monkeypatch.setattr(tar_, "MAX_DIRECTORY_BYTES", 300)
    assert names(archive, 100) == ["0.txt", "1.txt"]
    assert reasons(archive, 100)[-1][1] == f"{DAMAGED}its members' names have more than 300 bytes, at 1.txt"


def test_posts_may_be_larger_than_pages(account: Path) -> None:
    assert len(sample("outbox.json")) > 1000
    assert names(account, 1000) == ["outbox.json"]


def test_a_companion_that_is_too_large_is_named(tmp_path: Path) -> None:
    archive = write(tmp_path / "a.tgz", tar(member("outbox.json", b"{}"), member("actor.json", b" " * 1001)))
    (outbox,) = (item for item in found_in(archive, 100) if isinstance(item, Payload))
    with pytest.raises(InputError, match=r"actor\.json: larger than 1,000 bytes"):
        outbox.sibling("actor.json")
    assert outbox.sibling("profile.js") is None


HUGE_NAME = member("././@LongLink", type=tarfile.GNUTYPE_LONGNAME, size=1 << 30)[0].tobuf() + b"a" * 90_000
NEGATIVE = member("a.txt", size=-512)[0].tobuf(tarfile.GNU_FORMAT)
ODD_SIZE = tar(member("x", b"17 size=-1048576\n", type=tarfile.XHDTYPE), member("a.txt", b"abc"))

ENDLESS_SIZE = tar(member("x", b"5008 size=" + b"9" * 4997 + b"\n", type=tarfile.XHDTYPE), member("a.txt", b"abc"))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (HUGE_NAME, "a name of 1,073,741,824 bytes"),
        (NEGATIVE + bytes(1024), "a member states a size below zero"),
        (ODD_SIZE, "a member states a size that is none: '-1048576'"),
        (ENDLESS_SIZE, "a member states a size that is none: '9999"),
        (tar(member("b.txt", b"b" * 5000))[:3000], "the file ends before the archive does"),
        (tar(member("b.txt", b"b"))[:-1024], "the file ends before the archive does"),
        (tar(member("b.txt", b"b"))[:-1024] + b"rubbish" * 100, "where a member should begin is none"),
    ],
)
def test_what_stands_before_damage_is_read(tmp_path: Path, data: bytes, why: str) -> None:
    whole = tar(member("good.txt", b"good")).removesuffix(bytes(1024))
    archive = write(tmp_path / "a.tar.gz", whole + data)
    assert names(archive)[0] == "good.txt"
    (skipped,) = [item for item in found_in(archive) if isinstance(item, Skipped)]
    assert skipped.failed
    assert skipped.reason.startswith(DAMAGED + why)


def test_a_download_that_broke_off(account: Path) -> None:
    account.write_bytes(account.read_bytes()[:-400])
    (skipped,) = [item for item in found_in(account) if isinstance(item, Skipped) and item.failed]
    assert skipped.reason.startswith(f"{DAMAGED}the file ends in the middle of it, at ")


@given(st.data())
def test_a_damaged_archive_never_raises(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("tar") / "a.tar"
    members = member("a/b.txt", b"We expect growth. " * 20), member("c" * 200, b"c")
    out = bytearray(tar(*members, format_=data.draw(st.sampled_from([tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))))
    for _ in range(data.draw(st.integers(1, 5))):
        out[data.draw(st.integers(0, len(out) - 1))] = data.draw(st.integers(0, 255))
    packed = data.draw(st.booleans())
    write(path, bytes(out[: data.draw(st.integers(1, len(out)))]), packed=packed)
    for item in payloads(path, NOW, MAX_BYTES):
        assert isinstance(item, (Payload, Skipped))
