"""Which stored speaker does a mention mean? Pure.

    group     "analysts", "the host"                                        -> a new speaker in every document
    handle    the same account                                              -> that speaker
    name      the same full name, and nothing contradicts it                -> that speaker
    spelling  a like name, the same title at the same organisation          -> merged, with a reason
    else                                                                    -> a new speaker

Only the fourth is a judgement, so only it makes a merge, which a person can undo; nobody is merged again with somebody
from whom a person has parted them. A bare surname names nobody outside its document, unless a person gave it as a name.
What contradicts: a role at another organisation at the same time, another account on the same channel.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kb.ingest.likeness import WHOLE, Likeness, is_initial, is_whole, likeness, plain_name
from kb.ingest.roles import common_role, contradiction, describe, seen_as
from kb.store.candidates import StoredSpeaker
from kb.text import exact_key, fold
from kb.types import Author, PartialDate, SpeakerMention


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a mention is: a stored speaker or a new one, and whose cluster that one should be merged with."""

    speaker_id: int | None = None
    """None for a new speaker."""
    merge_with: int | None = None
    """The root of another cluster."""
    leads: bool = False
    """Whether the mention's name is the better one for both."""
    reason: str = ""


NEW = Identity()


def identify(mention: SpeakerMention, known: Sequence[StoredSpeaker], *, seen: PartialDate | None = None) -> Identity:
    """Find ``mention``, of a document of day ``seen``, among ``known`` speakers.

    These need only include all who have one of its names or its handle, or a like name and a role at the same
    organisation.
    """
    if mention.kind == "group":
        return NEW
    for speaker in known:
        if mention.handle and fold(mention.handle) in map(fold, speaker.handles):
            return Identity(speaker_id=speaker.id)
    known = [speaker for speaker in known if speaker.kind == mention.kind and not contradicts(mention, speaker, seen)]
    found = _the_one(mention, [speaker for speaker in known if shares_name(mention, speaker)])
    others = [s for s in known if not found or (s.root_id != found.root_id and found.root_id not in s.apart)]
    return _by_spelling(mention, others, found)


def contradicts(mention: SpeakerMention, speaker: StoredSpeaker, seen: PartialDate | None) -> bool:
    """Whether something speaks against ``mention`` being that speaker."""
    return contradiction(seen_as(mention.role, seen), speaker.roles) is not None or (
        mention.handle is not None and other_account([mention.handle], speaker.handles) is not None
    )


def other_account(handles: Collection[str], others: Collection[str]) -> tuple[str, str] | None:
    """Two accounts on one channel, where no account is shared; people rarely have two, their parodists have one."""
    if {fold(handle) for handle in handles} & {fold(handle) for handle in others}:
        return None
    same_channel = ((a, b) for a in handles for b in others if a.partition(":")[0] == b.partition(":")[0])
    return next(same_channel, None)


def _the_one(mention: SpeakerMention, named: list[StoredSpeaker]) -> StoredSpeaker | None:
    """The only one of the speakers who share the mention's name, by the first of these that leaves only one."""
    ways: tuple[Callable[[StoredSpeaker], object], ...] = (
        lambda speaker: True,
        lambda speaker: common_role(mention.role, speaker.roles),
        lambda speaker: set(map(fold, names_of(mention))) & set(map(fold, speaker.given)),
        lambda speaker: fold(mention.name) == fold(speaker.name),
    )
    for way in ways:
        chosen = [speaker for speaker in named if way(speaker)]
        if len(roots(chosen)) == 1:
            return max(chosen, key=lambda speaker: fold(mention.name) in map(fold, speaker.aliases))
    return None


def _by_spelling(
    mention: SpeakerMention, others: Sequence[StoredSpeaker], found: StoredSpeaker | None = None
) -> Identity:
    """Who ``mention`` is, ``found`` or new, and which of ``others`` has a like name in the same role."""
    here = Identity(speaker_id=found.id if found else None)
    alike = [
        (like, speaker, role)
        for speaker in others
        if mention.kind == "person" and (role := common_role(mention.role, speaker.roles))
        if mention.role and mention.role.title and role.title
        if (like := closest(list(names_of(mention)), speaker)) and like.score >= WHOLE
    ]
    if len(roots([speaker for _, speaker, _ in alike])) != 1:
        return here
    like, speaker, role = max(alike, key=lambda each: each[0].score)
    return Identity(
        speaker_id=here.speaker_id,
        merge_with=speaker.root_id,
        leads=is_better_name(mention, speaker),
        reason=f"{like.reason} and the same role: {describe(role)}",
    )


def closest(names: Sequence[str], speaker: StoredSpeaker) -> Likeness | None:
    """The greatest likeness between one of ``names`` and one of the speaker's."""
    aliases = [alias for alias in speaker.aliases if alias not in speaker.handles]
    found = (likeness(name, alias, speaker.kind) for name in names for alias in aliases)
    return max((like for like in found if like), key=lambda like: like.score, default=None)


def like_names(mention: SpeakerMention, known: Iterable[tuple[int, str]], *, least: float) -> set[int]:
    """Ids of those (speaker id, name) pairs whose name is at least so much like one of the mention's."""
    names = list(names_of(mention))
    likes = ((speaker_id, likeness(own, name, mention.kind)) for speaker_id, name in known for own in names)
    return {speaker_id for speaker_id, like in likes if like and like.score >= least}


def roots(speakers: Collection[StoredSpeaker]) -> set[int]:
    """The clusters that ``speakers`` belong to."""
    return {speaker.root_id for speaker in speakers}


def names_of(mention: SpeakerMention) -> Iterator[str]:
    """Every name that the mention gives, best first, and each without its honorific or legal form."""
    for name in (mention.name, *mention.spellings):
        yield name
        plain = plain_name(name, mention.kind)
        if plain and plain != name:
            yield plain


def telling_keys(mention: SpeakerMention) -> set[str]:
    """Keys of its names that identify by themselves: full ones of a person, all of an organisation, none of a group."""
    if mention.kind == "group":
        return set()
    names = names_of(mention)
    return {exact_key(name, mention.kind) for name in names if mention.kind != "person" or is_whole(name)}


def shares_name(mention: SpeakerMention, speaker: StoredSpeaker) -> bool:
    """Whether a name that identifies belongs to both: a telling one, or one that a person gave the speaker."""
    given = set(map(fold, names_of(mention))) & set(map(fold, speaker.given))
    own = {exact_key(alias, speaker.kind) for alias in speaker.aliases}
    return bool(given or telling_keys(mention) & own)


def is_better_name(mention: SpeakerMention, speaker: StoredSpeaker) -> bool:
    """Whether the mention's spelling is nearer to the person: their own account's, the one with its accents, or the
    one that writes the given name out."""
    accents = not mention.name.isascii() and speaker.name.isascii()
    return bool(mention.handle) or accents or (is_initial(speaker.name) and not is_initial(mention.name))


def author_mention(author: Author) -> SpeakerMention:
    """The author of a post as a mention."""
    return SpeakerMention(name=author.name, kind=author.kind, role=author.role, handle=author.handle)
