"""What each rule around the encoder gains: the figures without it, on our own documents and on polnear/dev.

python -m training.ablation --corpora ../shared/corpora
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from unittest.mock import patch

from kb.nlp import attributor, contents, decode, encoder, groups, quotes, speakers, windows
from kb.nlp.groups import Outputs
from kb.nlp.windows import Window
from tests.gate.eval_gate import polnear, score_by_style, total
from tests.gate.marked import Marked, read_all

MEASURES = ("source", "cue", "content", "verbatim", "content_found", "who_said_what", "direct_recall")


def unchanged_scores(reading: groups.Reading) -> groups.Scores:
    """Scores of labels without the border at the end of a line."""
    scores = reading.labels.copy()
    scores[:, 0] -= decode.READINESS
    return scores


DOUBLE_MARK = re.compile(r"''|``|[“”„«»‹›\"]")


WITHOUT: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "(everything)": nullcontext,
    "no span goes on over the end of a line": lambda: patch.object(decode, "label_scores", unchanged_scores),
    "cues of the same line only": lambda: patch.object(groups.Reading, "line", lambda *_: 0),
    "one source": lambda: patch.object(groups, "_one_source", lambda parts, _: parts),
    "content spans that hardly belong": lambda: patch.object(groups, "LEAST_BELONGING", 0.0),
    "readier to see something": lambda: patch.object(decode, "READINESS", 0.0),
    "labels of turns are not read": lambda: patch.object(
        attributor, "windows", lambda text, *a, **_: windows.windows(text, *a)
    ),
    "content takes whole quotations": lambda: patch.object(attributor, "snap_to_quotes", lambda _, span, **__: span),
    "quotations of several paragraphs": lambda: patch.object(quotes, "_goes_on", lambda *_, **__: False),
    "edges of content": lambda: patch.object(contents, "trimmed", lambda _, content: content),
    "single quotation marks": lambda: patch.object(quotes, "_MARK", DOUBLE_MARK),
    "works are named, not said": lambda: patch.object(contents, "names_a_work", lambda *_: False),
    "links and captions say nothing": lambda: patch.object(contents, "is_furniture", lambda *_: False),
    "two quotations joined by and": lambda: patch.object(contents, "parted", lambda _, draft, __: iter([draft])),
    "subjects of cues": lambda: patch.object(speakers.Resolver, "mend_sources", lambda *_: None),
}


class Remembering:
    """``Encoder.begin`` that reads each window once."""

    def __init__(self) -> None:
        self._begin = encoder.Encoder.begin
        self._seen: dict[Window, Future[Outputs]] = {}

    def __call__(self, model: encoder.Encoder, window: Window) -> Future[Outputs]:
        if window not in self._seen:
            self._seen[window] = self._begin(model, window)
        return self._seen[window]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora"))
    corpora = parser.parse_args().corpora
    remembering = Remembering()
    with patch.object(encoder.Encoder, "begin", lambda model, window: remembering(model, window)):
        for name, documents in (
            ("our own documents", read_all()),
            ("polnear/dev", polnear(corpora / "polnear/dev.jsonl")),
        ):
            print_table(name, list(documents))


def print_table(name: str, documents: list[Marked]) -> None:
    """A line for each rule left out: the figures, and what each loses."""
    print(f"\n{name:<42}" + "".join(f"{measure:>15}" for measure in MEASURES))
    whole: dict[str, float] = {}
    for rule, without in WITHOUT.items():
        with without():
            figures = total(score_by_style(documents).values()).figures()
        whole = whole or figures
        cells = (f"{figures[m]:.1f} ({figures[m] - whole[m]:+.1f})" for m in MEASURES)
        print(f"{rule:<42}" + "".join(f"{cell:>15}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
