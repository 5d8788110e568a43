"""Who may use the bot: commands of admins, their buttons, and those who ask for access."""

from datetime import UTC, datetime

from pyrogram.types import CallbackQuery, Message

from medusa import commands
from medusa.amounts import read_span
from medusa.dialogs import Dialog
from medusa.errors import WrongArgument
from medusa.model import Person
from medusa.telegram.client import Medusa
from medusa.telegram.filters import admin, answer, button, command, dialog_of
from medusa.telegram.incoming import chat, person, pressed
from medusa.telegram.outgoing import reply, rewrite_pressed, tell_all
from medusa.telegram.person_references import Meant, meant_person
from medusa.user import Role, User
from medusa.views import users
from medusa.views.view import View

ABOUT = "whom"


@Medusa.on_message(command(commands.ADD_USER))
async def on_add(bot: Medusa, message: Message) -> None:
    """Let somebody in."""
    await _decide(bot, message, Role.USER)


@Medusa.on_message(command(commands.REMOVE_USER) | command(commands.UNBAN))
async def on_remove(bot: Medusa, message: Message) -> None:
    """Take away what somebody had, or lift their ban."""
    await _decide(bot, message, Role.GUEST)


@Medusa.on_message(command(commands.BAN))
async def on_ban(bot: Medusa, message: Message) -> None:
    """Answer somebody no more."""
    await _decide(bot, message, Role.BANNED)


@Medusa.on_message(command(commands.ADD_ADMIN))
async def on_add_admin(bot: Medusa, message: Message) -> None:
    """Make somebody an admin."""
    await _decide(bot, message, Role.ADMIN)


@Medusa.on_message(command(commands.REMOVE_ADMIN))
async def on_remove_admin(bot: Medusa, message: Message) -> None:
    """Make an admin a user."""
    await _decide(bot, message, Role.USER)


@Medusa.on_message(answer(ABOUT))
async def on_whom(bot: Medusa, message: Message) -> None:
    """Who was meant; the question stays open where nobody is."""
    dialog = await dialog_of(bot, message)
    meant = await meant_person(bot, message, of_answer=True)
    if dialog is None or meant is None:
        await reply(bot, message, users.whom())
    elif await bot.services.dialogs.close(dialog):
        await _make(bot, message, meant, Role(dialog.subject))


@Medusa.on_message(command(commands.USER))
async def on_user(bot: Medusa, message: Message) -> None:
    """Show one person."""
    meant = await meant_person(bot, message)
    if meant is None:
        raise WrongArgument(users.whom().text)
    await reply(bot, message, await _card(bot, meant.person, person(message.from_user)))


@Medusa.on_message(command(commands.USERS))
async def on_users(bot: Medusa, message: Message) -> None:
    """Show the people there are, or those who are called so."""
    sought = users.searched((message.text or "").partition(" ")[2])
    await reply(bot, message, users.page(await bot.services.people_desk.page(sought, 0)))


@Medusa.on_callback_query(button("users") & admin)
async def on_turn(bot: Medusa, query: CallbackQuery) -> None:
    """Another list of people, or another page of it."""
    sought, number = users.read_turn(pressed(query))
    found = await bot.services.people_desk.page(sought, number)
    await query.answer()
    await rewrite_pressed(bot, query, users.page(found))


@Medusa.on_callback_query(button("who") & admin)
async def on_person(bot: Medusa, query: CallbackQuery) -> None:
    """Show one person, or decide about them."""
    who, action = users.read_press(pressed(query))
    by, user = person(query.from_user), await bot.services.people_desk.find(who)
    about = user.person if user is not None else Person(id=who, name=str(who))
    decision = users.DECISIONS.get(action)
    if action == "deny":
        await bot.services.people_desk.decline(by, about)
        await query.answer()
        await _tell(bot, about, users.denied())
        await rewrite_pressed(bot, query, users.refused(about, by))
    elif decision is not None:
        decided = await bot.services.people_desk.grant(by, about, decision.role, decision.seconds)
        await query.answer()
        await _tell_of(bot, decided)
        await rewrite_pressed(bot, query, users.settled(decided, by))
    else:
        await query.answer()
        await rewrite_pressed(bot, query, await _card(bot, about, by))


@Medusa.on_callback_query(button("ask"))
async def on_ask(bot: Medusa, query: CallbackQuery) -> None:
    """Somebody asks for access."""
    asking = person(query.from_user)
    is_new = await bot.services.people_desk.ask(asking)
    await query.answer(users.asked() if is_new else users.asked_before(), show_alert=True)
    if is_new:
        await tell_all(bot, await bot.services.people_desk.judges(), users.asking(asking))


async def _decide(bot: Medusa, message: Message, role: Role) -> None:
    """Give whom a command means this role, or ask who that is."""
    meant = await meant_person(bot, message)
    if meant is not None:
        await _make(bot, message, meant, role)
        return
    if written := (message.text or "").partition(" ")[2].strip():
        raise WrongArgument(users.nobody(written))
    by = person(message.from_user)
    await bot.services.dialogs.ask(
        Dialog(chat_id=chat(message), person_id=by.id, about=ABOUT, subject=role.value)
    )
    await reply(bot, message, users.whom())


async def _make(bot: Medusa, message: Message, meant: Meant, role: Role) -> None:
    by, seconds = person(message.from_user), read_span(" ".join(meant.words)) if meant.words else 0
    decided = await bot.services.people_desk.grant(by, meant.person, role, seconds)
    await reply(bot, message, users.decided(decided))
    await _tell_of(bot, decided)


async def _card(bot: Medusa, about: Person, by: Person) -> View:
    user = await bot.services.people_desk.find(about.id)
    viewer = await bot.services.people.role(by)
    return users.card(user or User(person=about), viewer, datetime.now(UTC))


async def _tell_of(bot: Medusa, decided: User) -> None:
    """Tell somebody what was decided about them; of who is banned, nothing goes on."""
    if decided.role is Role.BANNED:
        await bot.services.tasks.cancel_all(decided.person.id)
    news = users.news(decided)
    if news is not None:
        await _tell(bot, decided.person, news)


async def _tell(bot: Medusa, about: Person, view: View) -> None:
    """Tell somebody, if they have ever opened the chat."""
    await tell_all(bot, [about.id], view)
