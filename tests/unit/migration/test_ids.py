"""Ids, as people have written them into settings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.migration.found import Unusable
from medusa.migration.ids import LARGEST_PERSON, channel_id, entries, listed, person_id

PEOPLE = st.integers(1, LARGEST_PERSON)
CHANNELS = st.integers(1_000_000_000, 9_999_999_999).map(lambda number: -int(f"100{number}"))
HYPHENS = st.sampled_from("-−–—‐‑")
BETWEEN = st.text(" ,;|\n\r\t'\"()[]{}", min_size=1, max_size=4)
BEHIND = st.sampled_from(["", ".", ":", "!", "#"])


@given(st.data())
def test_any_spelling_of_people_comes_back_in_order_and_once(data: st.DataObject) -> None:
    numbers = data.draw(st.lists(PEOPLE, max_size=8))
    pieces = [data.draw(BETWEEN) + str(number) + data.draw(BEHIND) for number in numbers]
    found = list(listed("".join(pieces) + data.draw(BETWEEN), person_id))
    assert [number for _, number in found] == list(dict.fromkeys(numbers))


@given(st.data())
def test_any_spelling_of_channels_comes_back(data: st.DataObject) -> None:
    numbers = data.draw(st.lists(CHANNELS, max_size=8, unique=True))
    written = [f"{data.draw(st.one_of(HYPHENS, st.just('')))}{abs(number)}" for number in numbers]
    found = [number for _, number in listed(data.draw(BETWEEN).join(written), channel_id)]
    assert found == numbers


@given(st.text(max_size=60))
def test_whatever_is_written_each_entry_is_an_id_or_has_a_reason(text: str) -> None:
    for parse in (person_id, channel_id):
        found = list(listed(text, parse))
        assert all(isinstance(one, int) or str(one).endswith(".") for _, one in found)
        numbers = [one for _, one in found if isinstance(one, int)]
        assert len(numbers) == len(set(numbers))
        assert all(0 < one <= LARGEST_PERSON if parse is person_id else one < 0 for one in numbers)
        assert [entry.text for entry, _ in found] == [
            entry.text for entry in entries(text) if any(entry == kept for kept, _ in found)
        ]


@given(PEOPLE, CHANNELS)
def test_people_are_no_channels_and_channels_no_people(person: int, channel: int) -> None:
    with pytest.raises(Unusable, match="not of a person"):
        person_id(str(channel))
    if not str(person).startswith("100"):
        with pytest.raises(Unusable, match="begin with -100"):
            channel_id(str(person))


@pytest.mark.parametrize("text", ["@ann", "t.me/ann", "https://t.me/ann", "telegram.me/ann"])
def test_names_are_named_as_such(text: str) -> None:
    for parse in (person_id, channel_id):
        with pytest.raises(Unusable, match=r"^This is a name\. Only ids can be taken over"):
            parse(text)


@pytest.mark.parametrize("text", ["12a", "1.5", "0x10", "1_000", "--5", "٣٤٥", "12-13", "abc", "#", ""])
def test_other_rubbish_is_no_id(text: str) -> None:
    with pytest.raises(Unusable, match=r"^This is no Telegram id"):
        person_id(text)


@pytest.mark.parametrize(
    ("text", "reason"), [("0", "Nobody has the id 0"), ("9" * 18, "too large"), ("9" * 25, "too large")]
)
def test_numbers_out_of_bounds(text: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        person_id(text)


def test_a_group_may_have_a_short_id_and_a_huge_one_is_none() -> None:
    assert channel_id("-4000123") == -4000123
    with pytest.raises(Unusable, match="too large"):
        channel_id("-" + "9" * 25)


def test_places_are_counted_with_what_is_refused() -> None:
    found = [(entry.number, one) for entry, one in listed("5, x 5, 6", person_id) if isinstance(one, int)]
    assert found == [(1, 5), (4, 6)]
