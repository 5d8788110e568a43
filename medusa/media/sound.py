"""What sound can be encoded to, and how well. Pure; both sides of the media child use it."""

from medusa.media.containers import Container

CODECS = {
    Container.MP3: frozenset({"mp3"}),
    Container.M4A: frozenset({"aac", "alac"}),
    Container.OPUS: frozenset({"opus"}),
}
"""What goes into each as it is: encoding it again would make it worse."""
BIT_RATES = {Container.MP3: 192_000, Container.M4A: 160_000, Container.OPUS: 128_000}
"""Bits a second at which hardly anybody hears a difference to the source; constant for MP3."""
STEPS = tuple(1000 * kbit for kbit in (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320))
"""What an MP3 may have (MPEG-1 layer III)."""
LEAST = 64_000
"""Bits a second below which an encoder spoils even what was poor before."""
LARGEST_COVER = 200_000
"""Bytes of a picture inside a file."""


def bit_rate(container: Container, source: float | None) -> int:
    """Bits a second for sound that has `source` bits a second; None: no telling.

    A quarter more than the source, which makes up for the second encoding, and no more than BIT_RATES.
    """
    most = BIT_RATES[container]
    if not source:
        return most
    return next(step for step in STEPS if step >= min(most, max(LEAST, 1.25 * source)))


def of_channels(rate: int, channels: int) -> int:
    """The bits a second for so many channels, where two have `rate`: one alone needs two thirds."""
    return (
        rate if channels > 1 else next(step for step in STEPS if step >= min(rate, max(LEAST, rate * 2 // 3)))
    )


def sample_rate(source: int) -> int:
    """Samples a second; every encoder takes these two, and to one of them the way is short."""
    return 44_100 if source % 11_025 == 0 else 48_000
