"""/broadcast: a message of an admin to everybody; /broadusers: how many that are. In private chats only."""

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.broadcast import Audience, Broadcast, Way, remaining
from medusa.dialogs import Dialog
from medusa.errors import NotAllowed, WrongArgument
from medusa.telegram.broadcast_posts import behind_command, preview, preview_rest
from medusa.telegram.client import Medusa
from medusa.telegram.filters import admin, answer, button, command, dialog_of, private, role_of
from medusa.telegram.incoming import chat, person, pressed_action
from medusa.telegram.outgoing import reply, rewrite_pressed
from medusa.views import broadcast as views

ABOUT = "broadcast"


@Medusa.on_message(private & command(commands.BROADCAST))
async def on_broadcast(bot: Medusa, message: Message) -> None:
    """Show what people will get, or ask for it. While one is on its way, show that."""
    running = await bot.services.broadcasts.running()
    if running is not None:
        await reply(bot, message, views.another_is_under_way(running, remaining(running.left)))
        return
    words, _ = behind_command(message)
    way = Way.FORWARD if words.lower() == Way.FORWARD else Way.COPY
    answered = message.reply_to_message
    if answered is not None:
        if words and way is not Way.FORWARD:
            raise WrongArgument(views.one_message())
        await _draft(bot, message, answered, way)
    elif (words and way is Way.COPY) or message.media is not None:
        await _draft(bot, message, None, Way.COPY)
    else:
        await _ask(bot, message, way)


@Medusa.on_message(private & answer(ABOUT))
async def on_message(bot: Medusa, message: Message) -> None:
    """The message that was asked for."""
    dialog = await dialog_of(bot, message)
    if dialog is None or not await bot.services.dialogs.close(dialog):
        return
    role = await role_of(bot, message)
    if role is None or not commands.may_use(role, commands.BROADCAST):
        raise NotAllowed
    await _draft(bot, message, message, Way(dialog.subject))


@Medusa.on_message(private & command(commands.BROADUSERS))
async def on_reach(bot: Medusa, message: Message) -> None:
    """How many people there are."""
    reach = await bot.services.broadcasts.reach(person(message.from_user))
    await reply(bot, message, views.reachable(reach))


@Medusa.on_message(~private & (command(commands.BROADCAST) | command(commands.BROADUSERS)))
async def on_group(bot: Medusa, message: Message) -> None:
    """Others need not see it before it is sent."""
    raise WrongArgument(views.only_in_private())


@Medusa.on_callback_query(button("broadcast") & admin)
async def on_button(bot: Medusa, query: CallbackQuery) -> None:
    """A button below a preview, or of what is on its way."""
    subject, action, value = pressed_action(query)
    broadcasts, sender = bot.services.broadcasts, person(query.from_user)
    if action == "stop":
        await query.answer(views.stopping() if await broadcasts.cancel(subject, sender) else views.stale())
        return
    broadcast = await broadcasts.get(subject, sender.id)
    match action:
        case "whom":
            await _choose(bot, query, broadcast, value)
        case "send":
            await query.answer(views.starting() if await broadcasts.start(broadcast) else views.stale())
        case "drop":
            is_dropped = await broadcasts.drop(broadcast)
            await query.answer("" if is_dropped else views.stale())
            if is_dropped:
                await rewrite_pressed(bot, query, views.dropped())
        case _:
            raise WrongArgument("I do not know this button.")


async def _ask(bot: Medusa, message: Message, way: Way) -> None:
    """Take the next message."""
    sender = person(message.from_user).id
    await bot.services.dialogs.ask(
        Dialog(chat_id=chat(message), person_id=sender, about=ABOUT, subject=way.value)
    )
    await reply(bot, message, views.which_message(way))


async def _draft(bot: Medusa, asked: Message, message: Message | None, way: Way) -> None:
    """Show what people will get, `message` or what stands behind the command, and ask whether to send it."""
    broadcasts, sender = bot.services.broadcasts, person(asked.from_user)
    # The bot may have been killed, and be told of the command again.
    broadcast = await broadcasts.find(chat(asked), asked.id)
    if broadcast is None:
        shown = await (preview(bot, message, way) if message else preview_rest(bot, asked))
        broadcast = await broadcasts.draft(sender, (chat(asked), asked.id), shown, way)
    if broadcast.status_message_id is None:
        question = views.question(broadcast, await broadcasts.reach(sender))
        await broadcasts.shown(broadcast, await reply(bot, asked, question))


async def _choose(bot: Medusa, query: CallbackQuery, broadcast: Broadcast, value: str) -> None:
    if value not in {*Audience}:
        raise WrongArgument("I do not know this button.")
    changed = await bot.services.broadcasts.choose(broadcast, Audience(value))
    await query.answer("" if changed else views.stale())
    if changed is not None:
        await rewrite_pressed(
            bot, query, views.question(changed, await bot.services.broadcasts.reach(changed.by))
        )
