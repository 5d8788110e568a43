"""How well sound is encoded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.media import sound
from medusa.media.containers import Container

forms = st.sampled_from(list(sound.BIT_RATES))


@pytest.mark.parametrize(
    ("container", "source", "rate"),
    [
        (Container.MP3, None, 192_000),
        (Container.M4A, None, 160_000),
        (Container.OPUS, None, 128_000),
        (Container.MP3, 1_411_000, 192_000),
        (Container.MP3, 128_000, 160_000),
        (Container.MP3, 96_000, 128_000),
        (Container.OPUS, 48_000, 64_000),
        (Container.M4A, 8_000, 64_000),
    ],
)
def test_no_more_than_the_source_is_worth(container: Container, source: float | None, rate: int) -> None:
    assert sound.bit_rate(container, source) == rate


@given(forms, st.none() | st.floats(0, 1e9))
def test_an_mp3_has_a_rate_of_the_standard(container: Container, source: float | None) -> None:
    rate = sound.bit_rate(container, source)
    assert rate in sound.STEPS
    assert sound.LEAST <= rate <= sound.BIT_RATES[container]
    for channels in (1, 2):
        assert sound.LEAST <= sound.of_channels(rate, channels) <= rate


@given(st.integers(1, 400_000))
def test_a_sample_rate_that_every_encoder_takes(source: int) -> None:
    assert sound.sample_rate(source) in (44_100, 48_000)
    assert sound.sample_rate(22_050) == 44_100
    assert sound.sample_rate(16_000) == 48_000
