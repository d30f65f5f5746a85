"""Branches from a file are replayed as far as they had come, and nobody waits for it."""

import time
from dataclasses import replace

import numpy as np

from tests.core.training.test_branches import branched
from tests.core.training.test_run_file import LARGEST_RECIPE, rich_run
from xortui.core.training.recovering import recovering
from xortui.core.training.run_file import RunFile, SavedBranch
from xortui.core.training.trainer import Trainer


def test_branches_are_recovered_as_far_as_they_had_come() -> None:
    trainer = rich_run()
    again = RunFile.of(trainer).trainer()
    assert list(recovering(again, 1.0, most=1000))[-1] == 1
    assert again.step_number == 0
    before, after = trainer.snapshot().branches, again.snapshot().branches
    assert [item.last_step for item in after] == [item.last_step for item in before]
    assert [item.loss for item in after] == [item.loss for item in before]
    assert RunFile.of(again).branches[0] == RunFile.of(trainer).branches[0]
    untouched = RunFile.of(trainer).trainer()
    assert list(recovering(untouched, 1.0, most=10)) == []
    assert [item.last_step for item in untouched.snapshot().branches] == [0, 0]


def test_recovering_goes_in_slices_of_time_and_can_be_left_off() -> None:
    trainer = rich_run()
    trainer.step(3000)
    run = RunFile.of(trainer)
    again = run.trainer()
    shares = list(recovering(again, 0.001))
    assert len(shares) > 3
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert [item.timeline.last_step for item in again.branches] == [110, 3055]
    assert again.step_number == 0
    again = run.trainer()
    for _ in recovering(again, 0.001):
        break
    assert (again.step_number, again.current_branch) == (0, 1)
    assert RunFile.of(again).branches[0] == run.branches[0]
    assert RunFile.of(again).branches[1].last_step == 3055


def test_a_slice_takes_no_longer_however_large_the_network() -> None:
    trainer = Trainer(LARGEST_RECIPE)
    run = replace(RunFile.of(trainer), branches=(SavedBranch("original", (), 10**6, 0),))
    again = run.trainer()
    started = time.perf_counter()
    next(recovering(again, 0.1))
    assert time.perf_counter() - started < 5  # it would take hours
    assert 0 < again.branches[0].timeline.last_step < 10**6


def test_recovering_leaves_us_where_we_stand_and_free_to_go_on() -> None:
    saved = branched()
    saved.step(4000)
    trainer = RunFile.of(saved).trainer()
    trainer.seek(30)
    for _ in recovering(trainer, 0.001):
        trainer.step(1)
    assert trainer.last_step == saved.last_step
    trainer.seek(4250)
    assert np.array_equal(trainer.snapshot().parameters, saved.snapshot().parameters)
    assert trainer.snapshot().loss == saved.snapshot().loss
    assert np.array_equal(trainer.snapshot().curve.last, saved.snapshot().curve.last)
