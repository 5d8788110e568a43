"""./scripts/session: a person logs an account in at a terminal, and the string that is shown works."""

import asyncio
import os
import pty
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bot import ROOT
from tests.dc import DataCenter
from tests.dc.client import make_client

PHONE, PASSWORD = "491511234567", "correct horse"
PATIENCE = 20.0


class Screen:
    """A terminal with the program, and the person who types."""

    def __init__(self, process: asyncio.subprocess.Process, end: int) -> None:
        self.process = process
        self.shown = ""
        self._end = end
        self._read = 0
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(end, self._receive)

    async def sees(self, text: str) -> None:
        """Wait for something on the screen."""
        try:
            async with asyncio.timeout(PATIENCE):
                while text not in self.shown[self._read :]:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"{text!r} is not on the screen:\n{self.shown}") from None
        self._read = self.shown.index(text, self._read) + len(text)

    async def answers(self, prompt: str, text: str) -> None:
        """Wait for a prompt and type a line."""
        await self.sees(prompt)
        os.write(self._end, f"{text}\n".encode())

    def _receive(self) -> None:
        try:
            self.shown += os.read(self._end, 4096).decode().replace("\r\n", "\n")
        except OSError:  # the program is over
            asyncio.get_running_loop().remove_reader(self._end)
        self._more.set()


@asynccontextmanager
async def at_a_terminal(dc: DataCenter, home: Path, *arguments: str) -> AsyncIterator[Screen]:
    (home / "key.pem").write_bytes(dc.key.pem)
    end, other = pty.openpty()
    host, port = dc.address
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "scripts" / "_session.py"),
        *arguments,
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "API_ID": "1",
            "API_HASH": "0" * 32,
            "BOT_TOKEN": "7000001:" + "A" * 35,
            "TELEGRAM_SERVER": f"{host}:{port}",
            "TELEGRAM_SERVER_KEY": str(home / "key.pem"),
        },
        stdin=other,
        stdout=other,
        stderr=other,
        start_new_session=True,
    )
    os.close(other)
    screen = Screen(process, end)
    try:
        yield screen
        await asyncio.wait_for(process.wait(), PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
        asyncio.get_running_loop().remove_reader(end)
        os.close(end)


async def test_somebody_with_a_password_logs_in_after_some_mistakes(tmp_path: Path) -> None:
    async with DataCenter() as dc:
        pam = dc.person("Pam", premium=True, phone=PHONE, password=PASSWORD)
        async with at_a_terminal(dc, tmp_path) as screen:
            await screen.answers("Phone number, with its country code: ", "nothing")
            await screen.answers("Telegram knows no such phone number", "12")
            await screen.sees("Telegram knows no such phone number")
            await screen.answers("country code: ", "+49 151 1234567")
            await screen.answers("Code: ", "0")
            await screen.sees("This is not the code")
            await screen.answers("Code: ", " ".join(dc.login_code(PHONE)))
            await screen.answers("Password, hint: the usual (not shown): ", "wrong pony")
            await screen.sees("This is not the password.")
            await screen.answers("(not shown): ", PASSWORD)
            await screen.sees(f"Pam (id {pam.id}) has Telegram Premium: files of up to 4.19 GB.")
        assert screen.process.returncode == 0
        assert "It is a secret" in screen.shown
        assert "pony" not in screen.shown
        assert PASSWORD not in screen.shown
        (string,) = re.findall(r"^[A-Za-z0-9_-]{300,}$", screen.shown, re.MULTILINE)
        async with make_client(dc.endpoint, session_string=string) as client:
            assert client.me is not None
            assert client.me.id == pam.id
        assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]


async def test_somebody_without_premium_learns_that_it_is_of_little_use(tmp_path: Path) -> None:
    async with DataCenter() as dc:
        eve = dc.person("Eve", username="eve", phone=PHONE)
        async with at_a_terminal(dc, tmp_path) as screen:
            await screen.answers("country code: ", PHONE)
            await screen.sees("Telegram has sent a code")
            await screen.answers("Code: ", dc.login_code(PHONE))
            await screen.sees(f"Eve (@eve, id {eve.id}) has no Telegram Premium, as little as the bot: ")
            await screen.sees("files of up to 2.10 GB.")


async def test_the_string_goes_into_a_file_and_not_onto_the_screen(tmp_path: Path) -> None:
    kept = tmp_path / "session"
    async with DataCenter() as dc:
        pam = dc.person("Pam", premium=True, phone=PHONE)
        async with at_a_terminal(dc, tmp_path, "--file", str(kept)) as screen:
            await screen.answers("country code: ", PHONE)
            await screen.sees("Telegram has sent a code")
            await screen.answers("Code: ", dc.login_code(PHONE))
            await screen.sees("for USER_SESSION_STRING_FILE.")
            await screen.sees("Next: make this account an admin")
        assert kept.stat().st_mode & 0o777 == 0o600
        assert kept.read_text().strip() not in screen.shown
        async with make_client(dc.endpoint, session_string=kept.read_text().strip()) as client:
            assert client.me is not None
            assert client.me.id == pam.id
        async with at_a_terminal(dc, tmp_path, "--file", str(kept)) as screen:
            await screen.sees("is there already")
        assert kept.stat().st_size > 300


async def test_a_file_that_nothing_comes_into_does_not_stay(tmp_path: Path) -> None:
    async with DataCenter() as dc:
        async with at_a_terminal(dc, tmp_path, "--file", str(tmp_path / "session")) as screen:
            await screen.sees("country code: ")
            screen.process.send_signal(2)
            await screen.sees("Nobody was logged in.")
        assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]


async def test_ctrl_c_ends_it_at_any_prompt(tmp_path: Path) -> None:
    async with DataCenter() as dc:
        async with at_a_terminal(dc, tmp_path) as screen:
            await screen.sees("country code: ")
            screen.process.send_signal(2)
            await screen.sees("Nobody was logged in.")
        assert screen.process.returncode == 1


async def test_a_number_without_an_account_cannot_log_in(tmp_path: Path) -> None:
    async with DataCenter() as dc, at_a_terminal(dc, tmp_path) as screen:
        await screen.answers("country code: ", PHONE)
        await screen.sees("Telegram has sent a code")
        await screen.answers("Code: ", dc.login_code(PHONE))
        await screen.sees("This phone number has no Telegram account.")


async def test_without_a_terminal_it_says_so() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "scripts" / "_session.py"),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert (process.returncode, said.decode().partition(":")[0]) == (1, "This needs a terminal")
