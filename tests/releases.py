"""An index of packages that is a directory: wheels of yt-dlp, made of the one that is installed.

They have few extractors, so that each is installed in a second. Those of broken ones hold what is broken.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

SHIPPED = metadata.version("yt-dlp")
SHIPPED_EJS = metadata.version("yt-dlp-ejs")
NEWER, OTHER, UNLOADABLE, CRASHING = "2026.11.20", "2026.11.21", "2026.11.22", "2026.11.23"

_KEPT = ("__init__", "extractors", "generic", "genericembeds", "adobepass", "afreecatv", "openload")
"""Modules of extractors that yt-dlp cannot do without; what they need comes with them."""
_EXTRACTORS = "from .generic import GenericIE\nfrom .genericembeds import HTML5MediaEmbedIE\n"


def fill(index: Path) -> Mapping[str, str]:
    """Put a wheel of each into the directory; the variables by which pip uses it, and no other index."""
    index.mkdir(parents=True, exist_ok=True)
    build(index, NEWER)
    build(index, OTHER)
    build(index, UNLOADABLE, {"yt_dlp/globals.py": "raise ImportError('a module is missing')\n"})
    build(index, CRASHING, {"yt_dlp/YoutubeDL.py": _crashing()})
    return variables(index)


def build(
    index: Path, version: str, changes: Mapping[str, str] | None = None, *, ejs: str = SHIPPED_EJS
) -> Path:
    """A wheel of this version, in which some files are others."""
    files = dict(_files()) | {"yt_dlp/version.py": version_file(version)} | dict(changes or {})
    return _wheel(index, "yt_dlp", version, files, [f"yt-dlp-ejs=={ejs} ; extra == 'default'"])


def build_stub(index: Path, version: str, *, ejs: str = SHIPPED_EJS) -> Path:
    """A wheel with nothing in it, where nobody tries it."""
    return _wheel(index, "yt_dlp", version, {"yt_dlp/__init__.py": ""}, [f"yt-dlp-ejs=={ejs}"])


def variables(index: Path) -> Mapping[str, str]:
    """By which pip uses this directory, and no other index."""
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index), "PIP_CONFIG_FILE": "/dev/null"}


def build_ejs(index: Path, version: str) -> Path:
    """A wheel of the scripts that go with it."""
    return _wheel(index, "yt_dlp_ejs", version, {"yt_dlp_ejs/__init__.py": f"version = {version!r}\n"}, ())


def _wheel(index: Path, name: str, version: str, files: Mapping[str, str], needs: Iterable[str]) -> Path:
    path, about = index / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    described = ["Metadata-Version: 2.1", f"Name: {name.replace('_', '-')}", f"Version: {version}"]
    described += [
        "Requires-Python: >=3.11",
        "Provides-Extra: default",
        *(f"Requires-Dist: {n}" for n in needs),
    ]
    wheel = "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    whole = {**files, f"{about}/METADATA": "\n".join([*described, ""]), f"{about}/WHEEL": wheel}
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for place, text in whole.items():
            archive.writestr(place, text)
        archive.writestr(f"{about}/RECORD", "".join(f"{place},,\n" for place in [*whole, f"{about}/RECORD"]))
    return path


def _files() -> Iterator[tuple[str, str]]:
    root = _root()
    kept = _needed(root / "extractor")
    for path in sorted(root.rglob("*.py")):
        place = path.relative_to(root)
        if place.parts[0] != "extractor" or place.parts[1].removesuffix(".py") in kept:
            yield f"yt_dlp/{place}", path.read_text("utf-8")
    yield "yt_dlp/extractor/_extractors.py", _EXTRACTORS


def _needed(extractors: Path) -> set[str]:
    """Those modules, and whatever they import of their package."""
    found, open_ = set[str](), set(_KEPT)
    while open_:
        name = open_.pop()
        found.add(name)
        own = [extractors / f"{name}.py"] if (extractors / f"{name}.py").exists() else []
        for path in [*own, *(extractors / name).rglob("*.py")]:
            pattern = r"^from \.(\w+)" if path.parent == extractors else r"^from \.\.(\w+)"
            open_ |= set(re.findall(pattern, path.read_text("utf-8"), re.MULTILINE)) - found
        open_ = {one for one in open_ if (extractors / f"{one}.py").exists() or (extractors / one).is_dir()}
    return found


def _root() -> Path:
    spec = find_spec("yt_dlp")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def version_file(version: str) -> str:
    """yt_dlp/version.py of this version, which has zeros there."""
    dotted = ".".join(f"{int(number):02}" for number in version.split("."))
    text = (_root() / "version.py").read_text("utf-8")
    return text.replace(f"__version__ = '{SHIPPED}'", f"__version__ = '{dotted}'")


def _crashing() -> str:
    """One that loads, and breaks down over every link."""
    text = (_root() / "YoutubeDL.py").read_text("utf-8")
    lines = (
        "def _break(*arguments, **options):",
        "    raise SystemError('broken inside')",
        "YoutubeDL.extract_info = _break",
    )
    return "\n".join([text, *lines, ""])
