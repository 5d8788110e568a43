"""Attacks on the bot: what strangers may type, and where secrets might leak. Each `run` counts what got through."""
