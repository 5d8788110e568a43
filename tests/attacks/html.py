"""Telegram's HTML as its servers read it: known tags only, each closed in its turn. Pure."""

from html.parser import HTMLParser

TAGS = {
    "b": set(),
    "i": set(),
    "u": set(),
    "s": set(),
    "code": set(),
    "pre": set(),
    "blockquote": {"expandable"},
    "tg-spoiler": set(),
    "a": {"href"},
}
"""With the attributes that each may have (https://core.telegram.org/bots/api#html-style)."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        allowed = TAGS.get(tag)
        if allowed is None:
            self.problems.append(f"<{tag}> is unknown")
        elif extra := {name for name, _ in attrs} - allowed:
            self.problems.append(f"<{tag}> has {sorted(extra)}")
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.problems.append(f"<{tag}/>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self.problems.append("< that is not escaped")

    def handle_comment(self, data: str) -> None:
        self.problems.append("a comment")

    def handle_decl(self, decl: str) -> None:
        self.problems.append("a declaration")

    def handle_pi(self, data: str) -> None:
        self.problems.append("an instruction")

    def unknown_decl(self, data: str) -> None:
        self.problems.append("a declaration")


def problems(text: str) -> list[str]:
    """What is wrong with it; nothing where it is as it should be."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.problems + [f"<{tag}> is not closed" for tag in reader.open]
