"""The demo: a person sends links, the bot answers, and what arrived is held against what was there."""
