"""Fit the weights of ``kb/nlp/clues.py``: whom "he" and "she" stand for.

    python -m training.antecedents --corpora ../shared/corpora

Writes ``kb/nlp/data/antecedents.toml``. Examples are GAP validation (two names and a pronoun) and news in which only
one of the people named has the pronoun's gender, told by the first name; the clues do not see it. A softmax over the
candidates, and nobody, with an L2 penalty. The coreference chains of GUM were tried too and lowered the F1 on GAP.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from kb.nlp.antecedents import Discourse
from kb.nlp.clues import Pronoun
from kb.nlp.entities import Entity, group
from kb.nlp.genders import GENDERED
from kb.nlp.lexicon import lexicon, plain
from kb.nlp.mentions import Mention, find_mentions
from training.data import read_jsonl
from training.evaluate_gap import snippets

Options = list[dict[str, float]]
"""The clues of each candidate."""

BACK = 4
"""Sentences before a pronoun in which candidates are named."""
PENALTY = 4.0
NEWS_WEIGHT = 0.15
"""What an example of news counts beside one of GAP; more lowered the F1 on GAP validation."""
NOBODY = "nobody"
LEAST_WEIGHT = 0.005
"""Weights nearer to zero are left out."""
ONE_GENDER = 9
"""How many times as often as the other the gender of a first name has to be listed."""

NEWS_NAMES = {
    "m": "barack bernie bill bob chris dick donald ed gary george harry jeb jeff jim joe ken mike mitt newt paul "
    "reince rick rob roger ron rudy steve ted tim tom vladimir",
    "f": "barbara carly debbie donna elizabeth hillary ivanka jill kellyanne megyn melania michelle nancy susan",
}
"""First names of the years of the news that lists of newborns have left."""

_FULL_NAME = re.compile(r"\b([A-Z]\w+)(?: [A-Z]\.)? ((?:Mc|Mac|O['’]|De |Van )?[A-Z][a-zé]+(?:-[A-Z][a-z]+)?)\b")
_GENDERS = ("gender shown", "gender clashes")
"""Clues that would tell the answer where gender gave the label."""


@dataclass(frozen=True)
class Example:
    """What a pronoun may mean and does mean; nobody where no candidate is right."""

    options: Options
    right: list[bool]
    weight: float = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    parser.add_argument("--to", type=Path, default=Path("kb/nlp/data/antecedents.toml"))
    parser.add_argument("--folds", type=int, help="only print the F1 on GAP validation, cross-validated")
    options = parser.parse_args()
    gap = list(gap_examples(options.corpora / "gap/gap-validation.tsv"))
    more = list(news_examples(options.corpora))
    print(f"{len(gap)} examples of GAP, {len(more)} others")
    if options.folds:
        print(f"F1 {cross_validated(gap, more, options.folds):.1f}")
    else:
        write(fit([*gap, *more]), options.to)


def gap_examples(path: Path) -> Iterator[Example]:
    """GAP; the snippets in which the pronoun means neither are right with nobody."""
    for snippet in snippets(path):
        discourse, candidates = snippet.read()
        yield example(discourse, candidates, snippet.pronoun, list(snippet.coreferent))


def example(
    discourse: Discourse, candidates: list[Entity], pronoun: Pronoun, right: list[bool], weight: float = 1.0
) -> Example:
    options = []
    for candidate in candidates:
        clues: Counter[str] = Counter()
        for name, value in discourse.clues.of(candidate, pronoun, candidates):
            clues[name] += value
        options.append(dict(clues))
    return Example(options, right, weight)


def news_examples(corpora: Path) -> Iterator[Example]:
    """Pronouns of news with one candidate of their gender and one or more of the other."""
    genders = first_names(corpora.parent / "gazetteers/common-forenames-by-country.csv")
    texts = [row["text"] for row in read_jsonl(corpora / "polnear/train.jsonl")]
    for path in sorted((corpora / "wikinews").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts += [row["text"] for row in csv.DictReader(file)]
    for text in texts:
        yield from told_by_gender(text, genders)


def first_names(path: Path) -> dict[str, str]:
    """The gender of each first name that (nearly) always has one."""
    counts: dict[str, Counter[str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for name in {plain(row["Romanized Name"]), plain(row["Localized Name"])}:
                counts.setdefault(name, Counter())[row["Gender"].lower()] += 1
    common = {name: count.most_common(2) for name, count in counts.items()}
    listed = {name: top[0][0] for name, top in common.items() if len(top) == 1 or top[0][1] >= ONE_GENDER * top[1][1]}
    return listed | {name: gender for gender, names in NEWS_NAMES.items() for name in names.split()}


def told_by_gender(text: str, genders: dict[str, str]) -> Iterator[Example]:
    full = (m for m in _FULL_NAME.finditer(text) if plain(m[1]) in genders and not lexicon().is_common(m[2]))
    entities = group(find_mentions(text, [(*m.span(), "PERSON") for m in full]))
    discourse = Discourse(text, entities)
    gender = {e: genders.get(plain(e.name.split()[0])) for e in entities if e.kind == "person" and " " in e.name}
    nameless = [
        e for e in entities if e not in gender and (e.kind == "person" or (e.kind == "unknown" and " " in e.name))
    ]
    for pronoun in pronouns(text):
        start = discourse.layout.sentence_start(pronoun.start, back=BACK)
        named = {discourse.names.entity_of[m] for m in discourse.names.within(start, pronoun.start)}
        candidates = [e for e in gender if e in named]
        right = [gender[e] == pronoun.gender for e in candidates]
        if sum(right) != 1 or len(right) < 2 or None in map(gender.get, candidates) or named.intersection(nameless):
            continue
        found = example(discourse, candidates, pronoun, right, NEWS_WEIGHT)
        for clues in found.options:
            for name in _GENDERS:
                clues.pop(name, None)
        yield found
        goes_on(discourse, candidates[right.index(True)], pronoun)


def pronouns(text: str) -> Iterator[Pronoun]:
    for match in GENDERED.finditer(text):
        if not match[0].lower().endswith(("self", "hers")):
            yield Pronoun(*match.span(), "m" if match[1] else "f")


def goes_on(discourse: Discourse, entity: Entity, pronoun: Pronoun) -> None:
    """A pronoun that speaks counts as a mention for those after it, as in the product."""
    if discourse.clues.speaks(pronoun):
        entity.add(Mention(pronoun.start, pronoun.end, "", ""))


def fit(examples: list[Example]) -> dict[str, float]:
    """Weights of the clues, and of ``NOBODY``."""
    names = sorted({name for example in examples for clues in example.options for name in clues})
    number = {name: i for i, name in enumerate(names)}
    most = max(len(example.options) for example in examples)
    values = torch.zeros(len(examples), most + 1, len(names) + 1, dtype=torch.float64)
    right = torch.full((len(examples), most + 1), -torch.inf, dtype=torch.float64)
    there = right.clone()
    for i, example in enumerate(examples):
        values[i, most, len(names)] = 1  # nobody
        there[i, most], right[i, most] = 0, -torch.inf if any(example.right) else 0
        for j, (clues, is_right) in enumerate(zip(example.options, example.right, strict=True)):
            there[i, j], right[i, j] = 0, 0 if is_right else -torch.inf
            for name, value in clues.items():
                values[i, j, number[name]] = value
    found = minimise(values, there, right, torch.tensor([e.weight for e in examples], dtype=torch.float64))
    return dict(zip([*names, NOBODY], found.tolist(), strict=True))


def minimise(
    values: torch.Tensor, there: torch.Tensor, right: torch.Tensor, example_weights: torch.Tensor
) -> torch.Tensor:
    """Weights of least penalised loss; ``there`` and ``right`` are 0 for candidates that are, -inf for the others."""
    weights = torch.zeros(values.shape[-1], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        points = values @ weights
        surprise = torch.logsumexp(points + there, 1) - torch.logsumexp(points + right, 1)
        total = (example_weights * surprise).sum() + PENALTY / 2 * (weights**2).sum()
        total.backward()
        return total

    optimizer.step(loss)
    return weights.detach()


def cross_validated(gap: list[Example], more: list[Example], folds: int) -> float:
    """F1 over the decisions on GAP, each snippet with weights fitted without it; somebody is always chosen."""
    order = torch.randperm(len(gap), generator=torch.Generator().manual_seed(1)).tolist()
    right = wrong = missed = 0
    for fold in range(folds):
        kept_out = set(order[fold::folds])
        weights = fit([*(e for i, e in enumerate(gap) if i not in kept_out), *more])
        for i in kept_out:
            points = [sum(weights.get(name, 0) * value for name, value in c.items()) for c in gap[i].options]
            hit = gap[i].right[points.index(max(points))]
            right, wrong, missed = right + hit, wrong + (not hit), missed + (any(gap[i].right) and not hit)
    return 200 * right / (2 * right + wrong + missed)


def write(weights: dict[str, float], path: Path) -> None:
    """The weights as TOML, the heaviest first; that of nobody matters only while fitting."""
    lines = [
        "# Weights of the clues of kb/nlp/clues.py, fitted by training/antecedents.py on GAP validation (Apache-2.0)",
        "# and on news of PolNeAR train and Wikinews (CC BY 2.5) labelled by first names (CC0). Do not edit.",
        "",
        "[weights]",
    ]
    kept = ((name, weight) for name, weight in weights.items() if abs(weight) >= LEAST_WEIGHT and name != NOBODY)
    lines += [f'"{name}" = {weight:.2f}' for name, weight in sorted(kept, key=lambda pair: (-abs(pair[1]), pair[0]))]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
