"""`python -m tests.bench.usual ORDER`: a bot that goes the usual way, yt-dlp to disk and then an upload.

ORDER is a JSON object: host, port, key, token. Prints "ready", answers every link with its file, and ends
with its standard input. What bots do besides is left out in its favour: a probe of its own, status messages,
thumbnails.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import uvloop
from pyrogram import Client
from pyrogram.handlers import MessageHandler
from pyrogram.types import Message, ReplyParameters
from yt_dlp import YoutubeDL

from tests.dc.client import make_client
from tests.dc.datacenter import Endpoint


def download(url: str, folder: str) -> Path:
    """The file behind a link, on disk. Blocking."""
    settings: dict[str, Any] = {
        "outtmpl": f"{folder}/%(title)s.%(ext)s",
        "format": "bestvideo+bestaudio/best",
        "quiet": True,
        "noprogress": True,
        "proxy": "",
    }
    with YoutubeDL(settings) as ydl:
        return Path(ydl.prepare_filename(ydl.extract_info(url)))


async def answer(client: Client, message: Message) -> None:
    """Bring one link to its end."""
    with tempfile.TemporaryDirectory(prefix="medusa-usual-") as folder:
        path = await asyncio.to_thread(download, str(message.text), folder)
        assert message.chat is not None
        assert message.chat.id is not None
        await client.send_video(
            message.chat.id, str(path), reply_parameters=ReplyParameters(message_id=message.id)
        )


async def serve(order: dict[str, Any]) -> None:
    """Log in and answer until there is no more standard input."""
    endpoint = Endpoint(order["host"], order["port"], Path(order["key"]).read_bytes())
    client = make_client(endpoint, "usual", bot_token=order["token"])
    client.add_handler(MessageHandler(answer))
    async with client:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(serve(json.loads(sys.argv[1])))
