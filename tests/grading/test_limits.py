"""Limits are positive, and can be printed."""

import dataclasses

import pytest

from nnbook_utils.grading.limits import Limits

NAMES = [entry.name for entry in dataclasses.fields(Limits)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_a_limit_must_be_positive(name, value):
    with pytest.raises(ValueError, match=f"the limit {name} is"):
        Limits(**{name: value})


def test_they_are_described_with_their_defaults():
    lines = Limits(memory=512).describe().splitlines()
    assert [line.split()[0] for line in lines] == NAMES
    assert any("512 MB" in line for line in lines)
    assert any("10 s" in line for line in lines)
