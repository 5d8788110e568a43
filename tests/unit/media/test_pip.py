"""What pip's words mean."""

import pytest

from medusa.media.pip import reason

REFUSED = (
    "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'NewConnectionError("
    "'<pip._vendor.urllib3.connection.HTTPConnection object>: Failed to establish a new connection: "
    "[Errno 111] Connection refused')': /simple/yt-dlp/\n"
    "ERROR: Could not find a version that satisfies the requirement yt-dlp (from versions: none)\n"
    "ERROR: No matching distribution found for yt-dlp"
)
ABSENT = (
    "ERROR: Could not find a version that satisfies the requirement yt-dlp==2026.1.1 (from versions: 1)\n"
    "ERROR: No matching distribution found for yt-dlp==2026.1.1"
)


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (REFUSED, "The package index cannot be reached."),
        ("ERROR: Could not fetch URL https://x: There was a problem", "The package index cannot be reached."),
        (ABSENT, "The package index has no yt-dlp 2026.1.1 for the Python that I run on."),
        ("ImportError: No module named pip", "pip is not installed where I run, so I can install nothing."),
        ("ERROR: [Errno 28] No space left on device", "There is no room left on the disk."),
        ("WARNING: a\nERROR: b\nERROR: the last\nWARNING: c", "pip could not install it: the last"),
        ("Killed", "pip could not install it: Killed"),
        ("", "pip could not install it: no reason given"),
    ],
)
def test_a_reason(output: str, sentence: str) -> None:
    assert reason(output, "yt-dlp==2026.1.1") == sentence


def test_a_long_reason_is_cut() -> None:
    assert len(reason("ERROR: " + "x" * 10**6, "yt-dlp")) < 400
