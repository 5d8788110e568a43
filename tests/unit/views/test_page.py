"""A page of links, as a browser reads it."""

from html.parser import HTMLParser

from hypothesis import example, given
from hypothesis import strategies as st

from medusa.batch_text import BadLine, Entry, Listing, read
from medusa.text import one_line
from medusa.views.page import BLOCK, links_page
from medusa.wishes import Section

TAGS = {"html", "head", "title", "style", "body", "h1", "h2", "p", "nav", "a", "details", "summary"} | {
    "ol",
    "ul",
    "li",
    "b",
    "small",
    "div",
    "span",
}
texts = st.text(max_size=40) | st.sampled_from(
    ["</title><script>alert(1)</script>", '" onclick="alert(1)', "\u202egpj.exe", "&lt;&amp;", "<!--", "]]>"]
)


class Browser(HTMLParser):
    """What a browser makes of a page: its links and its words. Refuses what is not balanced, or runs."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.targets: set[str] = set()
        self.words = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            return
        assert tag in TAGS
        self._open.append(tag)
        for name, value in attrs:
            assert name in {"lang", "dir", "href", "rel", "id", "open"}
            if name == "href":
                self.links.append(value or "")
            if name == "id":
                self.targets.add(f"#{value}")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


entries = st.builds(
    Entry,
    url=texts.map(lambda text: f"https://example.org/{text}") | texts.map(lambda text: f"javascript:{text}"),
    name=texts,
    section=st.none() | st.just(Section(start=80, end=225)),
)
bad = st.builds(BadLine, st.integers(1, 99), texts, st.just("no link in this line"))


@given(texts, st.lists(entries, max_size=5), st.lists(bad, max_size=3))
@example("<b>", [Entry(url="JAVASCRIPT:alert(1)", name="<i>")], [BadLine(1, "<s>", "&")])
def test_whatever_people_write_is_text(name: str, some: list[Entry], wrong: list[BadLine]) -> None:
    browser = Browser(links_page(name, Listing(tuple(some), tuple(wrong))))
    assert browser.links == [entry.url for entry in some if entry.url.startswith("https://")]
    for entry in some:
        assert one_line(entry.name) in browser.words
        assert entry.url in browser.words
    assert all(one_line(line.text) in browser.words for line in wrong)


def test_a_long_list_has_leaves_and_loses_nothing() -> None:
    urls = [f"https://example.org/{number}.mp4" for number in range(10_000)]
    browser = Browser(links_page("Long", read("\n".join(f"Lesson {url}: {url}" for url in urls))))
    assert [link for link in browser.links if link.startswith("https")] == [
        link for url in urls for link in (url, url)
    ]
    leaves = [link for link in browser.links if link.startswith("#")]
    assert len(leaves) == -(-20_000 // BLOCK)
    assert set(leaves) == browser.targets


def test_a_section_is_named() -> None:
    page = links_page("x", read("Film: https://example.org/1.mp4 1:20-3:45"))
    assert "· 1:20–3:45" in Browser(page).words


def test_it_needs_nothing_else() -> None:
    page = links_page("x", read("https://example.org/1.mp4"))
    assert "default-src 'none'" in page
    assert "color-scheme:light dark" in page
    assert "<script" not in page
    assert "url(" not in page
