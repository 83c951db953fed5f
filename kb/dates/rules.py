"""The grammar of time phrases: relations ("by"), parts ("the end of"), and rules that name periods ("Q3 2026"). Data.

A phrase is `[relation] [part of]* period [tail]`. Patterns are regular expressions over lower-case text in which a
space stands for one break between words and ``{name}`` for a piece. A phrase ends at the end of a word. Nothing
repeats without a bound, so that a search is linear in the length of the text. The first rule that fits wins.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from kb.dates import readers as read
from kb.dates.periods import Edge
from kb.dates.readers import Reader

Relation = Literal[
    "by", "due", "before", "until", "through", "after", "open", "between", "from", "and", "since", "in", "on"
]  # fmt: skip
Tense = Literal["any", "auto", "not past", "span", "future"]
Needs = Literal["", "on", "in", "part", "clause"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to name a period. ``read`` None: the phrase sets no date; it is vague, or not about the future at all."""

    id: str
    pattern: str
    read: Reader | None = None
    needs: Needs = ""
    """What must stand before it to make it a date: "(in) 2030", "(on) the weekend", "(end of) the year";
    "clause": where a clause begins, "(we think) 2026 will"."""
    tense: Tense = "auto"
    """What the verbs around must say. "auto": not past, where no year is named or the period has begun; "span": not
    past and no comparison ("the first in two years")."""
    vague: bool = False
    """Whether a time is meant even where ``read`` finds no day."""


_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_UNIT = "hour|day|week|fortnight|month|quarter|year|decade|century"
_NOT_AN_AMOUNT = (
    r"(?! (?:percent|per cent|points?|basis|bps|dollars|euros|pounds|yuan|yen|miles|km|kilomet\w{2,4}|met(?:er|re)s"
    r"|feet|tons|tonnes|mw|gw|megawatts|gigawatts|degrees|calories|cases|stores|locations|patients|votes|gmt|utc"
    r"|hrs|hours|million|billion|thousand)(?!\w))"
)
_NOT_A_NUMBER = r"(?!%|[.,:]\d)"
_FIGURES = (
    r"(?: (?:will|is|are|should|could|might|may|would|to|revenues?|sales|earnings|profits?|results|margins?|guidance"
    r"|growth|deliveries|shipments|gdp|loss(?:es)?|income|bookings|demand|volumes?|report|inflation|forecasts?"
    r"|outlook)(?!\w)|[.,;:!?)]|$)"
)
# What may stand before a year that opens a clause ("we think 2026 will"), unlike a name ("Room 2026 will").
_OPENS_CLAUSE = (
    r"(?:^|[^\w\s]\s?|\n|(?<!\w)(?:that|and|but|so|or|thinks?|believes?|expects?|bet|hopes?|says?|said|because|if|while"
    r"|whereas|predicts?|means|then|yet|why|know|feel|see|sure|maybe|perhaps|like)\s)$"
)
_NOT_A_FALL = (
    r"(?! of (?!20|21|next|this))"
    r"(?! in (?:the |its |their )?(?:prices?|shares?|sales|value|demand|rates?|output|profits?|stocks?)(?!\w))"
)

PIECES: Mapping[str, str] = {
    "num": rf"(?:\d{{1,3}}(?:\.\d)?|(?:(?:a|one) )?hundred|(?:{_TENS})(?:(?:-| )(?:{_ONES}))?|{_TEENS}|{_ONES}"
    r"|(?:a )?couple(?: of)?|a dozen|half an?|an?)(?: and a half(?= ))?",
    "unit": rf"(?:{_UNIT})",
    "calendar_year": "(?:the year after next|next year|this year|the year)",
    "units": r"(?:days|weeks|months|quarters|years|decades|centuries)",
    "span": rf"(?P<low>{{num}})(?:(?: to | or |-| - )(?P<high>{{num}}))? (?:more |full )?(?P<unit>{_UNIT})s?"
    r"(?P<more> and a half| or two| or three| or so)?",
    "about": r"(?:(?:about|around|roughly|approximately|nearly|almost|just|only|another|under|less than|fewer than"
    r"|no more than|at most|up to|as little as|as few as|maybe|perhaps|probably) ){0,2}",
    "time": r"(?:(?:'s|')? time)?",
    "year": rf"(?P<year>(?:20|21)\d\d){_NOT_A_NUMBER}{_NOT_AN_AMOUNT}",
    "yearref": rf"(?:(?P<year>(?:20|21)\d\d){_NOT_A_NUMBER}"
    r"|(?P<rel>the year after next|next year|this year|(?<=of\s)the year))",
    "years": r"(?P<year>(?:20|21)\d\d) ?(?:(?:-|/)(?P<to>(?:20|21)?\d\d)"
    r"|(?:to|through|or|and|until) (?P<to4>(?:20|21)\d\d))"
    rf"{_NOT_A_NUMBER}{_NOT_AN_AMOUNT}",
    "fiscal": r"(?:fiscal(?: year)?|financial year|fy)",
    "month": r"(?P<month>january|february|march|april|may(?! day)|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec)\.?)",
    "dom": rf"(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?{_NOT_A_NUMBER}{_NOT_AN_AMOUNT}",
    "dayword": r"(?P<dayword>(?:twenty|thirty)(?:-| )(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth"
    r"|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)",
    "to_dom": r"(?:(?:-| to | through | until | till )(?:the )?(?P<last>\d\d?)(?:st|nd|rd|th)?"
    rf"{_NOT_A_NUMBER}{_NOT_AN_AMOUNT}(?!\w))?",
    "weekday": r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday|(?:mon|tues?|wed|thurs?|fri)\.?)"
    r"(?! times| telegraph| express| mirror| mail| night li[gv])",
    "season": rf"(?P<season>spring|summer|fall|autumn|winter){_NOT_A_FALL}",
    "which": r"(?:the )?(?P<which>this coming|this very|this|next|coming|upcoming|current|present)",
    "holiday": r"(?P<holiday>christmas(?: eve| day)?|boxing day|new year'?s? eve|new year(?:'?s)?(?: day)?(?!'s)"
    r"|valentine'?s day|st\.? patrick'?s day|april fools'? day|earth day|may day|bastille day|ash wednesday"
    r"|palm sunday|good friday|easter(?: sunday| monday)?|martin luther king day|presidents'? day|mother'?s day"
    r"|father'?s day|juneteenth|columbus day|veterans'? day|memorial day|fourth of july|labou?r day|halloween"
    r"|thanksgiving(?: day)?|black friday|cyber monday|holiday season|holidays)",
    "quarter": r"(?:q(?P<q>[1-4])|(?P<qq>[1-4])q"
    r"|(?P<ord>first|second|third|fourth|final|last(?= quarter of )|1st|2nd|3rd|4th)(?: |-)"
    r"(?:fiscal |calendar )?quarter(?! of (?!20|21|the year|this year|next year|fiscal|fy)))",
    "quarters": r"(?:q(?P<q>[1-4])(?: ?/ ?| ?- ?| or | and | to )q(?P<last>[1-4])"
    r"|(?P<ord>first|second|third)(?: or | and | to )(?P<lastord>second|third|fourth) quarters?)",
    "half": r"(?:h(?P<h>[12])|(?P<hh>[12])h|(?P<ord>first|second|latter|back|1st|2nd) half"
    r"(?! of (?!20|21|the year|this year|next year|fiscal|fy)))",
    "of_year": r"(?:,? (?:of |in )?(?:the )?(?:(?P<fiscal>{fiscal}) ?)?(?:{yearref}|(?<=fy) ?'?(?P<yy>[0-4]\d))"
    r"|'?(?P<glued>[0-4]\d)(?!%|[.,]\d))",
    "event": r"(?:elections?|midterms?|olympics|olympic games|world cup|primary|primaries|conventions?|inauguration"
    r"|referendum|summit|census|ipo|first (?:100|hundred) days)",
    "gathering": r"(?:meeting|session|hearing|vote|conference|trial|launch|release|budget|auction|deadline|decision)s?",
}

RELATIONS: Mapping[Relation, str] = {
    "by": "by",
    "due": "no later than|not later than|(?:in|on) or before|ending",
    "before": "before|prior to|ahead of|in advance of",
    "until": "up until|until|till|(?:between|from) now (?:and|until|till|to)",
    "through": "(?:well )?into|(?:all )?through|thru|from now through",
    "after": "after|later than|beyond",
    "open": "as (?:early|soon) as|no (?:earlier|sooner) than|not before|not until",
    "between": "between",
    "from": "from",
    "and": "and|to|or|-",
    "since": "ever since|since",
    "in": "in or around|sometime around|sometime in|sometime|some time in|at some point in|in|during|for|throughout"
    r"|over the course of|in the course of|for all of|all of|for the whole of|the whole of"
    r"|starting in|starting|beginning in|beginning|effective|as of|as from|(?<!\w\s)come"
    r"|at some point(?= (?:this|next))",
    "on": "on|at|over(?! (?:within|in|by|on|at|before) )|late on|early on",
}
FILLER = (
    r"(?:(?:sometime in|sometime|some time in|about|around|roughly|perhaps|maybe|possibly|probably|likely|at least) )?"
)

_HALF_OF = "half of "
PARTS: Mapping[Edge, str] = {
    "end": r"(?:the )?(?:very |tail )?(?:end|close) of |(?:the )?last day of |end(?:-| )",
    "start": r"(?:the )?(?:very )?(?:beginning|start|outset|dawn) of |(?:the )?first day of ",
    "first-half": rf"(?:the )?(?:first|1st) {_HALF_OF}|early(?:-| )to(?:-| )mid(?:-| )",
    "second-half": rf"(?:the )?(?:second|2nd|latter|back|last|final) {_HALF_OF}|mid(?:-| )to(?:-| )late(?:-| )",
    "early": r"(?:the )?early(?: part of | days of | months of | in |-| )"
    r"|(?:the )?first (?:few )?(?:months|weeks|days) of ",
    "mid": r"(?:the )?(?:middle|midpoint) of |mid(?:-| )(?!century|year)",
    "late": r"(?:the )?(?:late(?: in |-| )|latter part of |(?:final|last|closing) (?:few )?(?:months|weeks|days) of )",
    "rest": r"(?:the )?(?:rest|remainder) of |later (?:in |on |during )?",
}

TAILS: Mapping[Relation, str] = {
    "due": "(?: at the)? latest| or (?:earlier|sooner|before)",
    "open": " at the earliest| or later|,? if not later| (?:and|or) beyond",
}

RULES: tuple[Rule, ...] = (
    # Spans that count from a day to come, before "two weeks after" is read as the past.
    Rule("after-day", r"{span} (?:from|after) (?:tomorrow|(?P<today>today))", read.after_day, tense="any"),
    Rule("after-day", r"{span} (?:from|after) {month} {dom}(?:,? (?:in )?{yearref})?", read.after_day),
    Rule("after-weekday", r"{span} (?:from|on|after) (?:(?P<which>this|next) )?{weekday}", read.after_weekday),
    # The past, and phrases that point at no day of the calendar: found so that no other rule reads a piece of them.
    Rule("past", r"(?:the |this |these )?(?:last|past|previous|prior|preceding) (?:(?:{num}|few|several|many) )?"
         r"(?:{unit}s?|weekend|night|half|{month}|{weekday}|{season}|{holiday})(?! of )"),
    Rule("past", r"(?:{num}|few|several|many|some)(?:(?: to | or |-){num})? {unit}s?(?: and a half)? "
         r"(?:ago|earlier|before|previously|prior|later|after|old)"),
    Rule("past", r"yesterday|earlier (?:(?:this|that|in the|in|on) )?(?:today|{unit}|{year}|{weekday}|{month})"),
    Rule("no-day", r"(?:that|the following|the same|each|every|every other|any|per) "
         r"(?:{unit}s?|weekend|{month}|{weekday}|{season}|{holiday})(?! now)"),
    Rule("no-day", r"one {weekday}"),
    Rule("no-day", r"the {weekday} (?:after|before|following)"),
    Rule("no-day", r"(?:giving|shrove|fat|super|bloody|maundy|holy|bank holiday) {weekday}"),
    # Events, before anything reads the year in them.
    Rule("event", r"(?:(?:the|this|its|our) )?{year} (?P<event>{named})s?", read.event),
    Rule("event", r"(?:the )?(?P<event>{named})s?,? (?:of |in )?{year}", read.event),
    Rule("event", r"(?:(?:the|this) |(?:the )?(?P<which>next|upcoming|coming) )?(?P<event>{named})s?",
         read.event, needs="on", vague=True),
    # Explicit days.
    Rule("iso-day", r"(?P<year>20\d\d)-(?P<number>0[1-9]|1[0-2])-(?P<day>[0-3]\d)", read.day),
    Rule("iso-month", r"(?P<year>20\d\d)-(?P<number>0[1-9]|1[0-2])", read.month),
    Rule("slashed-day", r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>20\d\d)", read.slashed_day),
    Rule("dotted-day", r"(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>20\d\d)", read.day),
    Rule("no-day", r"{weekday},? \d{1,2}[/.-]\d{1,2}"),
    Rule("week-of", r"(?:the )?(?:week (?:of|beginning|starting|commencing)(?: on)?|w/c) {month} {dom}"
         r"(?:,? (?:in )?{yearref})?", read.week_of),
    Rule("days", r"(?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)?(?: to | and | until | till |-)(?:the )?"
         r"(?P<last>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?: of)? {month}(?:,? (?:in |of )?{yearref})?", read.day),
    Rule("month-day", r"(?:{weekday},? )?{month} {dom}{to_dom}(?:,? (?:in |of )?{yearref})?"
         r"(?! (?:attacks?|riots?|insurrection|massacre|committee|defendants?))", read.day),
    Rule("day-month", r"(?:{weekday},? )?(?:the )?{dom}(?: (?:day )?of)? {month}(?:,? (?:in |of )?{yearref})?",
         read.day),
    Rule("month-day", r"{month} (?:the )?{dayword}(?:,? (?:in |of )?{yearref})?", read.day),
    Rule("day-month", r"(?:the )?{dayword}(?: day)? of {month}(?:,? (?:in |of )?{yearref})?", read.day),
    Rule("day-of-month", r"(?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)(?: day)? of (?P<which>this|next) month",
         read.day_of_month),
    Rule("day-of-month", r"{weekday},? (?:the )?(?P<day>\d\d?)(?:st|nd|rd|th)(?! \w)", read.day_of_month),
    Rule("day-of-month", r"the (?P<day>\d\d?)(?:st|nd|rd|th)(?=[.,;!?)]|$)",
         read.day_of_month, needs="on"),
    Rule("week-of-month", r"(?:the )?(?P<ord>first|second|third|fourth|last|final) (?:full )?week of (?:{month}"
         r"(?: {yearref})?|(?P<which>this|next) month)", read.week_of_month),
    Rule("weekday-of-month", r"(?:the )?(?P<ord>first|second|third|fourth|last|final) {weekday} (?:of|in) (?:{month}"
         r"(?:,? {yearref})?|(?P<which>this|next) month)", read.weekday_of_month),
    # Quarters, halves, fiscal years, seasons, decades.
    Rule("units-of", r"(?:the )?(?P<ord>first|1st|opening|last|final|closing) (?P<low>{num}) "
         r"(?P<unit>day|week|month|quarter)s (?:of|in) (?:{month}(?:,? of)? )?{yearref}", read.units_of),
    Rule("units-of", r"(?:the )?(?P<ord>first|1st|opening|last|final|closing) (?P<low>{num}) "
         r"(?P<unit>day|week)s (?:of|in) {month}", read.units_of),
    Rule("quarters", r"(?:the )?{quarters}{of_year}", read.quarters),
    Rule("quarters", r"(?:the )?{quarters}", read.quarters, needs="in"),
    Rule("quarter", r"(?:the )?{quarter}{of_year}", read.quarter),
    Rule("quarter", r"{year},? {quarter}", read.quarter),
    Rule("quarter", r"(?P<rel>{calendar_year})'s {quarter}", read.quarter),
    Rule("half", r"{year},? {half}", read.half),
    Rule("half", r"(?P<rel>{calendar_year})'s {half}", read.half),
    Rule("quarter", rf"(?:the |its |our |their )?{{quarter}}(?={_FIGURES})", read.quarter),
    Rule("quarter", r"(?:the )?{quarter}", read.quarter, needs="in"),
    Rule("half", r"(?:the )?{half}{of_year}", read.half),
    Rule("half", r"(?:the )?{half}", read.half, needs="in"),
    Rule("fiscal-year", r"(?:the )?{fiscal} ?-?(?:of )?(?:{year}|(?<=fy) ?'?(?P<yy>[0-4]\d))", read.fiscal_year),
    Rule("fiscal-year", r"(?:the )?{year} (?:fiscal|financial) year", read.fiscal_year),
    Rule("fiscal-year", r"(?:the )?20\d\d(?:-|/)(?:20)?(?P<yy>\d\d) (?:fiscal|financial) year", read.fiscal_year),
    Rule("fiscal-end", r"(?:the )?{fiscal}(?:'s)?(?: |-)end(?:,? (?:of )?{yearref})?", read.fiscal_end),
    Rule("fiscal-year", r"{which} (?:fiscal|financial) (?P<unit>year|quarter)", read.relative_fiscal),
    Rule("season", r"(?:the )?(?!fall (?:next|this)){season},? (?:of )?{yearref}(?:(?:-|/)\d\d)?", read.season),
    Rule("season", r"{which} {season}", read.season),
    Rule("season", r"(?:the )?{season}", read.season, needs="on"),
    Rule("decade", r"(?:the )?(?P<year>20\d0|21\d0)'?s", read.decade),
    Rule("mid-century", r"mid(?:-| )?century", read.mid_century),
    # Months and years.
    Rule("month", r"{month},? (?:of )?{yearref}", read.month),
    Rule("month", r"{year},? {month}(?! \d)", read.month),
    Rule("month", r"{which} {month}", read.month),
    Rule("month", r"{month}", read.month, needs="in"),
    Rule("years", r"(?:the )?{years}(?: (?:season|school year|academic year))?", read.years, needs="in"),
    Rule("event", r"the {year} (?:[a-z]\w{1,20}+ )?{event}", read.year_of_event),
    Rule("event", r"(?:the|its|their|his|her|our) {month} (?:[a-z]\w{1,20}+ )?(?:{event}|{gathering})",
         read.month_of_event),
    Rule("year", r"{year}(?= (?:will|is going|should|could|might|may|promises|looks)(?!\w))", read.year,
         needs="clause"),
    Rule("year", r"{year}(?= at the (?:latest|earliest)(?!\w))", read.year),
    Rule("year", r"the time {year} (?:arrives|comes|begins|starts|ends|rolls (?:around|round)|is (?:here|over))",
         read.year, needs="in"),
    Rule("short-year", r"'(?P<yy>[2-4]\d)(?! ?s)", read.year, needs="in", tense="not past"),
    Rule("year", r"(?:around|circa) {year}(?=[.,;:!?)]|$)", read.year),
    Rule("year", r"(?:(?:the |calendar )?year |calendar )?{year}", read.year, needs="in"),
    # Spans that count from the day of speaking.
    Rule("from-now", r"{about}{span} (?:from (?:now|today|tonight)|hence|into the future|down the (?:road|line))",
         read.from_now, tense="any"),
    Rule("from-now", r"(?:is|are|be|still|only|just|least) {about}{span} (?:away|off|out)(?! from(?! now))",
         read.from_now, tense="span"),
    Rule("this-time", r"this time next (?P<unit>week|month|year)", read.from_now, tense="any"),
    Rule("next-span", r"(?:within )?(?:(?:the|these|its|our|their) )?(?:next|coming|upcoming) {about}{span}",
         read.span, tense="any"),
    Rule("next-span", r"(?:within )?the (?:next|coming) (?:full )?"
         r"(?P<unit>week|fortnight|month|year|decade|century)(?:'s)?(?P<more> or two| or three| or so)?",
         read.span, tense="any"),
    Rule("period-span", r"(?:within|in|over|during) (?:an?|the next|the coming) (?P<low>{num})(?:-| )(?P<unit>{unit}) "
         r"(?:period|horizon|window|span|timeframe|time frame|timeline)", read.span, tense="span"),
    Rule("within", r"(?:within|inside(?: of)?) {about}{span}{time}(?! of )", read.span, tense="span"),
    Rule("within", r"within the (?P<unit>day|week|month|quarter|year|decade|century)", read.span,
         tense="span"),
    Rule("in-span", r"in {about}{span}{time}(?! of | old| like | when | with | where )", read.span, tense="span"),
    Rule("for-span", r"for (?:at least )?(?:another |(?=\w{1,10} more )){span}", read.span, tense="span"),
    Rule("for-span", r"(?:not )?for at least {span}", read.span, tense="future"),
    Rule("over-span", r"(?:over|across|over the course of|over a period of) {span}(?! of )", read.span,
         tense="future"),
    # Relative to the calendar.
    Rule("unit-end", r"the (?P<unit>year|month|week|quarter|decade|century) "
         r"(?:is (?:out|over|up|done)|ends|closes|runs out)", read.unit_end, needs="in"),
    Rule("turn", r"the turn of the (?P<unit>year|decade|century)", read.turn, needs="on"),
    Rule("after-weekday", r"{weekday} week", read.after_weekday),
    Rule("weekday", r"(?P<which>this|next) week,? (?:on )?{weekday}", read.weekday),
    Rule("unit-end", r"(?:the )?(?:(?P<unit>year|month|quarter|decade|century)(?:'s)?(?:-| )?|(?P<week>week)'s )end"
         r"(?:,? (?:of )?{yearref})?", read.unit_end),
    Rule("unit-end", r"eo(?P<initial>[ymq])(?:,? {yearref})?", read.unit_end, needs="in"),
    Rule("mid-year", r"mid(?:-| )?year(?:,? (?:of )?{yearref})?", read.mid_year),
    Rule("after-next", r"(?:the )?(?P<unit>week|weekend|month|quarter|year|decade) (?P<beyond>after next)",
         read.relative),
    Rule("weekday", r"{weekday} (?:of )?(?P<which>this|next) week", read.weekday),
    Rule("relative", r"{which} (?:calendar )?(?P<unit>week|weekend|month|quarter|year|decade|century)",
         read.relative),
    Rule("current", r"(?:(?:the|its|our) )?(?:current |calendar )?(?P<unit>week|month|quarter|year|decade|century)"
         r"(?:'s)?", read.relative, needs="part"),
    Rule("weekend", r"the (?P<unit>weekend)", read.relative, needs="on", tense="not past"),
    Rule("holiday", r"(?:the )?{holiday},? (?:of |in )?{yearref}", read.holiday),
    Rule("holiday", r"{which} {holiday}", read.holiday),
    Rule("holiday", r"(?:the )?{holiday}", read.holiday, needs="on"),
    Rule("weekday", r"(?:{which} )?{weekday}(?: (?:morning|afternoon|evening|night))?", read.weekday),
    Rule("tomorrow", r"(?P<skip>the day after )?(?<!of\s)tomorrow(?!'s (?!{gathering}))", read.tomorrow, tense="any"),
    Rule("tonight", r"tonight|this (?:morning|afternoon|evening)", read.today, tense="not past"),
    Rule("today", r"today", read.today, needs="part"),
    # Vague: a time is meant, but no day after which it is too late.
    Rule("vague-few", r"(?:(?:the|these) )?(?:next|coming|upcoming) (?:few|several|some|many|handful of) {units}",
         vague=True),
    Rule("vague-few", r"(?:in|within) (?:(?:just|only|maybe|perhaps) )?(?:a )?"
         r"(?:few|several|handful of|number of|matter of) (?:short )?{units}{time}", vague=True),
    Rule("vague-few", r"within {units}", vague=True),
    Rule("vague-few", r"in some (?:years|months|weeks)(?:' time)?", vague=True),
    Rule("vague-few", r"for (?:(?:many|several|some) )?(?:years|decades|generations|months|weeks)(?! now)", vague=True,
         tense="future"),
    Rule("vague-few", r"(?:many|several|a few|some|is|are|be|still|only|just|likely|probably) {units} (?:away|off|out)"
         r"(?! from(?! now))", vague=True,
         tense="span"),
    Rule("vague-few", r"(?:a few|several|many|some) {units} (?:from now|hence)", vague=True),
    Rule("vague-coming", r"(?:(?:the|these) )?(?:coming|upcoming) {units}|the next {units}"
         r"|(?:the )?{units} (?:ahead|to come)", vague=True),
    Rule("vague-term", r"(?:in|over|for) the (?:near|nearer|short|shorter|medium|long|longer)(?: |-)(?:term|run)",
         vague=True),
    Rule("vague-future", r"(?:in|for) the (?:very )?"
         r"(?:(?:near|nearer|distant|foreseeable|not(?:-| )too(?:-| )distant) )?future(?! of| tense)", vague=True),
    Rule("vague-future", r"in future(?! \w)|(?:going|moving) forward", vague=True),
    Rule("vague-soon", r"as soon as (?:possible|practicable)|sooner (?:or later|rather than later)"
         r"|sooner than (?:you|we|people|most|many|anyone|expected)(?: people)?(?: (?:think|expect))?|(?:any ?time )?"
         r"(?<!as\s)(?<!too\s)(?<!how\s)(?<!no\s)soon(?! as| after)|before (?:too )?long"
         r"|any (?:day|time|moment|minute|week) now|in no time"
         r"|imminent(?:ly)?|shortly(?! after| before)", vague=True),
    Rule("vague-someday", r"some ?day|one day(?! (?:a|of|in|after|before|later) )|eventually"
         r"|ultimately|at some point|over time|with time|in due (?:course|time)"
         r"|down the (?:road|line)", vague=True),
    Rule("vague-lifetime", r"(?<!once\s)(?:in|within|during) (?:my|our|his|her|your|their|this|a) (?:own )?"
         r"(?:lifetimes?|generation)", vague=True),
    Rule("vague-event", r"(?:before|by|until|after|at|during|in|within|through|ahead of|following|to|between now and) "
         r"(?:the|this|next|his|her|my|our|their|its) (?:[\w']{2,14}+ ){0,3}{event}", vague=True),
    Rule("vague-event", r"super tuesday", vague=True),
)  # fmt: skip

# Not inside a word, an amount or a longer number: "$2030", "COVID-2030", "1,2030".
_BOUNDARY = r"(?=[\w-])(?<![\w$€£#@&])(?<!\d[.,:/])(?<!\w['-])"
_WORD_END = r"(?!\w|-\w)"
_BREAK = r"(?:[ \n] ?)"


@dataclass(frozen=True, slots=True)
class Grammar:
    """The compiled grammar: ``phrase`` finds, the rule's own pattern then gives the named parts."""

    phrase: re.Pattern[str]
    """Groups: one per relation, ``parts``, and ``rule0`` ... in the order of ``RULES``. These are empty and stand
    behind what a rule matches: with groups around them all rules would be tried at every word, not only those whose
    first letter stands there, and a search would take twice as long."""
    rules: tuple[re.Pattern[str], ...]
    parts: re.Pattern[str]
    tail: re.Pattern[str]
    clause: re.Pattern[str]
    """Ends where a clause may begin."""


@functools.lru_cache(maxsize=8)  # a program has one set of events; tests a few
def grammar(events: tuple[str, ...]) -> Grammar:
    """Compile the tables, once for each set of event names, given in lower case."""
    longest_first = sorted(events, key=len, reverse=True)
    pieces = {**PIECES, "named": f"(?:{'|'.join(map(re.escape, longest_first))})".replace("\\ ", " ")}
    expand = functools.partial(_expanded, pieces=pieces)
    unnamed = functools.partial(_unnamed, pieces=pieces)
    relations = "|".join(f"(?P<{name}>{unnamed(words)})" for name, words in RELATIONS.items())
    parts = "|".join(unnamed(words) for words in PARTS.values())
    rules = "|".join(f"(?:{unnamed(rule.pattern)})(?P<rule{number}>)" for number, rule in enumerate(RULES))
    named_parts = "|".join(f"(?P<{name.replace('-', '_')}>{expand(words)})" for name, words in PARTS.items())
    tails = "|".join(f"(?P<{name}>{expand(words)})" for name, words in TAILS.items())
    relation = rf"(?:{relations}){_BREAK}{unnamed(FILLER)}"
    return Grammar(
        phrase=re.compile(rf"{_BOUNDARY}(?:{relation})?(?P<parts>(?:{parts}){{0,2}})(?:{rules}){_WORD_END}"),
        rules=tuple(re.compile(f"(?:{expand(rule.pattern)}){_WORD_END}") for rule in RULES),
        parts=re.compile(named_parts),
        tail=re.compile(rf"(?:{tails}){_WORD_END}"),
        clause=re.compile(_OPENS_CLAUSE),
    )


def _expanded(pattern: str, pieces: Mapping[str, str]) -> str:
    """``pattern`` with its pieces put in and its spaces turned into word breaks."""
    while match := re.search(r"\{([a-z_]+)\}", pattern):
        pattern = pattern[: match.start()] + pieces[match[1]] + pattern[match.end() :]
    return pattern.replace(" ", _BREAK)


def _unnamed(pattern: str, pieces: Mapping[str, str]) -> str:
    """``pattern`` expanded, without group names, which may occur only once in the joint pattern."""
    return re.sub(r"\(\?P<\w+>", "(?:", _expanded(pattern, pieces))
