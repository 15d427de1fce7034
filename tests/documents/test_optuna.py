"""The example with Optuna: every trial meets the budget, the same in every run."""

import runpy
from pathlib import Path

import pytest

pytest.importorskip("optuna", reason="needs the extra [optuna]")

EXAMPLE = Path(__file__).resolve().parents[2] / "docs/examples/optuna_feasible.py"


def params(h, depth):
    return 50257 * h + 1024 * h + depth * (12 * h**2 + 13 * h) + 2 * h


def test_every_trial_meets_the_budget():
    made = runpy.run_path(str(EXAMPLE))
    study = made["main"]()
    assert len(study.trials) == 40
    assert all(trial.state.name == "COMPLETE" for trial in study.trials)
    assert all(params(t.params["h"], t.params["l"]) <= 10**9 for t in study.trials)
    # The samples are trials as they were drawn, and the others are not all the same.
    drawn = made["fits"].sample(15, seed=0)
    assert [t.params for t in study.trials[:15]] == drawn
    assert len({(t.params["h"], t.params["l"]) for t in study.trials}) > 30
    assert made["main"]().best_params == study.best_params
