"""Optuna over sizes of GPT-2 that all meet a budget: no trial is thrown away.

    pip install symparams optuna
    python docs/examples/optuna_feasible.py

The first trials are uniform samples of the sizes that meet the budget. After
them Optuna chooses: the depth first, and then a width up to the largest that
the budget leaves at that depth, which ``solve`` says exactly. In place of a
training run stands a made-up loss, which falls with the parameters and rises
with the multiply-accumulates.
"""

from __future__ import annotations

import sys
from pathlib import Path

import optuna

import symparams

BUDGET = "params <= 1B"
WIDTHS, DEPTHS = "256..4096:64", "2..96"
TRIALS, SAMPLES = 40, 15

ZOO = Path(symparams.__file__).parent / "library" / "zoo"
gpt2 = symparams.load(ZOO / "gpt2.arch")["gpt2"].at(a=1)
fits = gpt2.space.over(h=WIDTHS, l=DEPTHS).within(BUDGET)


def loss(trial: optuna.Trial) -> float:
    """Return the loss of one trial, whose sizes meet the budget."""
    depth = trial.suggest_int("l", 2, 96)
    widest = gpt2.solve(BUDGET, "h", over=WIDTHS, l=depth).value
    sizes = {"h": trial.suggest_int("h", 256, widest, step=64), "l": depth}
    assert sizes in fits
    return 1e9 / gpt2.count(**sizes) + gpt2.count("macs", **sizes) / 1e12


def main() -> optuna.Study:
    """Forty trials, fifteen of them uniform samples."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
    for sizes in fits.sample(SAMPLES, seed=0):
        study.enqueue_trial(sizes)
    study.optimize(loss, n_trials=TRIALS)
    return study


if __name__ == "__main__":
    best = main().best_params
    sys.stdout.write(f"{fits.count:,} sizes meet {BUDGET}; h = {best['h']}, l = {best['l']}\n")
