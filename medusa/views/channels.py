"""What the bot says about people's own channels."""

from collections.abc import Sequence

from medusa.channel import OwnChannel
from medusa.errors import MedusaError
from medusa.text import clip, escape, one_line
from medusa.views.view import NAME_LIMIT, View, listing, sentence
from medusa.wishes import Target

HOW_TO_ADD = (
    "Add me to it as an admin who may post. Then send me one of these: its id (-100…), its @name, or a post "
    "forwarded from it. A topic of a forum: the link to it, or the id and the number of the topic."
)


def which() -> View:
    """/add_channel without a channel."""
    return View(f"📣 Which channel? {HOW_TO_ADD}")


def added(channel: OwnChannel) -> View:
    """/add_channel."""
    name = target_name(channel.target)
    return View(f"✅ I may post in {name}. /settings → “Deliver to” sends your files there.")


def removed(channels: Sequence[OwnChannel]) -> View:
    """/remove_channel."""
    names = dict.fromkeys(target_name(channel.target) for channel in channels)
    return View(f"✅ No more files go to:\n{listing(list(names))}")


def listed(channels: Sequence[OwnChannel], *, is_everybodys: bool) -> View:
    """/channels: a person's own, or everybody's."""
    if not channels:
        return View(f"There are no channels. Add one: /add_channel ID\n{HOW_TO_ADD}")
    whose = "All channels" if is_everybodys else "Your channels"
    lines = [_line(channel, is_everybodys) for channel in channels]
    return View(f"📣 <b>{whose}</b>\n\n{listing(lines)}")


def _line(channel: OwnChannel, with_owner: bool) -> str:
    target = channel.target
    place = f"{target.chat_id} {target.topic}" if target.topic else str(target.chat_id)
    owner = f" · of <code>{channel.owner}</code>" if with_owner else ""
    state = f"\n⚠️ {escape(clip(one_line(channel.problem), 120))}" if channel.problem else ""
    return f"{target_name(target)} <code>{place}</code>{owner}{state}"


def refused(target: Target, problem: MedusaError) -> View:
    """To the person whose channel takes no posts; once."""
    advice = f"\n{escape(problem.advice)}" if problem.advice else ""
    return View(
        f"⚠️ I cannot post in {target_name(target)}: {sentence(problem)}{advice}\n"
        "Your files come here until I can."
    )


def target_name(target: Target) -> str:
    """The name of a channel, safe and short."""
    return f"<b>{escape(clip(one_line(target.title), NAME_LIMIT)) or target.chat_id}</b>"
