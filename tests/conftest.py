"""What all tests share."""

import json
from pathlib import Path

import hypothesis
import matplotlib
import pytest

matplotlib.use("agg")

hypothesis.settings.register_profile(
    "nnbook", derandomize=True, deadline=None, max_examples=50, print_blob=True
)
hypothesis.settings.load_profile("nnbook")


@pytest.fixture(scope="session")
def truth():
    """Published worked examples with their full inputs and outputs."""
    return json.loads(Path(__file__).with_name("truth_cases.json").read_text())
