"""Cuts a stream into parts and gets every one of them acknowledged. Knows neither Pyrogram nor media."""
