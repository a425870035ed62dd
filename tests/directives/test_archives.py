"""Zipped files opened with care: what they claim of themselves is not believed."""

from __future__ import annotations

import io
import zipfile

import pytest

from bot.directives.archives import Archive, Unreadable

ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(archive: Archive, name: str) -> bytes:
    return b"".join(archive.chunks(name))


def test_the_bound_is_one_for_all_parts() -> None:
    """Three parts of 400 KB under a bound of a megabyte: each alone would pass, the third goes over."""
    archive = Archive(zipped({name: bytes(400_000) for name in "abc"}), 1_000_000)
    assert len(read(archive, "a") + read(archive, "b")) == 800_000

    with pytest.raises(Unreadable, match="too much"):
        read(archive, "c")


def test_a_bomb_is_stopped_while_it_unpacks() -> None:
    """Twenty megabytes in twenty kilobytes: no more than the bound and a piece is ever held."""
    archive = Archive(zipped({"word/document.xml": bytes(20_000_000)}), 200_000)
    seen: list[int] = []
    with pytest.raises(Unreadable):
        seen.extend(len(piece) for piece in archive.chunks("word/document.xml"))

    assert sum(seen) <= 200_000


def test_a_directory_that_lies_about_sizes_is_not_believed() -> None:
    """The size in the directory is made small: what comes out is counted all the same."""
    honest = zipped({"a.xml": bytes(3_000_000)})
    lying = honest.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    archive = Archive(lying, 100_000)

    try:
        assert len(read(archive, "a.xml")) <= 100_000
    except Unreadable:
        return


@pytest.mark.parametrize(
    "content", [ENTITIES, b"<x>", b"<x></y>", b"", b"\xff\xfe\x00", b"<x>\x00</x>", b"no xml", b"<x/><y/>"]
)
def test_broken_or_hostile_xml_is_one_refusal(content: bytes) -> None:
    """Entities are refused before any is unfolded; nothing else than Unreadable comes out."""
    heard: list[str] = []
    with pytest.raises(Unreadable):
        Archive(zipped({"a.xml": content}), 100_000).parse("a.xml", text=heard.append)

    assert "aaaa" not in "".join(heard)


def test_names_come_without_their_prefix() -> None:
    """Word's w:t and a file with another prefix read alike, and text in one piece."""
    for prefix in ("w:", "ns0:", ""):
        heard: list[str] = []
        xml = (
            f'<{prefix}p xmlns{":" if prefix else ""}{prefix[:-1]}="u"><{prefix}t>Mật &amp; tín</{prefix}t></{prefix}p>'
        )
        archive = Archive(zipped({"a.xml": xml.encode()}), 100_000)
        archive.parse("a.xml", starts=heard.append, text=heard.append, ends=heard.append)
        assert heard == ["p", "t", "Mật & tín", "t", "p"]


@pytest.mark.parametrize("cut", [0, 3, 20, 60, -30, -1])
def test_a_file_cut_short_is_unreadable(cut: int) -> None:
    """Half a download is told as such, wherever it ends."""
    whole = zipped({"a.xml": b"<x>" + bytes(range(32, 127)) * 9 + b"</x>"})
    with pytest.raises(Unreadable):
        read(Archive(whole[:cut], 100_000), "a.xml")


def test_a_part_that_is_not_there_is_unreadable() -> None:
    """A spreadsheet without its sheet is a broken one."""
    with pytest.raises(Unreadable):
        read(Archive(zipped({"a.xml": b"<x/>"}), 1000), "b.xml")


def test_thousands_of_parts_are_not_walked() -> None:
    """A directory of more parts than any office file has is refused at once."""
    with pytest.raises(Unreadable, match="too many parts"):
        Archive(zipped({f"{n}.xml": b"" for n in range(2_001)}), 1000)
