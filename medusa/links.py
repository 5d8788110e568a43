"""Links as people write them, with what they want of each beside it. Pure.

    LINK
    LINK 1:20-3:45          a section: minutes and seconds, or hours, or seconds alone; "1:20-" to the end
    LINK | name.mp4         under another name
    LINK 1:20-3:45 | name

Only what stands alone behind the one link of a line counts, so that a sentence stays a sentence.
"""

import re
from collections import Counter

from medusa.errors import WrongArgument
from medusa.value import Value
from medusa.wishes import Section

LINK = re.compile(r"https?://(?:(?![,;]https?://)[^\s<>\"'])+", re.IGNORECASE)
_PUNCTUATION = ".,;:!?…»”’"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_TIME = r"(?:\d{1,3}(?::[0-5]?\d){1,2}|\d{1,6})(?:\.\d{1,3})?s?"
_SECTION = re.compile(rf"({_TIME})?\s*[-–—]\s*({_TIME})?")
LONGEST_NAME = 255
"""Characters of a name that somebody gives."""


class Link(Value):
    """A link, and what is wanted of it."""

    url: str
    name: str | None = None
    section: Section | None = None


def urls(text: str) -> list[str]:
    """The addresses in a text, in order, without the ends of their sentences."""
    return [link for link in map(_bare, LINK.findall(text)) if LINK.match(link)]


def read(text: str) -> list[Link]:
    """The links of a text, in order and without repetition. Raises WrongArgument for a bad section."""
    return list(dict.fromkeys(link for line in text.splitlines() for link in _of_line(line)))


def _of_line(line: str) -> list[Link]:
    found = urls(line)
    if len(found) != 1:
        return [Link(url=url) for url in found]
    (url,) = found
    behind = line[line.index(url) + len(url) :]
    rest, bar, name = behind.partition("|")
    return [Link(url=url, name=_name(name) if bar else None, section=section(rest))]


def _name(text: str) -> str | None:
    return " ".join(text.split())[:LONGEST_NAME] or None


def section(text: str) -> Section | None:
    """A text like "1:20-3:45"; None when it is something else. Raises WrongArgument when it ends before it
    starts."""
    found = _SECTION.fullmatch(text.strip())
    if found is None or not (found[1] or found[2]):
        return None
    start, end = (seconds(time) if time else None for time in found.groups())
    if end is not None and end <= (start or 0):
        raise WrongArgument(f"The section {text.strip()} ends before it starts.")
    return Section(start=start or 0.0, end=end)


def seconds(time: str) -> float:
    """ "1:20" is 80, "1:02:03" is 3723, "90" and "90s" are 90."""
    total = 0.0
    for part in time.removesuffix("s").split(":"):
        total = total * 60 + float(part)
    return total


def _bare(link: str) -> str:
    """A link without the end of its sentence; a bracket that it has opened itself belongs to it."""
    # In one pass, for a file may hold one link of megabytes.
    left, end = Counter(link), len(link)
    while end and (
        (last := link[end - 1]) in _PUNCTUATION or (last in _BRACKETS and left[last] > left[_BRACKETS[last]])
    ):
        left[last] -= 1
        end -= 1
    return link[:end]
