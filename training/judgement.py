"""Fit the judgement of spans and attributions: ``kb/nlp/data/judgement.toml``.

    python -m training.judgement --corpora ../shared/corpora

Two logistic regressions over what the shipped encoder says on polnear/dev, which it never trained on: whether a content
span belongs to its attribution, and whether an attribution is right in the sense of who_said_what. Every figure printed
is cross-validated, ten folds of whole documents. Run it again whenever the weights change; ``--diagram`` draws the
reliability diagram of the model card.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from kb.nlp.attributor import bundled_encoder
from kb.nlp.decode import ROLES, bio_spans, label_scores, viterbi
from kb.nlp.drafts import drafts_of
from kb.nlp.groups import Reading, belonging, linked
from kb.nlp.judgement import Features
from kb.nlp.pipeline import build_language
from kb.nlp.windows import windows
from tests.gate.eval_gate import polnear
from tests.gate.marked import Marked
from tests.gate.scoring import characters, pairs_of, same_source

WEIGHTS = Path("kb/nlp/data/judgement.toml")
FOLDS, BINS = 10, 10
HEADING = (
    "# Logistic regressions over log-odds, fitted by training/judgement.py on polnear/dev; see kb/nlp/judgement.py.\n"
)

Case = tuple[Features, bool]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--diagram", type=Path, help="write the reliability diagram of the confidence here (SVG)")
    options = parser.parse_args()
    documents = list(polnear(options.corpora / "polnear/dev.jsonl"))
    sections = tomllib.loads(WEIGHTS.read_text())
    sections["belonging"], _, _ = fit("belonging", [list(belonging_cases(d)) for d in documents])
    save(sections)
    sections["rightness"], p, right = fit("rightness", list(rightness_cases(documents)))
    save(sections)
    print_reliability(p, right)
    if options.diagram:
        draw_reliability(p, right, options.diagram)


def belonging_cases(document: Marked) -> Iterator[Case]:
    """Content spans of groups with several; right where half of one is in the labelled content that all touch most."""
    gold = [characters(a.content) for a in document.attributions]
    encoder = bundled_encoder()
    cut = list(windows(document.text, encoder.tokenizer))
    for window, outputs in zip(cut, encoder.run(cut), strict=True):
        reading = Reading(window, outputs)
        tagged = [(ROLES[role], span) for role, span in bio_spans(viterbi(label_scores(reading)))]
        for group in linked(tagged, reading):
            spans = [characters([reading.characters(part.span)]) for part in group.content]
            meant = max(gold, key=lambda g: len(g & set().union(*spans)), default=set())
            if len(spans) > 1 and any(meant & span for span in spans):
                for part, span in zip(group.content, spans, strict=True):
                    yield belonging(part, group, reading), 2 * len(span & meant) >= len(span)


def rightness_cases(documents: list[Marked]) -> Iterator[list[Case]]:
    """Every attribution of the whole pipeline, without a threshold."""
    language = build_language(attributor={"least_confidence": 0.0})
    for document, doc in zip(documents, language.pipe(d.text for d in documents), strict=True):
        drafts = [draft for draft in drafts_of(doc) if draft.evidence]
        right = {id(draft) for gold, draft in pairs_of(document.attributions, drafts) if same_source(gold, draft)}
        yield [(draft.evidence, id(draft) in right) for draft in drafts]


def fit(question: str, cases: list[list[Case]]) -> tuple[dict[str, float], np.ndarray, np.ndarray]:
    """The weights, and for each case its cross-validated probability and the truth."""
    flat = [case for document in cases for case in document]
    names = list(flat[0][0])
    features = np.array([[case[0][name] for name in names] for case in flat])
    right = np.array([case[1] for case in flat])
    documents = np.repeat(np.arange(len(cases)), [len(document) for document in cases])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5))
    p = cross_val_predict(model, features, right, groups=documents, cv=GroupKFold(FOLDS), method="predict_proba")[:, 1]
    print(f"{question}: {len(flat)} cases, {right.mean():.1%} right, area under ROC {roc_auc_score(right, p):.3f}")
    scaler, regression = (step for _, step in model.fit(features, right).steps)
    weights = regression.coef_[0] / scaler.scale_
    bias = regression.intercept_[0] - weights @ scaler.mean_
    return dict(zip(("bias", *names), map(float, (bias, *weights)), strict=True)), p, right


def save(sections: dict[str, dict[str, float]]) -> None:
    """Write the weights where the package reads them."""
    lines = [HEADING]
    for name, weights in sections.items():
        lines += [f"[{name}]", *(f"{feature} = {value:.4f}" for feature, value in weights.items()), ""]
    WEIGHTS.write_text("\n".join(lines))


def print_reliability(p: np.ndarray, right: np.ndarray) -> None:
    print("\nconfidence      n   said  right")
    error = 0.0
    for low, chosen in _binned(p):
        error += chosen.mean() * abs(p[chosen].mean() - right[chosen].mean())
        said, true = p[chosen].mean(), right[chosen].mean()
        print(f"{low:.1f} to {low + 1 / BINS:.1f} {chosen.sum():6} {said:6.3f} {true:6.3f}")
    print(f"expected calibration error {error:.3f}")


def _binned(p: np.ndarray) -> Iterator[tuple[float, np.ndarray]]:
    bins = np.minimum((p * BINS).astype(int), BINS - 1)
    for k in range(BINS):
        if (bins == k).any():
            yield k / BINS, bins == k


def draw_reliability(p: np.ndarray, right: np.ndarray, path: Path) -> None:
    """Share right against confidence, a point a bin, its area the number of attributions."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "onrecord"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(4.5, 4.2))
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
    bins = [(p[chosen].mean(), right[chosen].mean(), chosen.sum()) for _, chosen in _binned(p)]
    said, true, n = zip(*bins, strict=True)
    axes.plot(said, true, color="#1f5f8b", linewidth=1.5)
    axes.scatter(said, true, s=[count / 3 for count in n], color="#1f5f8b")
    axes.set(
        xlabel="confidence",
        ylabel="share that is right",
        xlim=(0, 1),
        ylim=(0, 1),
        title="polnear/dev, cross-validated",
    )
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main()
