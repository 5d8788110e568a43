"""The parts of a process, put together: what app.py starts and stops."""
