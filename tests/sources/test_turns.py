"""Labels, turns and captions."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading import read_one

from kb.types import Author, Role, Turn
from sources.captions import carry_forward, is_captions, read_captions
from sources.labels import read_label
from sources.roles import read_role
from sources.transcripts import MISHEARD
from sources.turns import Said, find_times, find_turns, is_transcript, join_turns


@pytest.mark.parametrize(
    ("line", "speaker", "words"),
    [
        ("DANA: We ship.", Author(name="DANA"), "We ship."),
        ("Dana Whitlock: We ship.", Author(name="Dana Whitlock"), "We ship."),
        ("[00:31:07] Joss Adeyemi-Park: Yes.", Author(name="Joss Adeyemi-Park"), "Yes."),
        ("12:05 - Ludwig van der Berg: Ja.", Author(name="Ludwig van der Berg"), "Ja."),
        (
            "Q - Ingrid Maraš (Halden Research): Why?",
            Author(name="Ingrid Maraš", role=Role(organisation="Halden Research")),
            "Why?",
        ),
        ("OPERATOR: Welcome.", Author(name="OPERATOR", kind="group"), "Welcome."),
        ("Speaker 1: Welcome.", Author(name="Speaker 1", kind="group"), "Welcome."),
        ("SPEAKER_00: Welcome.", Author(name="SPEAKER_00", kind="group"), "Welcome."),
        ("Unidentified Analyst: Why?", Author(name="Unidentified Analyst", kind="group"), "Why?"),
        ("Q: Why?", Author(name="Q", kind="group"), "Why?"),
        ("A: Because.", Author(name="A", kind="group"), "Because."),
        ("Host Dana Whitlock: Why?", Author(name="Host Dana Whitlock"), "Why?"),
        (">> ANN O'NEIL:", Author(name="ANN O'NEIL"), ""),
        ("Dana Whitlock (00:01:02): We ship.", Author(name="Dana Whitlock"), "We ship."),
        ("DANA [1:02]: We ship.", Author(name="DANA"), "We ship."),
        ("Speaker 2 (00:04):", Author(name="Speaker 2", kind="group"), ""),
        ("DANA (1:02) (Quelmark): We ship.", Author(name="DANA", role=Role(organisation="Quelmark")), "We ship."),
    ],
)
def test_labels(line: str, speaker: Author, words: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.speaker, line[label.end :]) == (speaker, words)


@pytest.mark.parametrize(
    "line",
    [
        "Note: this is not a name.",
        "Two points: volumes and cash.",
        "https://a.example/x",
        "At 10:30 we begin",
        "The plan: grow.",
        "A B C D E F: six words",
        "Dana said: no",
        "dana: lower case",
        "Correction: the year was wrong.",
        "",
    ],
)
def test_lines_that_only_look_like_labels(line: str) -> None:
    assert read_label(line) is None


@pytest.mark.parametrize(
    ("line", "role"),
    [
        (
            "Chief Financial Officer, Norvane Freight plc",
            Role(title="Chief Financial Officer", organisation="Norvane Freight plc"),
        ),
        ("CEO at Quelmark Energy", Role(title="CEO", organisation="Quelmark Energy")),
        ("Founder @Brightloom", Role(title="Founder", organisation="Brightloom")),
        ("Investor", Role(title="Investor")),
        ("Freight, cash and patience.", None),
        ("I help companies tell the story of their cash flow", None),
        ("", None),
    ],
)
def test_roles(line: str, role: Role | None) -> None:
    assert read_role(line) == role


LINES = st.sampled_from(
    ["ANN: We will.", "BOB: So?", "Bob: No.", "", "Words that go on.", "[00:10] ANN:", "\x0b", "\r"]
)


@given(st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n", "\u2028"]))
def test_turns_are_in_order_trimmed_and_without_labels(lines: list[str], end: str) -> None:
    text = end.join(lines)
    before = 0
    for turn in find_turns(text):
        assert before <= turn.start < turn.end <= len(text)
        words = text[turn.start : turn.end]
        assert words == words.strip()
        assert not words.startswith(("ANN:", "BOB:"))
        before = turn.end


SPEAKERS = st.sampled_from([None, Author(name="ANN"), Author(name="Bob")])


@given(st.lists(st.builds(Said, SPEAKERS, st.text(max_size=20), st.none() | st.floats(0, 9), st.booleans())))
def test_joined_turns_point_at_their_words(voices: list[Said]) -> None:
    text, turns, times = join_turns(voices)
    spoken = "".join("".join(said.words.split()) for said in voices)
    assert "".join("".join(text[turn.start : turn.end].split()) for turn in turns) == spoken
    assert [offset for offset, _ in times] == sorted({offset for offset, _ in times})
    assert all(any(turn.start <= offset < turn.end for turn in turns) for offset, _ in times)


def voices(captions: str) -> list[tuple[str | None, str]]:
    said, _ = carry_forward(read_captions(captions))
    return [(speaker.name if speaker else None, words) for speaker, words, *_ in said]


def test_a_change_of_speaker_without_a_name_ends_the_turn_of_the_named() -> None:
    cues = "00:00:01,000 --> 00:00:02,000\n>> ANN: Yes.\n\n00:00:02,000 --> 00:00:03,000\n>> And you?\n"
    assert voices(cues) == [("ANN", "Yes."), (None, "And you?")]


@pytest.mark.parametrize(
    "captions",
    [
        "WEBVTT\n\n00:01.000 --> 00:02.000\nANN: We ship. &gt;&gt; By when?\n\n00:02.000 --> 00:03.000\n>>> In May?",
        "00:00:01,000 --> 00:00:02,000\nANN: We ship. >> By when?\n\n00:00:02,000 --> 00:00:03,000\n>>> In May?",
    ],
)
def test_a_change_of_speaker_within_a_line_ends_the_turn_of_the_named(captions: str) -> None:
    assert voices(captions) == [("ANN", "We ship."), (None, "By when?"), (None, "In May?")]


def test_two_dashes_on_a_card_are_two_people() -> None:
    cards = ["ANN: We ship.", "- By when?\n- In May.", "- or so I hope", "– BOB: Well.\n– ANN: Well?"]
    captions = "\n\n".join(f"00:00:0{n}.000 --> 00:00:0{n}.900\n{card}" for n, card in enumerate(cards))
    said = [("ANN", "We ship."), (None, "By when?"), (None, "In May."), (None, "- or so I hope")]
    assert voices(captions) == [*said, ("BOB", "Well."), ("ANN", "Well?")]


def test_blocks_of_webvtt_that_are_no_captions() -> None:
    blocks = ["WEBVTT - Board\nKind: captions\nLanguage: en", "STYLE\n::cue { color: red }", "REGION\nid:a\nlines:2"]
    blocks += [
        "NOTE\n00:01.000 --> 00:02.000\nno words",
        "intro\n00:01.000 --> 00:02.000 line:0\n<v Ann>We <i>do</i> &lt; it",
    ]
    assert voices("\n\n".join(blocks)) == [("Ann", "We do < it")]


def test_subrip_without_numbers() -> None:
    cards = ["00:00:01,000 --> 00:00:02,000\nANN: We ship.", "00:00:02,000 --> 00:00:03,000\nin May."]
    assert voices("\n\n".join(cards)) == [("ANN", "We ship."), ("ANN", "in May.")]


@pytest.mark.parametrize("sound", ["[Music]", "(applause)", "[ Laughter ]"])
def test_sounds_that_machines_note_are_no_words(sound: str) -> None:
    captions = f"WEBVTT\n\n00:01.000 --> 00:02.000\nWe ship {sound} in May [or so].\n"
    assert voices(captions) == [(None, "We ship in May [or so].")]


ROLLING = ["we expect one", "we expect one\nmillion cells", "million cells\nby the end", "by the end\nof 2027"]


@pytest.mark.parametrize(
    ("cards", "words"),
    [
        (ROLLING, "we expect one million cells by the end of 2027"),
        (["No.", "No.", "Never.", "I said no."], "No. No. Never. I said no."),
        (["No.", "No."], "No. No."),
    ],
)
@pytest.mark.parametrize("head", ["", "WEBVTT\n\n"])
def test_lines_that_roll_up_are_read_once_and_what_is_said_twice_stays(head: str, cards: list[str], words: str) -> None:
    captions = head + "\n\n".join(f"00:00:0{n}.000 --> 00:00:0{n}.900\n{card}" for n, card in enumerate(cards))
    assert " ".join(said for _, said in voices(captions)) == words


def test_a_label_in_the_middle_of_a_card_starts_a_turn() -> None:
    cues = "1\n00:00:01,000 --> 00:00:02,000\n- ANN: Yes.\n- BOB: No.\n\n2\n00:00:02,000 --> 00:00:03,000\nNever.\n"
    assert voices(cues) == [("ANN", "Yes."), ("BOB", "No."), ("BOB", "Never.")]


def test_after_two_voices_in_one_cue_nobody_is_guessed() -> None:
    cues = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Yes.</v> <v Bob>No.</v>\n\n00:02.000 --> 00:03.000\nMaybe.\n"
    assert voices(cues) == [("Ann", "Yes."), ("Bob", "No."), (None, "Maybe.")]


def test_a_voice_tag_may_name_a_part_only() -> None:
    said, _ = carry_forward(read_captions("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Host>Welcome.</v>\n"))
    assert said == [Said(Author(name="Host", kind="group"), "Welcome.", 1.0)]


def cast(*labels: str) -> list[str]:
    """The names that labels get beside one another."""
    turns = find_turns("".join(f"{label}: Go on.\n" for label in labels))
    return [turn.speaker.name for turn in turns if turn.speaker]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (("MARIT SOLVANG", "OPERATOR", "MARIT"), ["Marit Solvang", "Operator", "Marit Solvang"]),
        (("Marit Solvang", "MARIT SOLVANG", "SOLVANG"), ["Marit Solvang"] * 3),
        (("MARIT SOLVANG", "MARIT LUND", "MARIT"), ["Marit Solvang", "Marit Lund", "Marit"]),
        (("GUEST HOST", "HOST"), ["Guest Host", "Host"]),
        (("ANN O'NEIL", "JD MCKAY", "JAN VAN DER BERG"), ["Ann O'Neil", "JD McKay", "Jan van der Berg"]),
    ],
)
def test_the_cast(labels: tuple[str, ...], names: list[str]) -> None:
    assert cast(*labels) == names


def test_a_speaker_has_the_firm_that_one_of_the_labels_gives() -> None:
    turns = find_turns("Q - Ida Brandt (Halden): Why?\nANN: So.\nIDA BRANDT: I see.\n")
    roles = [turn.speaker.role for turn in turns if turn.speaker and turn.speaker.name == "Ida Brandt"]
    assert roles == [Role(organisation="Halden")] * 2


def test_cards_of_one_speaker_under_two_labels_are_one_turn() -> None:
    text, turns, times = join_turns(
        [Said(Author(name="ANN LEE"), "We ship", 4.5), Said(Author(name="ANN"), "in May.", 9.0)]
    )
    assert text == "Ann Lee: We ship in May."
    assert turns == (Turn(len("Ann Lee: "), len(text), Author(name="Ann Lee"), 4.5),)
    assert times == ((text.index("We ship"), 4), (text.index("in May."), 9))


def test_what_is_no_captions() -> None:
    assert not is_captions("At 10:30 --> something")
    assert not is_captions("WEBVTTX\n")
    assert is_captions("WEBVTT")


@pytest.mark.parametrize(
    ("lines", "spoken"),
    [
        pytest.param(
            ["The Chair: Welcome.", "Mr Okoro: Thank you.", "The Chair: Go on.", "Mr Okoro: I will."],
            ["Welcome.", "Thank you.", "Go on.", "I will."],
            id="an office",
        ),
        pytest.param(
            [
                "Tam Roos, Finance Director: Sales rose.",
                "Ludo Petra, Corran Bank: Why?",
                "Tam Roos: Bread.",
                "Ludo Petra: Ah.",
            ],
            ["Sales rose.", "Why?", "Bread.", "Ah."],
            id="role or firm behind a comma",
        ),
        pytest.param(
            ["a podcast", "gil: hi", "saoirse: oh no", "gil: so", "saoirse: note: that is all"],
            ["hi", "oh no", "so", "note: that is all"],
            id="no capitals",
        ),
        pytest.param(
            ["A talk", "IDA BRANDT: One.", "IDA BRANDT: Two.", "VOICE: Why?", "IDA BRANDT: So.", "IDA BRANDT: End."],
            ["One.", "Two.", "Why?", "So.", "End."],
            id="a talk with a question",
        ),
    ],
)
def test_conversations_of_other_kinds(lines: list[str], spoken: list[str]) -> None:
    text = "\n".join(lines)
    assert is_transcript(text)
    assert [text[turn.start : turn.end] for turn in find_turns(text)] == spoken


def test_what_stands_behind_a_name_is_title_or_firm() -> None:
    turns = find_turns("Tam Roos, Finance Director: Sales rose.\nLudo Petra, Corran Bank: Why?")
    roles = [turn.speaker.role for turn in turns if turn.speaker]
    assert roles == [Role(title="Finance Director"), Role(organisation="Corran Bank")]


def test_small_letters_with_colons_are_no_transcript() -> None:
    assert not is_transcript("buy: milk\nbuy: bread\ncall: ann")


def test_a_comma_that_is_a_card_of_its_own_joins_the_word_before() -> None:
    text, _, _ = join_turns(Said(None, words) for words in ("So", ",", "when", "?", "", "2027"))
    assert text == "So, when? 2027"


def test_names_below_one_another_are_signatures_not_turns() -> None:
    letter = "We ask the board to act.\n\nMarta Iliescu\nChief Financial Officer\n\nOwen Strand\nHead of Sales\n"
    assert find_turns(letter) == ()


@pytest.mark.parametrize(
    ("stamp", "at"), [("[00:31:07] ", 1867.0), ("1:02 - ", 62.0), ("(02:03.5) ", 123.5), ("", None)]
)
def test_a_time_stamp_before_a_label_is_kept(stamp: str, at: float | None) -> None:
    (turn,) = find_turns(f"{stamp}ANN LEE: We ship.")
    assert turn.at_seconds == at


def test_words_that_are_timed_one_by_one_give_each_second_once() -> None:
    words = "we ship a million cells".split()
    text, _, times = join_turns(Said(None, word, number * 0.4) for number, word in enumerate(words))
    assert [(text[offset:].split()[0], second) for offset, second in times] == [("we", 0), ("million", 1)]


def test_lines_of_a_plain_transcript_tell_when_they_are_spoken() -> None:
    lines = [
        "[00:31:07] ANN: We ship.", "12:05 - BOB: When?", "1:02:03", "ANN: In May.", "(0:09) Then more.",
        "12:30 is when we begin.", "10:45 tomorrow: no", "[12 May] no", "BOB: At 10:30.",
    ]  # fmt: skip
    text = "\n".join(lines)
    told = [(text[offset:].splitlines()[0], second) for offset, second in find_times(text)]
    assert told == [(lines[0], 1867), (lines[1], 725), (lines[2], 3723), (lines[4], 9)]


def test_front_matter_says_where_the_recording_is() -> None:
    lines = ["---", "kind: transcript", "audio: https://c.example/41.mp3", "---", "[0:04] ANN: We ship.", "BOB: When?"]
    document = read_one("\n".join(lines), "call.md")
    assert (document.recording_url, document.times) == ("https://c.example/41.mp3", ((0, 4),))


@pytest.mark.parametrize("label", ["{}  {}", "{} ({})", "{} ({}):", "{} [{}]:", "[{1}] {0}:"], ids=str)
def test_transcripts_of_meetings_name_who_speaks_and_when(label: str) -> None:
    said = [("Ben Osei", "0:00"), ("Dana Whitlock", "0:04"), ("Ben Osei", "0:09"), ("Dana Whitlock", "1:00:12")]
    text = "Board\n\n" + "\n\n".join(f"{label.format(*one)}\nWords {n}." for n, one in enumerate(said))
    document = read_one(text)
    assert (document.kind, document.title) == ("transcript", "Board")
    spoken = [(t.speaker, document.text[t.start : t.end], t.at_seconds) for t in document.turns]
    at = [0.0, 4.0, 9.0, 3612.0]
    assert spoken == [(Author(name=name), f"Words {n}.", at[n]) for n, (name, _) in enumerate(said)]
    assert [second for _, second in document.times] == at


def test_a_programme_is_no_transcript() -> None:
    week = ["Monday", "Evening News 18:00", "Late Film 20:15", "Tuesday", "Evening News 18:00", "Late Film 20:15"]
    assert not is_transcript("\n".join(week))


def test_the_operator_of_a_call_takes_the_floor_from_whoever_spoke_before() -> None:
    marta, ingrid = "Marta Iliescu -- Chief Financial Officer", "Ingrid Maraš -- Halden Research"
    lines = [
        "Operator",
        "Welcome.",
        marta,
        "We ship.",
        ingrid,
        "Why?",
        marta,
        "So.",
        ingrid,
        "I see.",
        "Operator",
        "Thanks.",
    ]
    document = read_one("\n".join(lines))
    spoken = [(t.speaker.name, document.text[t.start : t.end]) for t in document.turns if t.speaker]
    assert spoken == [
        ("Operator", "Welcome."), ("Marta Iliescu", "We ship."), ("Ingrid Maraš", "Why?"),
        ("Marta Iliescu", "So."), ("Ingrid Maraš", "I see."), ("Operator", "Thanks."),
    ]  # fmt: skip


def test_what_a_machine_heard_is_read_with_its_times_and_says_so() -> None:
    heard = [
        {"id": 0, "start": 0.5, "end": 2, "text": " We ship in May.", "avg_logprob": -0.2},
        {"start": 2.1, "text": " When?", "speaker": "SPEAKER_01"},
    ]
    document = read_one(json.dumps({"text": "We ship in May. When?", "segments": heard, "language": "en"}))
    assert document.text == "We ship in May.\n\nSpeaker_01: When?"
    assert [second for _, second in document.times] == [0, 2]
    assert document.notes == (MISHEARD,)


@pytest.mark.parametrize("time", ["1e300", "1e999", "NaN", "-5", "null", '"soon"', "[]"])
def test_a_time_that_is_none_costs_only_itself(time: str) -> None:
    segments = f'[{{"body": "We will win.", "startTime": {time}}}, {{"body": "No.", "startTime": 3}}]'
    document = read_one(f'{{"version": "1.0.0", "segments": {segments}}}', "talk.json")
    assert (document.text, document.times) == ("We will win. No.", ((13, 3),))
