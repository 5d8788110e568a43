"""Which links of a message come as an album."""

from hypothesis import given
from hypothesis import strategies as st

from medusa.albums import MOST, gathered
from medusa.model import Request
from medusa.wishes import Section, Shape
from tests.unit.jobs.memory import queued

PICTURE, PAGE = "https://example.org/{}.JPG?size=large", "https://example.org/{}.jpg/page"


def requests(*urls: str, shape: Shape | None = None) -> list[Request]:
    return [queued().request.evolve(url=url, shape=shape or Shape()) for url in urls]


def links(found: list[Request]) -> list[tuple[str, ...]]:
    return [(request.url, *request.album) for request in found]


def test_pictures_come_together_where_the_first_of_them_stands() -> None:
    a, b, c, page = PICTURE.format("a"), PICTURE.format("b"), PICTURE.format("c"), PAGE.format("x")
    assert links(gathered(requests(page, a, b, page + "2", c))) == [(page,), (a, b, c), (page + "2",)]


def test_what_is_no_address_is_no_picture() -> None:
    found = requests("http://[/a.jpg", "https://[::1.jpg", PICTURE.format("b"))
    assert gathered(found) == found


def test_one_picture_stays_alone() -> None:
    found = requests(PAGE.format("a"), PICTURE.format("b"))
    assert gathered(found) == found


def test_what_is_wanted_otherwise_stays_alone() -> None:
    pictures = [PICTURE.format(number) for number in range(3)]
    for shape in (Shape(as_document=True), Shape(name="x"), Shape(section=Section(start=1))):
        found = requests(*pictures, shape=shape)
        assert gathered(found) == found


@given(st.lists(st.booleans(), max_size=40))
def test_every_link_comes_once_and_in_order(are_pictures: list[bool]) -> None:
    urls = [(PICTURE if one else PAGE).format(number) for number, one in enumerate(are_pictures)]
    albums = links(gathered(requests(*urls)))
    assert sorted(url for album in albums for url in album) == sorted(urls)
    assert all(len(album) <= MOST for album in albums)
    for chosen in (True, False):
        in_order = [url for url, one in zip(urls, are_pictures, strict=True) if one is chosen]
        assert [url for album in albums for url in album if url in in_order] == in_order
