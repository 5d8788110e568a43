"""What the documents point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")))


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    for link in re.findall(r"\]\((?!https?://)([^)\s]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


@pytest.mark.parametrize("name", PAGES)
def test_commands_and_files_that_are_named_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    for script in re.findall(r"\./scripts/(\w+)", text):
        assert (ROOT / "scripts" / script).is_file(), script
    for file in re.findall(r"`((?:deploy|docs)/[\w./-]+\.\w+)`", text):
        assert (ROOT / file).is_file(), file


def test_every_document_is_reached_from_the_readme() -> None:
    reached = set(re.findall(r"\]\((docs/\w+\.md|[A-Z]+\.md)", (ROOT / "README.md").read_text()))
    assert reached == set(PAGES) - {"README.md"}
