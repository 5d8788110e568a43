"""Who may read the figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medusa.web.app import may_read


@pytest.mark.parametrize("header", ["Bearer secret", "bearer secret", "BEARER  secret"])
def test_who_shows_the_token_may(header: str) -> None:
    assert may_read(header, "secret")


@pytest.mark.parametrize("header", ["", "secret", "Basic secret", "Bearer", "Bearer secre", "Bearer sécret"])
def test_nobody_else_may(header: str) -> None:
    assert not may_read(header, "secret")


@given(st.text())
def test_no_header_is_too_odd(header: str) -> None:
    assert not may_read(header.encode("utf-8", "replace").decode("latin-1"), "0123456789abcdef")
