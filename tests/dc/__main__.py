"""`python -m tests.dc`: a data centre as a process of its own, spoken to by lines. See commands.py."""

import argparse
import asyncio
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.dc.codec import dump_line, load_line
from tests.dc.commands import Commands
from tests.dc.datacenter import DataCenter
from tests.dc.flood import Pace
from tests.dc.options import Options


def _options(arguments: argparse.Namespace) -> Options:
    return Options(
        host=arguments.host,
        port=arguments.port,
        media_port=arguments.media_port,
        max_parts=arguments.max_parts,
        max_parts_premium=arguments.max_parts_premium,
        discard=arguments.discard,
        blind=arguments.blind,
        spool_dir=arguments.spool_dir,
        latency=arguments.latency,
        bandwidth=arguments.bandwidth,
        strict=False,
        pace=None if arguments.no_pace else Pace(),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.dc", description="A loopback Telegram data centre."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="main address; 0 takes any free port")
    parser.add_argument("--media-port", type=int, default=0)
    parser.add_argument(
        "--key-file", type=Path, help="where the public key goes; a temporary file by default"
    )
    parser.add_argument("--max-parts", type=int, default=Options.max_parts)
    parser.add_argument("--max-parts-premium", type=int, default=Options.max_parts_premium)
    parser.add_argument("--discard", action="store_true", help="keep only sizes and hashes of files")
    parser.add_argument(
        "--blind", action="store_true", help="do not decrypt file parts either: for benchmarks"
    )
    parser.add_argument("--spool-dir", type=Path, help="where large files go")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds added to every answer")
    parser.add_argument("--bandwidth", type=float, help="bytes a second that the server receives")
    parser.add_argument("--no-pace", action="store_true", help="no flood limits")
    return parser.parse_args()


def _emit(value: dict[str, Any]) -> None:
    sys.stdout.write(dump_line(value) + "\n")
    sys.stdout.flush()


async def _obey(commands: Commands, line: dict[str, Any]) -> None:
    number, name = line.pop("id", None), line.pop("do")
    try:
        if name.startswith("_"):
            raise AttributeError(name)
        _emit({"id": number, "ok": await getattr(commands, name)(**line)})
    except Exception as error:
        _emit({"id": number, "error": str(error), "kind": type(error).__name__})


async def _lines() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=256 * 1024 * 1024)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    return reader


async def main() -> None:
    """Serve until stdin ends or a line says {"do": "stop"}."""
    arguments = _arguments()
    async with DataCenter(_options(arguments)) as dc:
        key_file = arguments.key_file or Path(tempfile.mkdtemp(prefix="dc-")) / "key.pem"
        key_file.write_bytes(dc.key.pem)
        commands = Commands(dc, _emit)
        _emit(
            {
                "address": dc.address,
                "media_address": dc.media_address,
                "key": str(key_file),
                "pid": os.getpid(),
            }
        )
        reader = await _lines()
        tasks: set[asyncio.Task[None]] = set()
        while text := await reader.readline():
            line = load_line(text)
            if line["do"] == "stop":
                break
            task = asyncio.create_task(_obey(commands, line))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
