"""Signs of polynomials on the integers, against evaluating them one by one."""

from itertools import pairwise

from hypothesis import given, strategies as st

from symparams.algebra import polynomial_signs as runs


@st.composite
def polynomials(draw):
    """Coefficients, the lowest first: any, or products of near roots."""
    if draw(st.booleans()):
        return draw(st.lists(st.integers(-30, 30), min_size=1, max_size=6))
    made = [draw(st.sampled_from([-2, 1, 3]))]
    for root in draw(st.lists(st.integers(-3, 25), max_size=5)):
        shifted = [0, *made]
        made = [a - root * b for a, b in zip(shifted, [*made, 0], strict=True)]
    return made


@given(polynomials(), st.integers(0, 40))
def test_runs_are_the_signs(coefficients, last):
    found = runs.runs(coefficients, last)
    told = [run.sign for run in found for _ in range(run.first, run.last + 1)]
    assert told == [runs.sign_of(runs.value(coefficients, k)) for k in range(last + 1)]
    assert all(a.sign != b.sign for a, b in pairwise(found))


@given(polynomials())
def test_runs_without_an_end(coefficients):
    found = runs.runs(coefficients, None)
    assert found[-1].last is None
    for k in [*range(60), 10**3, 10**6, 10**30]:
        (run,) = (r for r in found if r.first <= k and (r.last is None or k <= r.last))
        assert run.sign == runs.sign_of(runs.value(coefficients, k))


@given(polynomials(), st.integers(0, 40))
def test_the_least_value_is_at_an_end_or_a_turn(coefficients, last):
    values = [runs.value(coefficients, k) for k in range(last + 1)]
    places = {0, last, *(t for t in runs.turns(coefficients, last) if t <= last)}
    assert min(values[k] for k in places) == min(values)
    assert max(values[k] for k in places) == max(values)


def test_a_root_far_away():
    far = 10**40
    assert runs.runs([-far, 1], None) == [
        runs.SignRun(0, far - 1, -1),
        runs.SignRun(far, far, 0),
        runs.SignRun(far + 1, None, 1),
    ]
