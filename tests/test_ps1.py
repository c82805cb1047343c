"""Problem Set 1, whole: what answers that learners give are worth."""

import pytest
from marking import Answer, hold

ANSWERS = [
    Answer(
        "ps1-6a",
        "missing 1/n",
        """
def squared_hinge_gradient(w, X, y):
    margins = y * (X @ w)
    return X.T @ (-np.maximum(0, 1 - margins) * y)
""",
        lost=15,
        words="not divided by n",
    ),
    Answer(
        "ps1-6a",
        "right, with loops and lists",
        """
def squared_hinge_gradient(w, X, y):
    total = [0.0] * len(w)
    for x, label in zip(X, y):
        score = sum(a * b for a, b in zip(w, x))
        if label * score < 1:
            for j in range(len(w)):
                total[j] += (score - label) * x[j]
    return np.array(total) / len(X)
""",
    ),
]


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_answers_earn_what_they_should(answer, record_property):
    hold("ps1", answer, record_property)
