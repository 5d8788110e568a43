"""Google Drive's links."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media.drive import download_address, export_address

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz_-0123"
IDS = st.from_regex(r"[A-Za-z0-9_-]{25,44}", fullmatch=True)
SHARED = [
    "https://drive.google.com/file/d/{}/view?usp=sharing",
    "https://drive.google.com/file/d/{}",
    "https://drive.google.com/file/u/1/d/{}/edit",
    "https://drive.google.com/a/example.org/file/d/{}/view",
    "https://drive.google.com/open?id={}",
    "https://drive.google.com/uc?export=download&id={}",
    "https://drive.google.com/u/0/uc?id={}&export=download",
    "https://docs.google.com/uc?id={}",
    "https://drive.usercontent.google.com/download?id={}&export=download&authuser=0",
]
DOCUMENTS = {
    "https://docs.google.com/document/d/{}/edit?usp=sharing": "/document/d/{}/export?format=docx",
    "https://docs.google.com/spreadsheets/d/{}/edit#gid=0": "/spreadsheets/d/{}/export?format=xlsx",
    "https://docs.google.com/presentation/d/{}/edit": "/presentation/d/{}/export/pptx",
    "https://docs.google.com/presentation/u/0/d/{}": "/presentation/d/{}/export/pptx",
    "https://docs.google.com/a/example.org/drawings/d/{}/edit": "/drawings/d/{}/export/png",
}
OTHERS = [
    f"https://drive.google.com/drive/folders/{ID}",
    "https://drive.google.com/file/d/short/view",
    f"https://drive.google.com/open?folder={ID}",
    f"https://drive.google.com.example.org/file/d/{ID}/view",
    f"https://example.org/file/d/{ID}/view",
    f"https://docs.google.com/document/d/e/2PACX-{ID}/pub",
    f"https://docs.google.com/forms/d/{ID}/viewform",
    "https://youtu.be/dQw4w9WgXcQ",
]


@pytest.mark.parametrize("link", SHARED)
@given(number=IDS)
def test_a_shared_file_is_fetched_from_where_its_bytes_are(link: str, number: str) -> None:
    address = download_address(link.format(number))
    assert address is not None
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path) == (
        "https",
        "drive.usercontent.google.com",
        "/download",
    )
    assert parse_qs(parts.query) == {"id": [number], "export": ["download"], "confirm": ["t"]}
    assert download_address(address) == address
    assert export_address(link.format(number)) is None


def test_an_old_link_keeps_its_key() -> None:
    address = download_address(f"https://drive.google.com/file/d/{ID}/view?resourcekey=0-abc_D")
    assert address is not None
    assert address.endswith("&resourcekey=0-abc_D")


@pytest.mark.parametrize(("link", "export"), DOCUMENTS.items())
@given(number=IDS)
def test_a_document_is_exported(link: str, export: str, number: str) -> None:
    address = export_address(link.format(number))
    assert address == f"https://docs.google.com{export.format(number)}"
    assert download_address(link.format(number)) is None


@pytest.mark.parametrize("link", OTHERS)
def test_other_links_are_left_alone(link: str) -> None:
    assert download_address(link) is None
    assert export_address(link) is None


@given(st.text(), st.sampled_from(["drive", "docs", "drive.usercontent"]))
def test_nothing_of_a_link_leads_anywhere_else(path: str, host: str) -> None:
    try:
        link = f"https://{host}.google.com/{path}"
        urlsplit(link)
    except ValueError:
        return
    for address in (download_address(link), export_address(link)):
        hosts = ("drive.usercontent.google.com", "docs.google.com")
        assert address is None or (address.isascii() and urlsplit(address).hostname in hosts)
