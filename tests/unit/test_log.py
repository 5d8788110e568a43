"""What a line holds, and above all what it never holds."""

import asyncio
import json
import logging
import subprocess
import sys
import textwrap
import warnings
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from loguru import logger
from pydantic import SecretStr

from medusa.config import Settings
from medusa.log import Redactor, job_context, set_up_logging
from medusa.views.faults import file as fault_file
from medusa.views.faults import new as fault_message
from medusa.views.operation import log_file

HASH = "0123456789abcdef0123456789abcdef"
TOKEN = "123456789:AAF" + "x" * 32


def settings(**given: object) -> Settings:
    """Valid settings with these values."""
    values: dict[str, Any] = {
        "api_id": 1,
        "api_hash": SecretStr(HASH),
        "bot_token": SecretStr(TOKEN),
        **given,
    }
    return Settings.model_construct(**values)


@pytest.fixture(autouse=True)
def logging_put_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Logging as pytest wants it, once the test is over; no config.env of the checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    handlers, level = logging.root.handlers, logging.root.level
    yield
    logging.captureWarnings(False)
    logging.root.handlers = handlers
    logging.root.setLevel(level)
    logger.remove()


def raise_with(text: str) -> None:
    """Raise an error that carries this text, caused by another one that does."""
    try:
        raise KeyError(text)
    except KeyError as error:
        raise RuntimeError(f"It broke with {text}") from error


def log_everywhere(text: str) -> None:
    """Log a text in each way in which it can reach a line."""
    logger.info(text)
    logger.bind(value=text, nested={text: [text, text.encode()]}).info("bound {}", text)
    logging.getLogger("somewhere").warning("from a library: %s %r", text, text)
    with job_context(text):
        logger.info(f"{json.dumps(text)} {b64encode(text.encode()).decode()} {quote(text)}")
    try:
        raise_with(text)
    except RuntimeError:
        logger.exception("traceback")


# --- what a line holds ----------------------------------------------------------------------------


def test_a_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(settings())
    with job_context("j1"):
        logger.bind(size=5).warning("Short of {}", "disk")
    logger.debug("unseen")
    line = capsys.readouterr().err
    assert line.endswith(" WARNING  [j1] Short of disk size=5\n")
    assert line.startswith("20")


def test_a_line_for_machines(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(settings(log_json=True))
    with job_context("j1"):
        logger.bind(size=5).info("one\ntwo “three”")
    logger.info("outside")
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert first.pop("time") < second.pop("time")
    here = {"level": "INFO", "logger": __name__, "exception": None}
    assert first == here | {"message": "one\ntwo “three”", "job": "j1", "extra": {"size": "5"}}
    assert second == here | {"message": "outside", "job": None}


def test_a_traceback_is_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(settings(log_json=True))
    try:
        raise_with("smoke")
    except RuntimeError:
        logger.exception("caught")
    line = json.loads(capsys.readouterr().err)
    assert line["message"] == "caught"
    assert "KeyError: 'smoke'" in line["exception"]
    assert line["exception"].endswith("RuntimeError: It broke with smoke\n")


def test_no_line_can_be_forged(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(settings())
    logger.info("a title\n2026-01-01 00:00:00 CRITICAL forged\x1b[2J\r")
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("a title")
    assert second == r"    2026-01-01 00:00:00 CRITICAL forged\x1b[2J\x0d"


def test_no_line_is_turned_around_or_broken_for_other_programs(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(settings())
    logger.info("a \u202egnp.exe\u2066 \u2028title\u2029")
    assert capsys.readouterr().err.endswith(r"a \u202egnp.exe\u2066 \u2028title\u2029" + "\n")


def test_a_value_without_a_text_does_not_break_the_line(capsys: pytest.CaptureFixture[str]) -> None:
    class Unspeakable:
        def __str__(self) -> str:
            raise RuntimeError(TOKEN)

    set_up_logging(settings())
    logger.bind(value=Unspeakable()).info("fine")
    assert capsys.readouterr().err.endswith("fine value=<Unspeakable>\n")


# --- the job of a line ----------------------------------------------------------------------------


@pytest.fixture
def json_lines(logging_put_back: None) -> None:
    """Logging set up before the loop runs, as it reads files."""
    set_up_logging(settings(log_json=True))


@pytest.mark.usefixtures("json_lines")
async def test_tasks_and_threads_carry_the_job_they_were_started_in(
    capsys: pytest.CaptureFixture[str],
) -> None:
    everybody_is_in = asyncio.Barrier(2)

    async def work(job: str) -> None:
        with job_context(job):
            await everybody_is_in.wait()
            await asyncio.create_task(asyncio.to_thread(logger.info, job))

    await asyncio.gather(work("a"), work("b"))
    logger.info("outside")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert sorted((line["message"], line["job"] or "") for line in lines) == [
        ("a", "a"),
        ("b", "b"),
        ("outside", ""),
    ]


# --- libraries ------------------------------------------------------------------------------------


def test_libraries_keep_their_level_and_name(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(settings(log_json=True, log_level="DEBUG"))
    logging.getLogger("pyrogram.session").info("connected")
    logging.getLogger("pyrogram.session").warning("lost")
    logging.getLogger("asyncio").info("slow")
    logging.getLogger("other").log(23, "between")
    logging.getLogger("other").error("%d misfits", "no number")
    with warnings.catch_warnings(action="always"):
        warnings.warn("old", UserWarning, stacklevel=1)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["logger"], line["level"], line["message"]) for line in lines[:-1]] == [
        ("pyrogram.session", "DEBUG", "connected"),
        ("pyrogram.session", "WARNING", "lost"),
        ("asyncio", "INFO", "slow"),
        ("other", "Level 23", "between"),
        ("other", "ERROR", "%d misfits ('no number',)"),
    ]
    assert (lines[-1]["logger"], lines[-1]["level"]) == ("py.warnings", "WARNING")


def test_what_libraries_send_is_not_in_a_debug_log(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(settings(log_level="DEBUG"))
    logging.getLogger("pymongo.command").debug("insert https://ann:password@example.org")
    logging.getLogger("pyrogram.session").debug("a packet")
    assert capsys.readouterr().err == ""


def test_pyrograms_chatter_is_not_shown_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(settings())
    logging.getLogger("pyrogram").info("connected")
    assert capsys.readouterr().err == ""


def test_a_typo_in_the_file_is_hinted_at(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "config.env").write_text("PUBLIK=true\n")
    set_up_logging(settings())
    assert "Did you mean PUBLIC?" in capsys.readouterr().err


def test_errors_with_a_traceback_are_faults() -> None:
    faults = set_up_logging(settings()).faults
    logger.error("without a traceback")
    for number in range(3):
        try:
            raise_with(f"number {number}")
        except RuntimeError:
            logger.opt(exception=True).warning("no error")
            logger.exception("caught {}", number)
    try:
        raise KeyError
    except KeyError as error:
        logging.getLogger("asyncio").error("never retrieved", exc_info=error)
    found = faults.take()
    assert [(one.kind, one.count, one.message) for one in found] == [
        ("RuntimeError", 3, "It broke with number 0"),
        ("KeyError", 1, "never retrieved"),
    ]


def test_the_journal_has_the_lines_of_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    journal = set_up_logging(settings(log_level="WARNING"))
    logger.info("unseen")
    logger.warning("seen\nand its second line")
    assert "\n".join(journal.ring.last()) + "\n" == capsys.readouterr().err
    assert len(journal.ring.last()) == 1


def test_an_error_that_nothing_handles_is_redacted_too() -> None:
    program = f"""
        from pydantic import SecretStr
        from medusa.config import Settings
        from medusa.log import set_up_logging
        set_up_logging(Settings(api_id=1, api_hash="{HASH}", bot_token="{TOKEN}"))
        raise RuntimeError("No luck with {TOKEN} and {HASH}")
    """
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "RuntimeError: No luck with *** and ***" in ended.stderr
    assert "CRITICAL" in ended.stderr


# --- secrets --------------------------------------------------------------------------------------

MARK = "hunter2-MARK"
texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)


@given(texts, texts, st.booleans())
@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_secret_setting_reaches_a_line(
    capsys: pytest.CaptureFixture[str], before: str, after: str, as_json: bool
) -> None:
    secret = f"{before}{MARK}{after}"
    for name, field in Settings.model_fields.items():
        if "SecretStr" not in str(field.annotation):
            continue
        journal = set_up_logging(settings(**{name: SecretStr(secret), "log_json": as_json}))
        log_everywhere(secret)
        log_everywhere(f"around {secret} it")
        seen = capsys.readouterr().err
        assert len(seen.splitlines()) >= 10
        file = log_file(journal.ring.last()).text
        assert "Traceback (most recent call last)" in file
        faults = journal.faults.take()
        assert "RuntimeError" in {one.kind for one in faults}
        seen += file + "".join(fault_file(one).text + fault_message(one).text for one in faults)
        assert MARK not in seen
        assert b64encode(secret.encode()).decode().rstrip("=") not in seen


@given(st.text(min_size=6, max_size=20), st.binary(max_size=4), st.binary(max_size=4))
@hypothesis_settings(max_examples=60, deadline=None)
def test_a_secret_is_masked_as_a_part_of_something_in_base64(
    secret: str, before: bytes, behind: bytes
) -> None:
    redact = Redactor([secret])
    for encode in (b64encode, urlsafe_b64encode):
        encoded = encode(before + secret.encode() + behind).decode()
        shown = redact(encoded)
        assert "***" in shown
        assert len(shown) <= len(encoded) - len(secret) + 3, "no more than the edges is left"


@given(st.text(min_size=6, max_size=20))
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_password_of_mongodb_is_masked_apart_from_its_uri(password: str) -> None:
    redact = Redactor([f"mongodb+srv://user:{quote(password, safe='')}@host/?retryWrites=true"])
    assert redact(f"<{password}>") == "<***>"
    assert redact(f"<{quote(password, safe='')}>") == "<***>"


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        (f"token {TOKEN}.", "token ***."),
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot***/getMe"),
        ("mongodb://me:p@ss/w:rd@host:27017/db", "mongodb://me:***@host:27017/db"),
        ("socks5://me:pass@127.0.0.1:1080", "socks5://me:***@127.0.0.1:1080"),
        ("Cookie: a=b; c=d\nHost: x", "Cookie: ***\nHost: x"),
        ("authorization: Bearer abc", "authorization: ***"),
        ("{'Cookie': 'a=\"b\"; c=d', 'Host': 'x'}", "{'Cookie': '***', 'Host': 'x'}"),
        (
            "[(b'Authorization', b'Basic eDp5'), (b'Host', b'x')]",
            "[(b'Authorization', '***'), (b'Host', b'x')]",
        ),
        ("Set-Cookie: sid=1", "Set-Cookie: ***"),
        ("session " + "Ab1_-" * 70 + "=", "session ***"),
        ("https://x.org/v.mp4?id=7&sig=AbC%2B1&n=2", "https://x.org/v.mp4?id=7&sig=***&n=2"),
        ("https://x.org/?X-Amz-Signature=ff&X-Amz-Date=1", "https://x.org/?X-Amz-Signature=***&X-Amz-Date=1"),
        ("https://x.org/?access_token=a.b.c 5 s", "https://x.org/?access_token=*** 5 s"),
        (
            "?u=https%3A%2F%2Fx.org%2F%3Fid%3D7%26token%3Da%26b%3D1",
            "?u=https%3A%2F%2Fx.org%2F%3Fid%3D7%26token%3D***%26b%3D1",
        ),
        ("https://x.org/playlist/sig/AbC/file.m3u8", "https://x.org/playlist/sig/***/file.m3u8"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, redacted: str) -> None:
    assert Redactor()(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "https://x.org:8080/watch?v=dQw4w9WgXcQ&t=10s",
        "https://user@x.org/a:b@c",
        "Downloaded 12:34:56 of cookies.txt at 5.2 MiB/s",
        "job 6563f0c2a7b4d1e2f3a4b5c6 of -1001234567890",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert Redactor()(text) == text


@pytest.mark.parametrize("text", ["?" + "key" * 30_000, "1" * 90_000, "a." * 45_000, "&token" * 15_000])
@pytest.mark.timeout(5)
def test_no_text_makes_redaction_slow(text: str) -> None:
    assert Redactor(["some secret"])(text)
