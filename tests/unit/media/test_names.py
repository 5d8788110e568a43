"""File names out of what strangers wrote."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from medusa.media import names


@pytest.mark.parametrize(
    ("title", "extension", "name"),
    [
        ("A walk", "mp4", "A walk.mp4"),
        ("../../etc/passwd", "mp4", "_.._etc_passwd.mp4"),
        ("a/b\\c:d|e", "mp4", "a_b_c_d_e.mp4"),
        ("", "mp4", "file.mp4"),
        ("...", "mp4", "file.mp4"),
        ("photo\u202egpj.exe", "mp4", "photogpj.exe.mp4"),
        ("tab\tand\nline", "mp4", "tab and line.mp4"),
        ("Cafe\u0301", "mp3", "Café.mp3"),
        ("👩\u200d👧 family", "mp4", "👩\u200d👧 family.mp4"),
        ("archive.tar.gz", "", "archive.tar.gz"),
        ("README", "", "README"),
        (".bashrc", "", "bashrc"),
        ("x" * 300 + ".zip", "", "x" * 116 + ".zip"),
        ("ж" * 300, "mp4", "ж" * 116 + ".mp4"),
        ("漢" * 300, "mp4", "漢" * 82 + ".mp4"),
    ],
)
def test_examples(title: str, extension: str, name: str) -> None:
    assert names.file_name(title, extension) == name


@given(st.text(), st.sampled_from(["", "mp4", "m4a"]))
def test_every_name_is_safe(title: str, extension: str) -> None:
    name = names.file_name(title, extension)
    assert 0 < len(name) <= names.LONGEST
    assert len(name.encode()) <= names.LONGEST_BYTES
    assert not set(name) & set('/\\:\x00\n\r"<>|?*')
    assert not name.startswith(".")
    assert name not in (".", "..")
    assert not any(unicodedata.category(c).startswith("C") for c in name if c != "\u200d")
    assert not extension or name.endswith(f".{extension}")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=400))
@example("?")
def test_shortening_keeps_the_extension(stem: str) -> None:
    assert names.file_name(f"{stem}.zip").endswith(".zip") or not names.clean(stem).strip(" .")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, None),
        ("inline", None),
        ("attachment; filename=a.zip", "a.zip"),
        ('attachment; filename="a b.zip"', "a b.zip"),
        ('attachment; filename="a \\"b\\".zip"', 'a "b".zip'),
        ("attachment; filename=x.zip; filename*=UTF-8''%C3%A4.zip", "ä.zip"),
        ("attachment; filename*=nonsense''%C3%A4.zip; filename=x.zip", "x.zip"),
        ('attachment; filename=""', None),
    ],
)
def test_the_server_s_name(header: str | None, name: str | None) -> None:
    assert names.from_disposition(header) == name


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/a/b%20c.zip?x=1#y", "b c.zip"),
        ("https://example.org/", "example.org"),
        ("https://example.org/dir/", "dir"),
    ],
)
def test_the_url_s_name(url: str, name: str) -> None:
    assert names.from_url(url) == name
