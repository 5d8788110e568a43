"""Attacks on the bot, as data, and what runs them: shared by tests and `./scripts/bench attack`."""
