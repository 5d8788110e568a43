"""How a benchmark tells what it does."""

from collections.abc import Callable

Say = Callable[[str], None]
"""Takes one line for the person who waits."""
