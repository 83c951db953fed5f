"""The calendar, re-read by icalendar."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

from icalendar import Calendar

from exports import ics


def written(entries, title="Due dates"):
    out = io.BytesIO()
    ics.write(entries, out, title=title)
    return out.getvalue()


def events(entries, title="Due dates"):
    return Calendar.from_ical(written(entries, title)).walk("VEVENT")


def test_event_is_all_day_on_the_last_day(build):
    statement = build.statement()
    (event,) = events(build.entries(statement))
    assert event["uid"] == f"{statement.fingerprint}@onrecord"
    assert event.decoded("dtstart") == dt.date(2025, 12, 31)
    assert event.decoded("dtend") == dt.date(2026, 1, 1)
    assert event["summary"] == "Due: Dana Whitlock – We will open ten ports in 2025."
    assert (event["transp"], event["status"], event["sequence"]) == ("TRANSPARENT", "CONFIRMED", 1)
    assert event["categories"].cats == ["prediction"]
    assert event["url"] == "https://harbour.example/plans"


def test_what_has_no_due_date_is_left_out_and_counted(build):
    vague = build.horizon(earliest=None, latest=None, precision="vague", phrase="soon")
    rows = [build.statement(), build.statement(horizon=None), build.statement(horizon=vague, kind="commitment")]
    told = []
    entries = build.entries(*rows, build.statement(kind="claim", horizon=None))
    assert ics.write(entries, io.BytesIO(), title="Due dates", tell=told.append) == 1
    assert told == ["predictions and promises without a due date, left out: 2"]
    ics.write(build.entries(rows[0]), io.BytesIO(), title="Due dates", tell=told.append)
    assert len(told) == 1


def test_description_holds_words_phrase_and_reports(build):
    (event,) = events(build.entries(build.statement(outcomes=(build.outcome(),))))
    assert event["description"].splitlines() == [
        "“We will open ten ports in 2025.”",
        "",
        "Said: 3 December 2024",
        "Due: by the end of 2025 (“in 2025”)",
        "Testability: 0.9: no number",
        "Outcome: True, it came true; known 20 November 2025",
        "Reported: The Harbour Times, 3 December 2024: We will open ten ports in 2025. https://harbour.example/plans",
    ]


def test_outcomes_raise_the_sequence_and_void_cancels(build):
    void = build.statement(outcomes=(build.outcome(verdict="unclear"), build.outcome(verdict="void")))
    (event,) = events(build.entries(void))
    assert (event["sequence"], event["status"]) == (3, "CANCELLED")


def test_whatever_changes_the_sequence_grows_and_the_identity_stays(build):
    stages = [build.statement()]
    stages.append(replace(stages[-1], reports=(*stages[-1].reports, build.report())))
    stages.append(replace(stages[-1], outcomes=(build.outcome(verdict="unclear"),)))
    stages.append(replace(stages[-1], version=4, horizon=build.horizon(latest=dt.date(2026, 6, 30))))
    stages.append(replace(stages[-1], outcomes=(*stages[-1].outcomes, build.outcome(verdict="void"))))
    stages.append(replace(stages[-1], version=9, review="edited"))
    seen = [events(build.entries(stage))[0] for stage in stages]
    sequences = [event["sequence"] for event in seen]
    assert sequences == sorted(set(sequences))
    assert len({event["uid"] for event in seen}) == 1
    assert all(written(build.entries(stage)) == written(build.entries(stage)) for stage in stages)


def test_stamp_comes_from_the_record(build):
    reported = build.statement()
    resolved = build.statement(outcomes=(build.outcome(),))
    said = build.statement(reports=())
    bare = build.statement(reports=(), said_on="2024")
    stamps = {event["uid"]: event.decoded("dtstamp") for event in events(build.entries(reported, resolved, said, bare))}
    assert [stamps[f"{row.fingerprint}@onrecord"] for row in (reported, resolved, said, bare)] == [
        dt.datetime(2024, 12, 3, 9, 30, tzinfo=dt.UTC),
        dt.datetime(2025, 11, 21, 8, 0, tzinfo=dt.UTC),
        dt.datetime(2024, 12, 3, tzinfo=dt.UTC),
        dt.datetime(2025, 12, 31, tzinfo=dt.UTC),
    ]


def test_undated_predictions_are_left_out(build):
    vague = build.statement(horizon=build.horizon(earliest=None, latest=None, precision="vague"))
    assert events(build.entries(vague, build.statement(horizon=None))) == []


def test_last_day_of_the_calendar_has_no_day_after(build):
    (event,) = events(build.entries(build.statement(horizon=build.horizon(latest=dt.date.max))))
    assert event.decoded("dtstart") == dt.date.max


def test_only_web_addresses_become_a_url(build):
    (event,) = events(build.entries(build.statement(reports=(build.report(url="javascript:alert(1)"),))))
    assert "url" not in event


def test_lines_are_folded_and_any_text_comes_back(build):
    text = 'he said: "a; b, c\\n"\r\nBEGIN:VEVENT 🚀🚀🚀 ' + "später " * 40
    statement = build.statement(text=text, reports=(build.report(words=text),))
    data = written(build.entries(statement), title="a,b;\r\nc\\ 🚀")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\n") == data.count(b"\r\n")
    assert "\r\nX-WR-CALNAME:a\\,b\\; c\\\\ 🚀: due dates\r\n" in data.decode("utf-8")
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert event["description"].startswith('“he said: "a; b, c\\n"\nBEGIN:VEVENT 🚀🚀🚀 später')
    assert event["summary"].endswith("…")
    assert len(event["summary"]) <= ics.SUMMARY_WIDTH


def tasks(entries):
    out = io.BytesIO()
    ics.write(entries, out, title="Due dates", todo=True)
    return Calendar.from_ical(out.getvalue()).walk("VTODO")


def test_a_task_is_due_on_the_last_day(build):
    statement = build.statement()
    (task,) = tasks(build.entries(statement))
    assert task["uid"] == f"{statement.fingerprint}@onrecord"
    assert task.decoded("due") == dt.date(2025, 12, 31)
    assert (task["status"], "dtstart" in task, "completed" in task) == ("NEEDS-ACTION", False, False)


def test_a_resolved_task_is_completed_and_a_void_one_cancelled(build):
    true = build.statement(outcomes=(build.outcome(),))
    void = build.statement(outcomes=(build.outcome(verdict="void"),))
    done, cancelled = tasks(build.entries(true, void))
    assert (done["status"], done["percent-complete"]) == ("COMPLETED", 100)
    assert done.decoded("completed") == dt.datetime(2025, 11, 21, 8, 0, tzinfo=dt.UTC)
    assert (cancelled["status"], "completed" in cancelled) == ("CANCELLED", False)
