"""yt-dlp plugins: those of one directory, and no others. One that is broken is left out, and told of."""

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yt_dlp.globals
import yt_dlp.plugins

_EXTRACTORS = "extractor"
_SUFFIX = "IE"


@dataclass(frozen=True)
class Customs:
    """What the plugins have brought."""

    extractors: tuple[Any, ...] = ()
    """Classes; they are asked before all others."""
    changed: tuple[Any, ...] = ()
    """Classes that take the place of built-in ones."""
    broken: tuple[tuple[str, str], ...] = ()
    """Name of a module, and what is wrong with it."""


def load(directory: str) -> Customs:
    """Load the plugins of `directory/ANY/yt_dlp_plugins/extractor/*.py` and `directory/*.zip`; empty: none.

    Call it before a YoutubeDL is made: that would load whatever there is.
    """
    yt_dlp.globals.plugin_dirs.value = [directory] if directory else []
    yt_dlp.globals.all_plugins_loaded.value = True
    if not directory:
        return Customs()
    sys.dont_write_bytecode = True  # the directory is somebody else's
    found: dict[str, Any] = {}
    broken: list[tuple[str, str]] = []
    for _, name, _ in yt_dlp.plugins.iter_modules(_EXTRACTORS):
        short = name.rpartition(".")[2]
        if short.startswith("_"):
            continue
        try:
            found |= _classes(name)
        except (Exception, SystemExit) as error:  # whatever a plugin does when it is imported
            broken.append((short, f"{type(error).__name__}: {error}"))
    _register(found)
    changed = [one for each in yt_dlp.globals.plugin_ies_overrides.value.values() for one in each]
    return Customs(tuple(found.values()), tuple(changed), tuple(broken))


def _classes(name: str) -> dict[str, Any]:
    """The extractors of a module that can be asked. Raises whatever is wrong with it."""
    module = importlib.import_module(name)
    classes = dict(yt_dlp.plugins.get_regular_classes(module, name, _SUFFIX))
    for extractor in classes.values():
        # Every link is shown to every extractor: one that cannot look at it would break them all.
        extractor.suitable("https://example.org/")
    return classes


def _register(found: dict[str, Any]) -> None:
    # It fills the lookup with what is built in, before which the plugins are to come.
    importlib.import_module("yt_dlp.extractor.extractors")
    yt_dlp.globals.plugin_ies.value = found
    lookup = yt_dlp.globals.extractors
    lookup.value = {**found, **lookup.value}


def file_of(extractor: Any) -> str:
    """The name of the file that an extractor comes from."""
    return Path(sys.modules[extractor.__module__].__file__ or "").name
