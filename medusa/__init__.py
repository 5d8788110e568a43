"""Medusa: links in, media out, streamed into Telegram while they are still arriving."""

__version__ = "1.0.0.dev0"
