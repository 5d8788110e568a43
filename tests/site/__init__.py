"""A local media site: generated media, served well or badly, and a count of what was served."""

from tests.site.server import Site

__all__ = ["Site"]
