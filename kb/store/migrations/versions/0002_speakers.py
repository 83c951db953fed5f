"""Speakers: keys that find names without reading them all, people to watch, roles that a person gave.

Revision 0002. The functions at the end are those of the day, so that keys made now equal keys made then.
"""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HAS_CONTENT = sa.CheckConstraint("title IS NOT NULL OR organisation IS NOT NULL", name="ck_title_organisation")


def upgrade() -> None:
    """Add them, with keys for the names and organisations that are there."""
    op.add_column("speaker", sa.Column("watched", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_speaker_watched", "speaker", ["watched"])
    op.create_index("ix_speaker_wikidata_id", "speaker", ["wikidata_id"])
    op.add_column("role", sa.Column("organisation_key", sa.Text))
    with op.batch_alter_table("role", table_args=(HAS_CONTENT,)) as role:
        role.alter_column("document_id", existing_type=sa.Integer, nullable=True)
    op.create_index("ix_role_organisation_key", "role", ["organisation_key"])
    op.create_table(
        "name_key",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("speaker_id", sa.Integer, sa.ForeignKey("speaker.id"), primary_key=True),
    )
    op.create_index("ix_name_key_speaker_id", "name_key", ["speaker_id"])
    op.create_index("ix_alias_folded_origin", "alias", ["folded", "origin"])
    op.drop_index("ix_alias_spelling", "alias")
    op.drop_column("alias", "spelling")
    _fill_names(op.get_bind())
    _fill_organisations(op.get_bind())


def downgrade() -> None:
    """Refuse: what is watched, and who gave a role, would be lost."""
    raise NotImplementedError("version 0001 cannot hold this database; restore a backup instead")


def _fill_names(connection: sa.Connection) -> None:
    names = sa.text(
        "SELECT alias.speaker_id, alias.text, speaker.kind FROM alias JOIN speaker ON speaker.id = alias.speaker_id "
        "WHERE alias.origin <> 'handle' AND speaker.kind <> 'group'"
    )
    rows = {
        (key, speaker_id)
        for speaker_id, name, kind in connection.execute(names)
        for key in (_person_keys(name) if kind == "person" else _organisation_keys(name))
    }
    insert = sa.text("INSERT INTO name_key (key, speaker_id) VALUES (:key, :speaker_id)")
    if rows:
        connection.execute(insert, [{"key": key, "speaker_id": speaker_id} for key, speaker_id in sorted(rows)])


def _fill_organisations(connection: sa.Connection) -> None:
    roles = connection.execute(sa.text("SELECT id, organisation FROM role WHERE organisation IS NOT NULL")).all()
    update = sa.text("UPDATE role SET organisation_key = :key WHERE id = :id")
    if roles:
        connection.execute(update, [{"key": "".join(_organisation_words(name)), "id": id_} for id_, name in roles])


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return re.findall(r"\w+", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _unified(folded: str) -> str:
    for letters, one in (("ph", "f"), ("v", "f"), ("ck", "k"), ("c", "k"), ("q", "k"), ("z", "s")):
        folded = folded.replace(letters, one)
    return folded


def _spelling(folded: str) -> str:
    skeleton = re.sub(r"[aeiouyw]|(.)(?=\1)", "", _unified(folded))
    return skeleton if len(skeleton) > 1 else folded


def _person_keys(name: str) -> set[str]:
    words = _words(name)
    whole = "".join(words)
    while len(words) > 1 and words[-1] in "jr sr ii iii iv phd md esq".split():
        words.pop()
    start = max(len(words) - 1, 0)
    while (
        start
        and words[start - 1] in "al bin da das de del della den der di dos du el ibn la le st ten van von y".split()
    ):
        start -= 1
    given, surname = words[:start], words[start:]
    if not surname:
        return set()
    surnames = {_spelling("".join(surname)), _spelling(surname[-1])}
    first = (given or surname[:-1])[:1]
    return {
        f"={whole}",
        _spelling(whole),
        *surnames,
        *(f"{key} {_unified(word)[0]}" for key in surnames for word in first),
    }


def _organisation_words(name: str) -> list[str]:
    words = _words(
        re.sub(r",?\s+(?:inc|corp|co|ltd|llc|plc|gmbh|ag|sa|se|nv|bv|ab|oy)\.?$", "", name, flags=re.IGNORECASE)
    )
    return [word for word in words if word not in "a an and at for in of on the".split()] or words


def _organisation_keys(name: str) -> set[str]:
    words = _organisation_words(name)
    if len(words) == 1:
        acronym = words[0] if len(words[0]) <= 6 else ""
    else:
        acronym = "".join(words) if all(len(word) == 1 for word in words) else "".join(word[0] for word in words)
    key = "".join(words)
    return {f"={key}", _spelling(key), acronym} - {"", "="}
