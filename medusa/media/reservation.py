"""How many bytes to keep at the head of a file for the index that is known only at its end. Pure.

An MP4's `moov` lists every frame: its size (4 bytes), in most videos its display order (8), where the frame
rate varies its duration (8). Frames are written in chunks of half a second for each track, 20 bytes a chunk.
Measured on 10 minutes of 25 fps video with 44.1 kHz AAC: 12.1 bytes a video frame and 4.1 an audio frame.
"""

BASE = 64 * 1024
"""The head itself: track headers, codec parameters, tags."""
MP3 = 256 * 1024
"""The head window of an MP3 with tags: a cover, and the frame that tells players how long it is."""
CAP = 16 * 1024 * 1024
"""The head is held back in memory until the end of the upload."""
LIMIT = 64 * 1024 * 1024
"""For those that are so long that their index is known to need more than CAP."""
VIDEO_FRAME = 24
AUDIO_FRAME = 12
"""Bytes where nothing is regular."""
LEAST_VIDEO_FRAME = 13
LEAST_AUDIO_FRAME = 4.5
"""Bytes where everything is."""
SUBTITLE_SECOND = 40
CUE_SECOND = 64
"""Matroska lists key frames only, about 25 bytes each."""
CHUNKS = 80
"""A second of two tracks has four chunks."""
COMMON_FPS = 30.0
AUDIO_FPS = 50.0
"""AAC has 43 to 47 frames a second, Opus 50."""
ASSUMED_DURATION = 1800.0
"""Seconds, where the source does not say."""


def mp4(
    duration: float | None,
    *,
    fps: float | None = None,
    has_video: bool = True,
    source_index: int | None = None,
) -> int:
    """The head window of an MP4 in bytes, `ftyp` included.

    `source_index`: size of the `moov` that the same frames have in the source; it beats any estimate.
    """
    seconds = duration if duration and duration > 0 else ASSUMED_DURATION
    if source_index is not None:
        return min(CAP, BASE + source_index + source_index // 8 + round(seconds * CHUNKS))
    frames = (fps or COMMON_FPS) if has_video else 0.0
    generous = BASE + round(seconds * (frames * VIDEO_FRAME + AUDIO_FPS * AUDIO_FRAME + CHUNKS))
    least = BASE + round(seconds * (frames * LEAST_VIDEO_FRAME + AUDIO_FPS * LEAST_AUDIO_FRAME + CHUNKS))
    return max(min(CAP, generous), min(LIMIT, least))


def subtitles(duration: float | None) -> int:
    """Bytes that a track of subtitles adds: a text every two seconds, and a pause behind each."""
    seconds = duration if duration and duration > 0 else ASSUMED_DURATION
    return min(CAP, 4096 + round(seconds * SUBTITLE_SECOND))


def matroska(duration: float | None) -> int:
    """The head window of a Matroska file in bytes, its headers included."""
    seconds = duration if duration and duration > 0 else ASSUMED_DURATION
    return min(CAP, 2 * BASE + round(seconds * CUE_SECOND))
