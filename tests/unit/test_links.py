"""Links as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.errors import WrongArgument
from medusa.links import LONGEST_NAME, Link, read, seconds, section, urls
from medusa.wishes import Section

A, B = "https://a.org/x", "https://b.org/y"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (A, [Link(url=A)]),
        (f"look: {A}, nice", [Link(url=A)]),
        (f"{A} {B}", [Link(url=A), Link(url=B)]),
        (f"{A}\n{A}", [Link(url=A)]),
        (f"{A} | my film.mp4", [Link(url=A, name="my film.mp4")]),
        (f"{A}|film", [Link(url=A + "|film")]),  # a bar may be a part of an address
        (f"{A} | ", [Link(url=A)]),
        (f"{A} 1:20-3:45", [Link(url=A, section=Section(start=80, end=225))]),
        (f"{A} 1:02:03 – 1:02:10", [Link(url=A, section=Section(start=3723, end=3730))]),
        (f"{A} ٣-٤", [Link(url=A, section=Section(start=3, end=4))]),
        (f"{A} 1:20-", [Link(url=A, section=Section(start=80))]),
        (f"{A} -0:30", [Link(url=A, section=Section(end=30))]),
        (f"{A} 90-120s", [Link(url=A, section=Section(start=90, end=120))]),
        (f"{A} 1:20-3:45 | part", [Link(url=A, name="part", section=Section(start=80, end=225))]),
        (f"{A} 1:20-3:45 is the best", [Link(url=A)]),
        (f"{A} 10-20 minutes", [Link(url=A)]),
        (f"{A} 1:20-3:45\n{B}", [Link(url=A, section=Section(start=80, end=225)), Link(url=B)]),
        ("", []),
    ],
)
def test_what_people_write(text: str, wanted: list[Link]) -> None:
    assert read(text) == wanted


@pytest.mark.parametrize("text", ["3:45-1:20", "5-5", "0:30-30"])
def test_a_section_ends_after_it_starts(text: str) -> None:
    with pytest.raises(WrongArgument, match="ends before it starts"):
        read(f"{A} {text}")


@pytest.mark.parametrize("text", ["", "-", "1:20", "a-b", "1:99-2:00", "1-2-3", "1:2:3:4-5"])
def test_what_is_no_section(text: str) -> None:
    assert section(text) is None


@given(st.integers(0, 359_999))
def test_a_time_means_its_seconds(total: int) -> None:
    minutes, second = divmod(total, 60)
    hours, minute = divmod(minutes, 60)
    assert seconds(f"{hours}:{minute:02}:{second:02}") == total
    assert seconds(str(total)) == seconds(f"{total}s") == total


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    try:
        found = read(text)
    except WrongArgument:
        return
    assert {link.url for link in found} == {url for line in text.splitlines() for url in urls(line)}
    for link in found:
        assert link.url.lower().startswith(("http://", "https://"))
        assert not any(c.isspace() for c in link.url)
        assert link.name is None or 0 < len(link.name) <= LONGEST_NAME


@given(st.text(alphabet="htps:/.ab |-0123456789\n)](["))
def test_nothing_that_looks_like_a_link_is_too_strange(text: str) -> None:
    try:
        found = read(text)
    except WrongArgument:
        return
    for link in found:
        assert link.section is None or (link.section.end or 1e9) > link.section.start


@pytest.mark.timeout(5)
@pytest.mark.parametrize("end", [")", ".", ")."])
def test_a_link_of_megabytes_is_read_at_once(end: str) -> None:
    assert urls("https://a.org/(x" + end * 1_000_000) == ["https://a.org/(x" + ")" * (")" in end)]
