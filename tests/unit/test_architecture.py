"""The rules of the house: who may import whom, and how large a room may be.

Each rule has its sentence; a violation is reported as file:line and that sentence.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]

LAYERS = (
    {"app", "migration"},
    {"composition"},
    {"plugins", "web"},
    {"telegram"},
    {"settings_desk", "people_desk", "operation"},
    {"album_delivery"},
    {"jobs", "delivery", "people", "faults", "loop_lag", "heap", "ytdlp"},
    {"transfer"},
    {"sending", "metering"},
    {"media", "upload", "storage", "views", "charts"},
    {"quota"},
    {"commands", "log", "kept", "process", "recordings", "dialogs", "batch_answers", "vault", "policies"},
    {"legacy"},
    {"audit", "figures", "sheet", "health", "memory", "disk", "restarts", "start", "admin_commands"},
    {"config", "histogram"},
    {"under_way", "command", "versions", "setting_files", "setting_sentences"},
    {"user", "cookies", "batch", "turn", "albums", "policy", "broadcast", "release"},
    {"batch_text"},
    {"links", "spans", "amounts"},
    {"fault_box"},
    {"fault", "vitals"},
    {"model", "log_channel", "errors", "text", "setting_types", "lease"},
    {"channel"},
    {"request"},
    {"wishes", "playlist", "survey", "seal", "allowance"},
    {"value", "log_ring", "flood", "counters", "upstream", "source_options"},
)
"""From top to bottom; each may import what is below it, none what is beside it."""


class Rule(NamedTuple):
    """Only files under `places` may use `names`."""

    names: tuple[str, ...]
    places: tuple[str, ...]
    why: str


RULES = (
    Rule(
        ("pyrogram",),
        ("medusa/telegram/", "plugins/"),
        "Only medusa/telegram and plugins speak Pyrogram, so that the client stays replaceable.",
    ),
    Rule(
        ("pyrogram.raw",),
        ("medusa/telegram/",),
        "A plugin is thin: raw calls belong into medusa/telegram.",
    ),
    Rule(
        ("motor",),
        ("medusa/storage/mongo.py",),
        "Only medusa/storage/mongo.py imports Motor: leaving it must stay a one-file change.",
    ),
    Rule(
        ("pymongo", "bson", "gridfs"),
        ("medusa/storage/",),
        "Only medusa/storage knows MongoDB and its documents; everybody else has medusa.model.",
    ),
    Rule(
        ("taskiq", "taskiq_redis", "redis"),
        ("medusa/jobs/tickets.py", "medusa/jobs/taskiq_alone.py"),
        "Only medusa/jobs/tickets.py knows taskiq and Redis: a ticket is all that they carry.",
    ),
    Rule(
        ("yt_dlp", "av"),
        ("medusa/media/",),
        "Only medusa/media knows yt-dlp and PyAV; what leaves it is typed in medusa.model.",
    ),
    Rule(
        ("fastapi", "starlette", "uvicorn", "prometheus_client"),
        ("medusa/web/",),
        "Only medusa/web answers over HTTP: without PORT nobody loads any of it.",
    ),
    Rule(
        ("medusa.web",),
        ("medusa/web/", "medusa/composition/web.py"),
        "Only medusa/composition/web.py imports medusa/web, and only when PORT is set: it costs 9 MB.",
    ),
    Rule(
        ("matplotlib",),
        ("medusa/charts/",),
        "Only medusa/charts draws, in a process of its own: matplotlib would cost the bot 60 MB for good.",
    ),
    Rule(
        ("os.environ", "os.environb", "os.getenv", "os.getenvb"),
        ("medusa/config.py", "medusa/media/child/mother.py"),  # she gives her children one of their own
        "Only medusa/config.py reads the environment, so that Settings names everything there is to set.",
    ),
    Rule(
        ("medusa.storage",),
        ("medusa/storage/", "medusa/composition/", "app.py", "medusa/migration/__main__.py"),
        "Only app.py imports storage, and composition for it; others name it in a Protocol.",
    ),
    Rule(
        ("medusa.migration",),
        ("medusa/migration/",),
        "Only ./scripts/migrate runs medusa/migration: the bot carries nothing of it.",
    ),
    Rule(
        ("asyncpg",),
        ("medusa/migration/postgres.py",),
        "Only medusa/migration/postgres.py knows PostgreSQL: production does not install its driver.",
    ),
    Rule(
        ("plugins",),
        ("app.py",),
        "Plugins do not import plugins: a handler that is imported is registered twice.",
    ),
)

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}
VIEWS_MAY_IMPORT = {
    "batch",
    "batch_answers",
    "batch_text",
    "spans",
    "model",
    "user",
    "wishes",
    "kept",
    "channel",
    "log_channel",
    "errors",
    "text",
    "command",
    "commands",
    "cookies",
    "survey",
    "playlist",
    "under_way",
    "audit",
    "policy",
    "allowance",
    "amounts",
    "quota",
    "figures",
    "histogram",
    "sheet",
    "broadcast",
    "fault",
    "start",
    "versions",
    "vitals",
    "release",
}
LONGEST_FILE = 300  # lines
LONGEST_FUNCTION = 50  # lines without its docstring


# --- the checks -----------------------------------------------------------------------------------


def violations(path: str, source: str) -> list[str]:
    """What breaks a rule in this file, as `file:line: sentence`."""
    tree = ast.parse(source)
    found = [
        (line, why)
        for line, name in uses(path, tree)
        for why in (*broken_rules(path, name), *broken_layers(path, name))
    ]
    found += oversizes(tree, source)
    if not DRAWERS.isdisjoint(Path(path).with_suffix("").parts):
        found.append((1, "Nobody can guess what is in a drawer: name the module by what it holds."))
    return [f"{path}:{line}: {why}" for line, why in sorted(set(found))]


def uses(path: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of whatever is imported, and of `os.…` wherever it is used."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = Path(path).parts[: -node.level] if node.level else ()
            module = ".".join([*package, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            yield node.lineno, f"os.{node.attr}"


def broken_rules(path: str, name: str) -> Iterator[str]:
    """The sentences of the rules that forbid this file that name."""
    for names, places, why in RULES:
        if any(f"{name}.".startswith(f"{ruled}.") for ruled in names) and not path.startswith(places):
            yield why


def broken_layers(path: str, name: str) -> Iterator[str]:
    """Says so when the name lives in a layer that is not below the file's."""
    here, there = room_of(path), room_of(name.replace(".", "/"))
    if there is None or here is None or here == there:
        return
    if here == "views" and there not in VIEWS_MAY_IMPORT:
        yield "Views turn values into text, and import nothing that does anything."
    unplaced = {here, there}.difference(*LAYERS)
    if unplaced:
        yield f"Give {' and '.join(sorted(unplaced))} a place in LAYERS of tests/unit/test_architecture.py."
    elif layer_of(there) <= layer_of(here):
        yield f"Imports point downwards, and {there} is not below {here}."


def room_of(path: str) -> str | None:
    """The part of the house that a path, or a name with slashes, belongs to; None for what is not ours."""
    first, *rest = Path(path).with_suffix("").parts
    if first in ("app", "plugins"):
        return first
    return rest[0] if first == "medusa" and rest and rest[0] != "__init__" else None


def layer_of(room: str) -> int:
    """Its layer, counted from the top."""
    return next(index for index, rooms in enumerate(LAYERS) if room in rooms)


def oversizes(tree: ast.Module, source: str) -> Iterator[tuple[int, str]]:
    """Functions, and the file, that do not fit in a glance."""
    if source.count("\n") > LONGEST_FILE:
        yield 1, f"A file of more than {LONGEST_FILE} lines holds two rooms: divide it."
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and length(node) > LONGEST_FUNCTION:
            yield node.lineno, f"{node.name} is longer than {LONGEST_FUNCTION} lines: name its steps."


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and first.end_lineno is not None:
        lines -= first.end_lineno - first.lineno + 1
    return lines


# --- the tests ------------------------------------------------------------------------------------


def test_the_house_is_in_order() -> None:
    files = [*ROOT.glob("app.py"), *ROOT.glob("medusa/**/*.py"), *ROOT.glob("plugins/**/*.py")]
    found = [
        violation
        for file in sorted(files)
        for violation in violations(file.relative_to(ROOT).as_posix(), file.read_text())
    ]
    assert files
    assert not found, "\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("path", "source", "sentence"),
    [
        ("medusa/jobs/worker.py", "import pyrogram", "Only medusa/telegram and plugins speak Pyrogram"),
        ("medusa/upload/parts.py", "from pyrogram.raw import types", "stays replaceable"),
        ("plugins/start.py", "from pyrogram import raw", "A plugin is thin"),
        ("plugins/start.py", "from pyrogram.raw.types import X", "A plugin is thin"),
        ("medusa/jobs/store.py", "import pymongo.errors", "Only medusa/storage knows MongoDB"),
        ("medusa/storage/users.py", "import motor", "one-file change"),
        ("medusa/jobs/queue.py", "from motor.motor_asyncio import X", "one-file change"),
        ("medusa/jobs/worker.py", "from redis.asyncio import Redis", "a ticket is all that they carry"),
        ("medusa/delivery.py", "def f():\n    import yt_dlp", "Only medusa/media knows yt-dlp"),
        ("medusa/migration/rows.py", "import asyncpg", "does not install its driver"),
        ("medusa/health.py", "from fastapi import FastAPI", "Only medusa/web answers over HTTP"),
        ("app.py", "from medusa.web.app import make_app", "only when PORT is set"),
        ("app.py", "from medusa.migration import rows", "the bot carries nothing of it"),
        ("medusa/media/child.py", "import os\nos.environ['HOME']", "reads the environment"),
        ("app.py", "from os import getenv", "reads the environment"),
        ("medusa/jobs/worker.py", "from medusa.storage.mongo import X", "Only app.py imports storage"),
        ("plugins/links.py", "from plugins.start import on_start", "registered twice"),
        ("plugins/links.py", "from . import start", "registered twice"),
        ("medusa/media/probe.py", "from medusa.upload import parts", "upload is not below media"),
        ("medusa/upload/parts.py", "from medusa import media", "media is not below upload"),
        ("medusa/upload/parts.py", "from ..media import probe", "media is not below upload"),
        ("medusa/media/probe.py", "import medusa.telegram.client", "telegram is not below media"),
        ("medusa/jobs/worker.py", "from medusa.delivery import deliver", "delivery is not below jobs"),
        ("medusa/telegram/client.py", "import app", "app is not below telegram"),
        ("medusa/model.py", "from medusa.config import Settings", "config is not below model"),
        ("medusa/views.py", "from medusa.config import Settings", "nothing that does anything"),
        ("medusa/kitchen.py", "from medusa.model import Media", "Give kitchen a place"),
        ("medusa/media/utils.py", "", "Nobody can guess"),
        ("medusa/helpers/text.py", "", "Nobody can guess"),
        ("medusa/model.py", "\n" * 301, "more than 300 lines"),
        ("medusa/model.py", "def f():\n" + "    f()\n" * 50, "longer than 50 lines"),
    ],
)
def test_a_violation_is_found(path: str, source: str, sentence: str) -> None:
    found = violations(path, source)
    assert len(found) >= 1
    assert any(sentence in line and line.startswith(f"{path}:") for line in found)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app.py", "from medusa.storage.mongo import open_store\nfrom medusa import config, log"),
        ("plugins/links.py", "from pyrogram import filters\nfrom medusa import views"),
        (
            "medusa/telegram/sink.py",
            "from pyrogram.raw import functions\nfrom medusa.upload.parts import Part",
        ),
        (
            "medusa/storage/mongo.py",
            "import pymongo\nfrom bson import ObjectId\nfrom medusa.user import User",
        ),
        ("medusa/media/child.py", "import av, yt_dlp\nimport os\nos.execve('x', [], {'PATH': '/bin'})"),
        ("medusa/upload/pool.py", "from .parts import split\nfrom . import parts\nimport avail"),
        ("medusa/views.py", "from medusa.model import Media"),
        ("medusa/__init__.py", ""),
        ("medusa/model.py", 'def f():\n    """' + "\n" * 60 + '"""\n    return 1\n'),
    ],
)
def test_what_is_allowed_is_not_reported(path: str, source: str) -> None:
    assert violations(path, source) == []
