"""How fast is the pipeline, beside its encoder alone? How much memory does it take, and is time linear in length?

    python benchmarks/extract.py [--articles 150] [--skip-memory] [--skip-linear]

The text is news made up by a small generator, the same in every run. What the pipeline is measured by is the encoder's
ONNX session on the very inputs that the pipeline gives it, and the session on batches of windows of similar length,
whichever is faster. Wordpieces are counted without padding.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kb.cli import COLLECT_AFTER
from kb.nlp import load_extractor
from kb.nlp.attributor import bundled_encoder
from kb.nlp.encoder import WORKERS, Encoder, feed
from kb.nlp.pipeline import Extractor
from kb.nlp.windows import Window, windows
from kb.text import QUOTATION_MARKS, sha256
from kb.types import DocumentData, RawDocument

FILES = 2_000
"""Files of the memory check, an article in each."""
LONG_FILE = 5_000_000
"""Characters of the one long file of the memory check."""
LINEAR = 1_000_000
"""Characters of the shortest text of the check of linear time."""
MARKS = 10_000
"""Quotation marks in it."""
BATCH = 16
ROUNDS = 5
"""Rounds of all four; medians are printed, because a machine's speed moves from minute to minute."""
AS_INSTALLED = "import sys; sys.modules['torch'] = None; from kb.cli import main; main()"
"""``kb`` as users have it: spaCy loads torch, 190 MB, where the training tools are installed."""
NOW = dt.datetime(2026, 1, 5, tzinfo=dt.UTC)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=150, help="articles of the speed check")
    parser.add_argument("--files", type=int, default=FILES, help="files of the memory check")
    parser.add_argument("--skip-memory", action="store_true")
    parser.add_argument("--skip-linear", action="store_true")
    options = parser.parse_args()
    print_speed([article(number) for number in range(options.articles)])
    if not options.skip_memory:
        print_memory(options.files)
    if not options.skip_linear:
        print_linear()


# --- speed -------------------------------------------------------------------------------------------------------


def print_speed(texts: Sequence[str]) -> None:
    """Words and wordpieces a second of the whole pipeline, of the raw session and of tokenisation."""
    encoder = bundled_encoder()
    made = [window for text in texts for window in windows(text, encoder.tokenizer)]
    words, pieces = sum(len(text.split()) for text in texts), sum(len(window.pieces) for window in made)
    print(f"{len(texts)} articles, {words:,} words, {pieces:,} wordpieces, {len(made)} windows, {cores()} cores\n")
    print(f"{'':<44}{'seconds':>9}{'of cores':>10}{'words/s':>10}{'wordpieces/s':>14}")
    extractor = load_extractor()
    gc.set_threshold(COLLECT_AFTER)  # as the command does
    gc.freeze()  # the windows held here for the raw session are no part of the pipeline's work
    consume(extractor.pipe(documents(texts[:5])))
    runs: dict[str, Callable[[], object]] = {
        "tokenisation alone": lambda: consume(w for text in texts for w in windows(text, encoder.tokenizer)),
        "raw session, a window a run, as the pipeline": partial(run_raw, encoder, made),
        "raw session, batches of 16, two threads": partial(run_batches, encoder, made),
        "pipeline": lambda: consume(extractor.pipe(documents(texts))),
    }
    rounds = [{name: timed(run) for name, run in runs.items()} for _ in range(ROUNDS)]
    for name in runs:
        took, used = (median(figures[name][at] for figures in rounds) for at in (0, 1))
        print(f"{name:<44}{took:>9.2f}{used:>10.2f}{words / took:>10,.0f}{pieces / took:>14,.0f}")
    reached = [min(t[0] for name, t in r.items() if name.startswith("raw")) / r["pipeline"][0] for r in rounds]
    every = ", ".join(f"{ratio:.0%}" for ratio in sorted(reached))
    print(f"\nthe pipeline reaches {median(reached):.0%} of the faster raw session's rate ({every})")


def run_raw(encoder: Encoder, made: Sequence[Window]) -> None:
    """Run the session on the inputs of the pipeline, as many at a time."""
    feeds = [feed(window) for window in made]
    with ThreadPoolExecutor(WORKERS) as pool:
        consume(pool.map(lambda inputs: encoder.session.run(None, inputs), feeds))


def run_batches(encoder: Encoder, made: Sequence[Window]) -> None:
    """Run another session on batches of windows of similar length, with two threads in each."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(encoder.folder / "encoder.onnx", options)
    ordered = sorted(made, key=len)
    for start in range(0, len(ordered), BATCH):
        session.run(None, padded(ordered[start : start + BATCH]))


def padded(batch: Sequence[Window]) -> dict[str, NDArray[np.int64]]:
    """The inputs of several windows, as long as the longest."""
    feeds, length = [feed(window) for window in batch], max(map(len, batch))
    return {
        name: np.stack(
            [np.pad(inputs[name][0], (0, length - len(window))) for inputs, window in zip(feeds, batch, strict=True)]
        )
        for name in feeds[0]
    }


def documents(texts: Sequence[str]) -> Iterator[DocumentData]:
    """The texts as documents to extract from."""
    for number, text in enumerate(texts):
        raw = RawDocument(external_id=str(number), kind="article", text=text, published_at=NOW)
        yield DocumentData(raw=raw, text=text, text_sha256=sha256(text))


def consume(stream: Iterator[object]) -> None:
    """Use up a stream and keep nothing."""
    for _ in stream:
        pass


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """How long ``run`` takes, and the seconds of cores that it uses, which are twice as many where both are busy."""
    start, used = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - start, time.process_time() - used


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# --- memory ------------------------------------------------------------------------------------------------------


def print_memory(files: int) -> None:
    """Peak memory of ``kb extract`` on many files, and on a long one."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / f"{number}.txt" for number in range(files)]
        for number, path in enumerate(names):
            path.write_text(article(number), encoding="utf-8")
        long = Path(folder) / "long.txt"
        long.write_text(news(LONG_FILE), encoding="utf-8")
        print()
        for what, chosen in (("100 files", names[:100]), (f"{files:,} files", names), ("a file of 5 MB", [long])):
            print(f"peak memory of kb extract, {what:<16}{peak_megabytes(chosen):>6.0f} MB", flush=True)


def peak_megabytes(names: Sequence[Path]) -> float:
    """The largest resident set of a process that extracts from files."""
    process = subprocess.Popen(
        [sys.executable, "-c", AS_INSTALLED, "extract", "--jsonl", *map(str, names)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "kb extract failed"
    return used.ru_maxrss / 1024


# --- linear time -------------------------------------------------------------------------------------------------


def print_linear() -> None:
    """Time of a text with many quotation marks, of two and of four such texts in one."""
    extractor = load_extractor()
    once = with_marks(news(LINEAR), MARKS)
    print(f"\na text of {len(once):,} characters with {MARKS:,} quotation marks:")
    base = 0.0
    for times in (1, 2, 4):
        took, _ = timed(partial(read_one, extractor, once * times))
        base = base or took
        print(f"  {times} x: {took:>7.1f} s, {took / base / times:.2f} of linear")


def read_one(extractor: Extractor, text: str) -> None:
    """Extract from one text."""
    consume(extractor.pipe(documents([text])))


def with_marks(text: str, number: int) -> str:
    """``text`` with exactly that many quotation marks: left out, or put around words, evenly."""
    plain = text.translate(dict.fromkeys(map(ord, QUOTATION_MARKS)))
    words = plain.split(" ")
    every = len(words) // (number // 2)
    for i in range(0, every * (number // 2), every):
        words[i] = f"“{words[i]}”"
    return " ".join(words)


# --- news --------------------------------------------------------------------------------------------------------

FIRST = (
    "Ana Bram Clara Dario Edda Farid Greta Hugo Ines Jorn Katja Lars Mina Nils Olga Paulo Rosa Sven Tilda Yusuf"
).split()
LAST = (
    "Adler Bexley Corwin Dunmore Ellery Farrow Gantry Holm Ivers Jansky Kestrel Lindqvist Marchetti Norwood Okafor "
    "Pell Quarry Renner Sorel Tamsin Underhill Varga Whitlock Yarrow Zeller"
).split()
FIRMS = (
    "Tarnow Robotics|Quelmark|Halden Energy|Northgate Bank|Brightwater Foods|Orrin Labs|Castellan Motors|Pinefield "
    "Media|Sable Chips|Lumen Rail|the Harbour Council|the Ministry of Transport|the University of Velden"
).split("|")
ROLES = "chief executive|finance chief|founder|chairwoman|head of research|spokesman|senior analyst|minister".split("|")
PLACES = "Velden Harrow Lisbon Osterby Kirkwall Montreal Tampere Ghent Nairobi Duluth".split()
THINGS = (
    "the new plant|electric vans|battery prices|the merger|a second reactor|the housing plan|chip exports|wheat "
    "harvests|open models|the ferry line|school budgets|robot taxis|the pension fund|data centres|the strike"
).split("|")
EVENTS = (
    "opened its doors on {day}|fell by {n} percent in the {quarter} quarter|was approved after {n} hours of "
    "debate|will cost {n} million euros more than planned|drew {n} protesters to the centre of {place}|has been "
    "delayed twice since {year}|is expected to create {n} jobs near {place}|lost ground to cheaper rivals from "
    "{place}"
).split("|")
CLAIMS = (
    "{thing} would be ready before the end of {year}|demand for {thing} had doubled since {year}|nobody had asked "
    "the people of {place}|{firm} would hire {n} engineers in {place}|the figures for {thing} were simply "
    "wrong|{thing} could change how {place} works within {n} years|the board had known about {thing} for months"
).split("|")
WORDS = (
    "We will double our capacity in {place} by {year}|I don't think {thing} will survive the winter|This is the "
    "largest order we have ever seen|Nobody in this industry expected {n} percent growth, least of all us|{thing} is "
    "a promise, and we intend to keep it|There is no plan B, and there never was|By {year}, half of {place} will "
    "depend on {thing}"
).split("|")
SPEECH = "said|told reporters|argued|warned|added|predicted|announced|insisted|noted|explained".split("|")
FRAMES = (
    "{thing} {event}, and {thing} {event}.|“{words},” {name}, the {role} of {firm}, {said} on {day}. "
    "“{words}.”|“{words},” {said} {last}.|{last} {said} that {claim}.|According to {firm}, {claim}.|In {place}, "
    "{thing} {event}. Shares of {firm} rose {n} percent on {day}, while those of {firm} hardly moved.|He {said} "
    "{claim}, but {name} of {firm} called it a “{short}”.|“{words},” she {said}.|The report, which runs to {n} "
    "pages, {event}. It was written in {place} between {year} and {year} by a team that {name} had put "
    "together.|{name}, {role} of {firm}, {said} {claim} and that {claim}.|{firm} {said} in a statement that {claim}. "
    "A spokeswoman declined to comment on {thing}.|Critics {said} {claim}. “{words},” one of them {said}, “and "
    "{lower}.”|The company, based in {place}, was founded in {year} and employs {n} people. Its main product "
    "{event}.|It was a quiet {day} in {place}. Rain had kept most of the {n} visitors at home, and the talk in the "
    "cafés was of {thing}.|“{words},” {last} wrote in a letter to {n} shareholders. The letter {event}."
).split("|")
SHORT = "costly mistake|small miracle|step backwards|question of trust".split("|")
QUARTERS = "first second third fourth".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday".split()


def news(length: int) -> str:
    """Articles of ``length`` characters in all."""
    parts: list[str] = []
    held = 0
    while held < length:
        parts.append(article(len(parts)))
        held += len(parts[-1]) + 2
    return "\n\n".join(parts)[:length]


def article(number: int) -> str:
    """An article of about 600 words, another one for each number."""
    made = random.Random(number)
    people = [(made.choice(FIRST), made.choice(LAST)) for _ in range(4)]
    headline = filled(made, "{firm}: {thing} {event}", people)
    paragraphs = [" ".join(sentence(made, people) for _ in range(made.choice((2, 2, 3, 4)))) for _ in range(11)]
    return "\n\n".join([headline, *paragraphs])


def sentence(made: random.Random, people: Sequence[tuple[str, str]]) -> str:
    """One or two sentences, with or without somebody saying something."""
    return capitalised(filled(made, made.choice(FRAMES), people))


def filled(made: random.Random, frame: str, people: Sequence[tuple[str, str]]) -> str:
    """``frame`` with something for each of its slots, and for the slots in these."""
    while "{" in frame:
        before, _, rest = frame.partition("{")
        slot, _, after = rest.partition("}")
        frame = f"{before}{choose(made, slot, people)}{after}"
    return frame


def choose(made: random.Random, slot: str, people: Sequence[tuple[str, str]]) -> str:
    """Something for a slot."""
    first, last = made.choice(people)
    lists = {
        "firm": FIRMS, "role": ROLES, "place": PLACES, "thing": THINGS, "event": EVENTS, "claim": CLAIMS,
        "said": SPEECH, "short": SHORT, "quarter": QUARTERS, "day": DAYS,
    }  # fmt: skip
    match slot:
        case "name":
            return f"{first} {last}"
        case "last":
            return last
        case "n":
            return str(made.randrange(2, 90))
        case "year":
            return str(made.randrange(2019, 2033))
        case "words":
            return capitalised(filled(made, made.choice(WORDS), people))
        case "lower":
            return made.choice(CLAIMS)
        case _:
            return made.choice(lists[slot])


def capitalised(text: str) -> str:
    """``text`` with its first letter as a capital."""
    return text[:1].upper() + text[1:]


if __name__ == "__main__":
    main()
