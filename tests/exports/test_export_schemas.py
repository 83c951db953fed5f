"""Every JSON format against the JSON Schema that ships with it, and the JSON-LD through PyLD without a network."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest
from pyld import jsonld

from exports import webannotation

SCHEMAS = {
    "claimreview": "claimreview",
    "json": "timeline",
    "jsonfeed": "jsonfeed",
    "timelinejs": "timelinejs",
    "vis-timeline": "vis-timeline",
    "webannotation": "webannotation",
}
"""Format -> its schema."""

ANNO = {
    "@vocab": "http://www.w3.org/ns/oa#",
    "id": "@id",
    "type": "@type",
    "first": {"@id": "http://www.w3.org/ns/activitystreams#first", "@type": "@id"},
    "items": {"@id": "http://www.w3.org/ns/activitystreams#items", "@container": "@list"},
    "body": {"@id": "http://www.w3.org/ns/oa#hasBody", "@type": "@id"},
    "target": {"@id": "http://www.w3.org/ns/oa#hasTarget", "@type": "@id"},
    "exact": "http://www.w3.org/ns/oa#exact",
}
"""The terms of the annotation context that these tests look at."""

CONTEXTS = {"https://schema.org": {"@vocab": "https://schema.org/"}, "http://www.w3.org/ns/anno.jsonld": ANNO}


def schema(name):
    return json.loads((files("exports") / "schemas" / f"{name}.json").read_text("utf-8"))


def load_context(url, _options):
    """What PyLD asks for; a URL that is not here would need the network."""
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": {"@context": CONTEXTS[url]},
    }


@pytest.mark.parametrize("entries", ["story", "hostile", "nothing"])
@pytest.mark.parametrize("name", SCHEMAS)
def test_fits_its_schema(name, entries, request, written):
    validator = jsonschema.Draft202012Validator(schema(SCHEMAS[name]))
    validator.check_schema(validator.schema)
    document = json.loads(written(name, request.getfixturevalue(entries)))
    assert [error.message for error in validator.iter_errors(document)] == []
    document["unheard-of"] = 1
    assert list(validator.iter_errors(document))


@pytest.mark.parametrize("feed", ["new", "due", "outcomes"])
def test_each_json_feed_fits_the_schema(feed, story, written):
    document = json.loads(written("jsonfeed", story, feed=feed, link="https://example.org/feed.json"))
    jsonschema.validate(document, schema("jsonfeed"), jsonschema.Draft202012Validator)
    assert document["items"]
    assert document["feed_url"] == "https://example.org/feed.json"


def test_claim_reviews_expand_without_a_network(build, written):
    statement = build.statement(outcomes=(build.outcome(verdict="late"),))
    (node,) = jsonld.expand(
        json.loads(written("claimreview", build.entries(statement))), {"documentLoader": load_context}
    )
    graph = node["@graph"][0]
    assert graph["@type"] == ["https://schema.org/ClaimReview"]
    rating = graph["https://schema.org/reviewRating"][0]
    assert rating["https://schema.org/ratingValue"] == [{"@value": 2}]
    claim = graph["https://schema.org/itemReviewed"][0]
    assert claim["@id"] == f"urn:onrecord:statement:{statement.fingerprint}"


@pytest.mark.parametrize(
    ("verdict", "value"), [("true", 5), ("mostly", 4), ("late", 2), ("false", 1), ("unclear", None)]
)
def test_ratings_have_numbers_only_where_the_verdict_says_one(verdict, value, build, written):
    entries = build.entries(build.statement(outcomes=(build.outcome(verdict=verdict),)))
    (node,) = json.loads(written("claimreview", entries))["@graph"]
    assert node["reviewRating"].get("ratingValue") == value
    assert ("bestRating" in node["reviewRating"]) == (value is not None)


def test_void_and_pending_statements_have_no_review(build, written):
    void = build.statement(outcomes=(build.outcome(verdict="true"), build.outcome(verdict="void")))
    nodes = json.loads(written("claimreview", build.entries(void, build.statement())))["@graph"]
    assert [node["@type"] for node in nodes] == ["Claim", "Claim"]


def test_claims_name_what_they_repeat_move_and_contradict_and_who_is_no_person(build, written):
    first = build.statement(speaker="Tidewheel", speaker_kind="organisation")
    others = [build.statement(said_on="2025-06", speaker_kind="person") for _ in range(3)]
    entries = build.entries(first)
    for row, relation in zip(others, ("repeats", "slips", "contradicts"), strict=True):
        entries += [replace(entry, links=((relation, first.fingerprint),)) for entry in build.entries(row)]
    data = json.loads(written("claimreview", entries))
    jsonschema.validate(data, schema("claimreview"))
    (expanded,) = jsonld.expand(data, {"documentLoader": load_context})
    claims = {node["@id"]: node for node in expanded["@graph"]}
    names = ("https://schema.org/sameAs", "urn:onrecord:slips", "urn:onrecord:contradicts")
    for row, name in zip(others, names, strict=True):
        (earlier,) = claims[f"urn:onrecord:statement:{row.fingerprint}"][name]
        assert f"urn:onrecord:statement:{first.fingerprint}" in earlier.values()
    node = claims[f"urn:onrecord:statement:{first.fingerprint}"]
    assert len(node["https://schema.org/appearance"]) == 2
    authors = {claim["https://schema.org/author"][0]["@type"][0] for claim in claims.values()}
    assert authors == {"https://schema.org/Organization", "https://schema.org/Person"}


def test_reviews_point_into_the_page_that_shows_them(build, written):
    statement = build.statement(outcomes=(build.outcome(),))
    (node,) = json.loads(written("claimreview", build.entries(statement), link="https://example.org/t.html"))["@graph"]
    assert node["url"] == f"https://example.org/t.html#s-{statement.fingerprint}"


def test_annotations_expand_without_a_network(build, written):
    document = json.loads(written("webannotation", build.entries(build.statement())))
    (node,) = jsonld.expand(document, {"documentLoader": load_context})
    assert node["@type"] == ["http://www.w3.org/ns/oa#AnnotationCollection"]
    assert "urn:onrecord:textSha256" in json.dumps(node)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("Before. “We’ll win 🚀 in 2025,” she said. After.", ((8, 28),)),
        ("🚀🚀 “We will,” she said, “win.” 🚀", ((4, 12), (23, 27))),
        ("win", ((0, 3),)),
    ],
)
def test_every_position_selects_the_exact_words(text, spans, build, written):
    words = " ".join(text[start:end] for start, end in spans)
    report = build.report(content=spans, words=words, context=text[2:], context_start=2)
    if spans[0][0] == 0:
        report = build.report(content=spans, words=words, context=text)
    items = json.loads(written("webannotation", build.entries(build.statement(reports=(report,)))))["first"]["items"]
    targets = [target["selector"] for item in items for target in item["target"]]
    assert [(position["start"], position["end"]) for position, _ in targets] == list(spans)
    for position, quote in targets:
        start, end = position["start"], position["end"]
        assert text[start:end] == quote["exact"]
        assert text[:start].endswith(quote["prefix"])
        assert text[end:].startswith(quote["suffix"])
        assert len(quote["suffix"]) == min(webannotation.AROUND, len(text) - end)
