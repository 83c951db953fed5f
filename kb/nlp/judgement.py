"""From what the encoder says of a span to the probability that it is right: logistic regressions.

The encoder is surer than it should be, and its probabilities are of single words. The weights in
``data/judgement.toml`` are fitted by ``training/judgement.py`` on polnear/dev, which the encoder never trained on.
"""

from __future__ import annotations

import math

from kb.nlp.rules import rules

Features = dict[str, float]
"""Name of a feature -> its value; log-odds where it is a probability."""

_NEARLY = 1e-3  # probabilities nearer to 0 or 1 tell nothing more


def probability(question: str, features: Features) -> float:
    """The answer to a question of ``data/judgement.toml``: "belonging" or "rightness"."""
    weights: dict[str, float] = rules("judgement")[question]
    score = weights["bias"] + sum(weights[name] * value for name, value in features.items())
    return 1 / (1 + math.exp(-score))


def log_odds(p: float) -> float:
    """log(p / (1 - p)), bounded."""
    bounded = min(max(float(p), _NEARLY), 1 - _NEARLY)
    return math.log(bounded / (1 - bounded))
