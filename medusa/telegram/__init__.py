"""Telegram: the client, its connections, what comes in, what goes out. Only here is Pyrogram known."""
