"""The database: users, channels, downloads. Only app.py imports this package."""
