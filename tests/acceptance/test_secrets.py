"""No secret gets out of a bot at work, nor out of one in which something fails; the rest is in the bench."""

from tests.attacks.secrets import quick


async def test_nothing_of_what_is_secret_leaves_the_bot() -> None:
    search = await quick(print)
    assert search.searched > 100_000
    assert not search.leaks, [(leak, search.context[leak]) for leak in search.leaks]
