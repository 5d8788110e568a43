"""What a job may take from the network."""

import pytest

from medusa.media.budget import DAY, MOST, Budget, of_stream
from medusa.model import Kind, Method, Plan
from medusa.wishes import Recording

MB = 2**20
PLAN = Plan(method=Method.PASS, format_ids=("a",), kind=Kind.VIDEO, file_name="a.mp4", mime="video/mp4")


@pytest.mark.parametrize(
    ("plan", "budget"),
    [
        (PLAN, Budget(MOST, DAY)),
        (PLAN.evolve(size=10 * MB), Budget(MOST, DAY)),
        (PLAN.evolve(size=10 * MB, size_is_exact=True), Budget(104 * MB, DAY)),
        (PLAN.evolve(size=10 * MB, size_is_exact=True, method=Method.ENCODE), Budget(MOST, DAY)),
        (PLAN.evolve(recording=Recording(seconds=60)), Budget(MOST, 1860)),
        (PLAN.evolve(recording=Recording()), Budget(MOST, DAY + 1800)),
    ],
)
def test_of_a_stream(plan: Plan, budget: Budget) -> None:
    assert of_stream(plan) == budget
