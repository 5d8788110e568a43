"""Asks for phone number, code and password, and shows a session string; ./scripts/session calls it.

With --file PATH the string goes into a file, for USER_SESSION_STRING_FILE, and not onto the screen.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from threading import Thread
from typing import Any, Self, TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from pyrogram import Client

from medusa.config import Settings, load_settings
from medusa.errors import MedusaError, WrongArgument
from medusa.telegram.client import make_user
from medusa.telegram.limits import read_limits
from medusa.telegram.login import Login, Session
from medusa.text import human_size
from medusa.upload.parts import PART_SIZE

T = TypeVar("T")

CONNECT_SECONDS = 60.0

WELCOME = """\
This logs an account into Telegram as one more device and prints a session string for USER_SESSION_STRING.
With a Premium account the bot sends files of up to 4 GB. Take an account of your own: what automation does
with it is at your risk. Ctrl-C ends this at any time."""

WARNING = """\
It is a secret: whoever has it can do everything with the account. Put it nowhere but into config.env or your
platform's secrets. In the Telegram app, Settings → Devices → Medusa ends it."""

NEXT = """\
Next: make this account an admin who may post in one of the bot's log channels, best a private one. What is
too large for the bot goes through that channel; without one, it comes in parts."""


class Background:
    """An event loop in a thread of its own: the connection lives on while the person looks for an answer,
    and Ctrl-C reaches the prompt."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *reason: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Its result, or its error."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def main(file: Path | None) -> None:
    """Log in, show the session string or put it into a file, and say what it is good for."""
    settings = load_settings()
    with reserved(file), Background() as background:
        client = background.do(connected(settings))
        try:
            print(WELCOME)
            session = log_in(Login(client), background.do)
        finally:
            background.do(hang_up(client))
        limits = background.do(read_limits(settings))
        keep(session, file)
    show(session, (limits.premium if session.is_premium else limits.bot) * PART_SIZE)


@contextmanager
def reserved(file: Path | None) -> Iterator[None]:
    """The file is made before the login rather than after it, readable by its owner only; it goes when
    nothing has come into it. Raises WrongArgument."""
    if file is None:
        yield
        return
    try:
        file.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise WrongArgument(f"{file} is there already. Choose another name, or remove it.") from None
    except OSError as error:
        raise WrongArgument(f"{file} cannot be written: {error.strerror}.") from error
    try:
        yield
    finally:
        if not file.stat().st_size:
            file.unlink()


def keep(session: Session, file: Path | None) -> None:
    """Put the string where it was wanted."""
    if file is None:
        print(f"\n{session.string}\n")
    else:
        file.write_text(f"{session.string}\n")
        print(f"\nThe session string is in {file}, for USER_SESSION_STRING_FILE.\n")


async def connected(settings: Settings) -> Client:
    """A client that is nobody's yet."""
    client = make_user(settings)
    async with asyncio.timeout(CONNECT_SECONDS):
        await client.connect()
    return client


async def hang_up(client: Client) -> None:
    """End the connection; the account stays logged in."""
    await client.disconnect()


def log_in(login: Login, do: Callable[[Coroutine[Any, Any, Any]], Any]) -> Session:
    """Ask for one thing after the other, again where there was a mistake."""

    def until_accepted(
        question: str, ask: Callable[[str], str], enter: Callable[[str], Coroutine[Any, Any, object]]
    ) -> object:
        while True:
            try:
                return do(enter(ask(question).strip()))
            except WrongArgument as error:
                print(error)

    until_accepted("\nPhone number, with its country code: ", input, login.ask_code)
    print("Telegram has sent a code, most likely into the Telegram app.")
    if not until_accepted("Code: ", input, login.enter_code):
        hint = do(login.password_hint())
        question = f"Password{f', hint: {hint}' if hint else ''} (not shown): "
        until_accepted(question, getpass, login.enter_password)
    session: Session = do(login.session())
    return session


def show(session: Session, largest: int) -> None:
    """Print whose it is and what it can do; `largest` is in bytes."""
    print(f"{WARNING}\n")
    premium = (
        "has Telegram Premium" if session.is_premium else "has no Telegram Premium, as little as the bot"
    )
    print(f"{session.name} {premium}: files of up to {human_size(largest)}.")
    if session.is_premium:
        print(NEXT)


def wanted_file() -> Path | None:
    """Where the string is to go."""
    parser = argparse.ArgumentParser(
        prog="session", description="Make a session string of a Telegram account."
    )
    parser.add_argument("--file", type=Path, metavar="PATH", help="put the string there, not on the screen")
    file: Path | None = parser.parse_args().file
    return file


if __name__ == "__main__":
    if not sys.stdin.isatty():
        sys.exit("This needs a terminal: it asks for your phone number, for a code, perhaps for a password.")
    try:
        main(wanted_file())
    except MedusaError as error:
        sys.exit(f"{error} {error.advice}".strip())
    except OSError:
        sys.exit("Telegram does not answer.")
    except (KeyboardInterrupt, EOFError):
        sys.exit("\nNobody was logged in.")
