"""Medusa: links in, media out, streamed into Telegram while they are still arriving."""
