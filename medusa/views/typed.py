"""What people type, or send, for a setting: how it is asked for, and what their answer means."""

import re

from medusa.errors import WrongArgument
from medusa.text import clip, escape, one_line, utf16_length
from medusa.views import caption
from medusa.wishes import Preferences, Subtitles

COMMON_LANGUAGES = {
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "fr": "Français",
    "de": "Deutsch",
    "ru": "Русский",
    "ar": "العربية",
    "hi": "हिन्दी",
}
"""As buttons; any other is typed."""

ASKED = ("caption", "prefix", "suffix", "credit", "thumb", "subs")
"""What there is to ask for."""
LONGEST_AFFIX = 60
"""UTF-16 units before or behind a name, which may have 255 bytes in all."""
LONGEST_CREDIT = 64
LONGEST_LANGUAGE = 22

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")
_DEFAULT_WORD = "/d"
_JOINS = ("_", "-", ".")
"""Stand next to a name without a space."""


def question(subject: str) -> str:
    """What is asked for one of the settings that are typed."""
    fields = "\n".join(f"<code>{{{name}}}</code> {escape(what)}" for name, what in caption.FIELDS.items())
    questions = {
        "caption": "📝 <b>Write the caption</b>, with fields in braces, and with bold, italic, code or links "
        f"as you like. A line whose fields are empty is left out.\n\n{fields}",
        "prefix": "🏷 <b>What stands before the names of your files?</b>",
        "suffix": "🏷 <b>What stands behind the names of your files?</b>",
        "credit": "👤 <b>Who brings the files?</b>",
        "thumb": "🖼 <b>Send me a photo.</b> It becomes the small picture of your files.",
        "subs": "💬 <b>Which language?</b> As sites name it: en, pt-BR, zh-Hans …",
    }
    return f"{questions[subject]}\n\n/d is the default, /cancel leaves it as it is."


def typed_change(subject: str, chosen: Preferences, template: str, words: str) -> dict[str, object]:
    """The field of Preferences that an answer sets, with its value. `template`: the answer with its markup,
    `words`: without. Raises WrongArgument with what is wrong."""
    reset = words.strip() == _DEFAULT_WORD
    match subject:
        case "caption":
            if not reset:
                caption.check(template)
            return {"look.caption": None if reset else template}
        case "prefix" | "suffix":
            return {f"shape.{subject}": "" if reset else _affix(subject, words)}
        case "credit":
            return {"credit": "" if reset else _short(words, LONGEST_CREDIT)}
        case "subs":
            return {"shape.subtitles": None if reset else _language(chosen, words)}
    raise WrongArgument("Send me a photo.")


def language_name(code: str) -> str:
    """A language, for people."""
    return COMMON_LANGUAGES.get(code, clip(one_line(code), LONGEST_LANGUAGE))


def _affix(subject: str, words: str) -> str:
    """With the space between it and the name, which no message can begin or end with."""
    text = _short(words, LONGEST_AFFIX)
    if "/" in text or "\\" in text:
        raise WrongArgument("The name of a file has no / and no \\ in it.")
    if subject == "prefix":
        return text if text.endswith(_JOINS) else f"{text} "
    return text if text.startswith(_JOINS) else f" {text}"


def _short(words: str, most: int) -> str:
    text = one_line(words)
    if not text:
        raise WrongArgument("Send me some text.")
    if utf16_length(text) > most:
        raise WrongArgument(f"That is too long: {most} characters are the most.")
    return text


def _language(chosen: Preferences, words: str) -> Subtitles:
    language = words.strip().replace("_", "-")
    if not _LANGUAGE.fullmatch(language):
        raise WrongArgument("That is no language. It looks like en, pt-BR or zh-Hans.")
    now = chosen.shape.subtitles
    return Subtitles(language=language, as_file=now is not None and now.as_file)
