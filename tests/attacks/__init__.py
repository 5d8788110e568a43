"""Attacks on the bot, and what runs them: shared by tests and `./scripts/bench attack`."""
