"""Attacks on the bot: what strangers type, and where secrets leak. Each `run` counts what got through."""
