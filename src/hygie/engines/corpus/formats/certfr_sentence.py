"""One line of ``affected_systems`` of CERT-FR: a product, its versions, what it depends on.

"FortiWeb 7.0.x toutes versions pour la vulnérabilité CVE-2024-23665" is a product, a branch and
one CVE. What cannot be read, or does not decide ("sans le dernier correctif"), keeps its bounds
and gets a note: unknown, with the reason.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hygie.engines.corpus.formats.certfr_forms import V, read_versions
from hygie.engines.corpus.formats.vers import bounded
from hygie.engines.corpus.records import EVERY_VERSION, NO_ATTRIBUTES, Span
from hygie.vocabulary.cve import CVE_PATTERN

TEXT_MAX_CHARS: Final = 2000
IN_PLACE_NOTE: Final = "corrigé par une mise à jour que la version n’indique pas"
NO_VERSION_NOTE: Final = "aucune version donnée"
UNREAD_NOTE: Final = "versions écrites en texte libre"

# Their fixes come as packages or monthly patches: the version named here stays the same.
_PATCHED_IN_PLACE: Final = frozenset(
    {"suse", "red hat", "ubuntu", "debian", "microsoft", "centreon os", "canonical", "opensuse"}
)
_CVES: Final = re.compile(
    r"[,.;]? ?\(?(?:uniquement |seulement )?"
    r"(?:l['’]éditeur indique que le produit ne bénéficiera pas de correctifs?(?: de sécurité)? )?"
    r"(?:pour|affectée?s? par|vulnérables? à|concernée?s? par) (?:la|les) (?:vulnérabilités?|cve) "
    r"(?P<cves>cve-[\d\-]+(?:(?: ?, ?| et )(?:la )?cve-[\d\-]+)*)\)?",
    re.IGNORECASE,
)
_PATCH: Final = re.compile(
    r",? (?P<patch>(?:sans|ne disposant pas d|n'ayant pas) (?:les? |du |des |la |l')?"
    r"(?:derni|denier|correc|script|patch|mise|hotfix|smu|option).*)$",
    re.IGNORECASE,
)
_PLATFORMS: Final = (
    ("windows", r"(?:microsoft )?windows"),
    ("linux_kernel", r"(?:gnu/)?linux"),
    ("macos", r"mac ?os(?: x)?|mac"),
    ("android", r"android"),
    ("iphone_os", r"ios|ipados"),
    ("unix", r"unix"),
)
_SYSTEMS: Final = "|".join(pattern for _, pattern in _PLATFORMS)
_PLATFORM: Final = re.compile(
    rf",? (?:pour|sur) (?P<systems>(?:{_SYSTEMS})(?:(?: ?, ?| et | ou )(?:{_SYSTEMS}))*)$",
    re.IGNORECASE,
)
# What does not change the product or its versions, taken off wherever it stands.
_ARCHITECTURES: Final = r"(?:x86_64|aarch64|s390x|ppc64le|ppc64|i386|noarch)"
_BITS: Final = r"(?:x64|x86|arm64|arm|32[ -]bits?|64[ -]bits?)(?!\w)"
_NOISE: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r" ?\((?:server core installation|installation server core|tous modules)\)",
        rf",? (?:pour|for) (?:les )?(?:systèmes? )?{_BITS}(?:-based)?(?: systems| bits)?",
        r" ?\((?:éditions? )?(?:32|64)[ -]bits?(?: editions?)?\)",
        r",? (?:pour )?éditions? (?:32|64) bits",
        r" \((?:à venir|disponibilité prévue[^()]*|correctif prévu[^()]*|cf\.[^()]*)\)$",
        r" \( ?(?:r?\d[\w.\-/]*|build [\w.]+|v[\d.]+|\d{4}/\d\d/\d\d|(?:cp|hf|kb|sp)\d+) ?\)$",
        r" \((?:fin de vie|eol|end of life)\)$",
        r" pour (?:composer|nextcloud enterprise|nextcloud server)$",
        r" \(?(?:inclus|includes?) [\d.\- ]+\)?(?= |$)",
    )
)
_REWRITES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), instead)
    for pattern, instead in (
        # "Windows 10 Version 21H2" is what NVD calls windows_10_21h2.
        (r"\b(windows (?:10|11|server)),? version (\w+)", r"\1 \2"),
        # "Red Hat Enterprise Linux for x86_64 8 x86_64": the version stands before the machine.
        (rf"^(red hat .*?) (\d+(?:\.\d+)?) {_ARCHITECTURES}$", r"\1 version \2"),
        (r"\bversions? (?:antérieures )?de firmware\b", "versions"),
        (r" (?:avec|exécutant) (?:un|le) (?:microgiciel|firmware) (?=antérieur|versions?)", " "),
        (r" (?:microgiciel|firmware) (?=versions? )", " "),
        (r"\bversions? (\S+) versions? (?=antérieure)", r"versions \1 "),
        (r"\bversion :(?=\d)", "version "),
        (r"\bversions (antérieures) (?!à|ou|aux)(?=\d)", r"versions \1 à "),
        (r"\btoutes versions versions antérieures", "versions antérieures"),
    )
)
_WORDS: Final = re.compile(
    r"(?<![\w\-])(?:toutes? (?:les )?versions?|versions?|antérieure?s? |inférieure?s? )",
    re.IGNORECASE,
)
_BRANCH_TAIL: Final = re.compile(
    r"(?P<head>.*\D) (?P<branch>(?:v|r)?\d+(?:\.\d+)*\.x)", re.IGNORECASE
)
_VERSION_TAIL: Final = re.compile(
    rf"(?P<head>.*[^\d.]) (?P<list>{V}(?:, {V})*(?: et {V})?)", re.IGNORECASE
)
_DOTTED: Final = re.compile(r"\d\.\d|\d-?sp\d|\d sp\d", re.IGNORECASE)
_CONDITION: Final = re.compile(
    r"(?P<kept>.*?)(?P<condition> ?\(.*\)| (?:pour|sur|avec|lorsque|lorsqu['’]\w+|si|utilisant|"
    r"dans|exécuté\w*|et lorsque|et avec|avant le|uniquement|seulement|n['’]\w+)\b.*)",
    re.IGNORECASE,
)
_NOT_A_PRODUCT: Final = re.compile(
    r"se référer|veuillez|l'ensemble des|cf\. section|^(?:de )?multiples produits", re.IGNORECASE
)


class Sentence(NamedTuple):
    """What one line says.

    Attributes:
        product: name of the product, as written; empty when the line names none.
        spans: its versions; at least one.
        cve_ids: the only CVEs of the bulletin it speaks of; empty for all of them.
        attributes: CPE attributes, with the platform where it names one.
    """

    product: str
    spans: tuple[Span, ...]
    cve_ids: frozenset[str] = frozenset()
    attributes: tuple[str, ...] = (NO_ATTRIBUTES,)


def read_sentence(text: str, *, vendor: str = "") -> Sentence:
    """Return what one line of ``affected_systems`` says."""
    text = " ".join(text.split()).rstrip(" .;")
    if len(text) > TEXT_MAX_CHARS or _NOT_A_PRODUCT.search(text):
        return Sentence("", (Span(note=UNREAD_NOTE),))
    text, cve_ids = _without_cves(text)
    text, patch = _cut(_PATCH, text, "patch")
    text = _plain(text)
    text, systems = _cut(_PLATFORM, text, "systems")
    text = _plain(text)
    product, spans = _product_and_versions(text)
    if patch:
        spans = tuple(span._replace(note=patch[:100]) for span in spans)
    elif _is_patched_in_place(vendor):
        spans = tuple(_in_place(span) for span in spans)
    return Sentence(product, spans, cve_ids, _attributes(systems))


def _is_patched_in_place(vendor: str) -> bool:
    return vendor.strip().lower() in _PATCHED_IN_PLACE


def _in_place(span: Span) -> Span:
    """A range with an end names the fixed build; a bare version does not tell the patches."""
    if span.end and not span.note:
        return span
    return span._replace(note=IN_PLACE_NOTE if span.note in ("", NO_VERSION_NOTE) else span.note)


def _without_cves(text: str) -> tuple[str, frozenset[str]]:
    found = _CVES.search(text)
    if not found:
        return text, frozenset()
    kept = f"{text[: found.start()]} {text[found.end() :]}".strip(" .,;")
    names = CVE_PATTERN.findall(found["cves"].upper())
    return " ".join(kept.split()), frozenset(names)


def _cut(pattern: re.Pattern[str], text: str, group: str) -> tuple[str, str]:
    found = pattern.search(text)
    return (text[: found.start()].rstrip(" ,."), found[group]) if found else (text, "")


def _plain(text: str) -> str:
    for pattern in _NOISE:
        text = pattern.sub("", text)
    for pattern, instead in _REWRITES:
        text = pattern.sub(instead, text)
    return " ".join(text.split()).rstrip(" ,.")


def _product_and_versions(text: str) -> tuple[str, tuple[Span, ...]]:
    for found in _WORDS.finditer(text):
        head = text[: found.start()].rstrip(" ,(:-")
        tail = text[found.start() :].strip()
        spans = read_versions(tail) or _conditional(tail)
        if spans and head:
            return _with_branch(head, spans)
    words = _WORDS.search(text)
    if words and words.start():
        return text[: words.start()].rstrip(" ,(:-"), (
            Span(note=f"« {text[words.start() :][:100]} »"),
        )
    return _named_alone(text)


def _conditional(tail: str) -> tuple[Span, ...]:
    """Read what stands before a condition; empty where there is none, or nothing before it."""
    found = _CONDITION.fullmatch(tail)
    spans = read_versions(found["kept"].rstrip(" ,")) if found else ()
    note = f"sous condition : « {found['condition'].strip('() ')[:80]} »" if found else ""
    return tuple(span._replace(note=note) for span in spans)


def _with_branch(head: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
    """``FortiWeb 7.0.x toutes versions``: the branch stands in the name."""
    found = _BRANCH_TAIL.fullmatch(head)
    if not found:
        return head, spans
    if spans == (EVERY_VERSION,):
        return found["head"], (bounded(Span(), "", found["branch"]),)
    start = bounded(Span(), ">=", found["branch"]).start
    return found["head"], tuple(s if s.start or s.exact else s._replace(start=start) for s in spans)


def _named_alone(text: str) -> tuple[str, tuple[Span, ...]]:
    """A line without "versions": a version may end it (``Thunderbird 115.5``)."""
    found = _VERSION_TAIL.fullmatch(text)
    if found and _DOTTED.search(found["list"]):
        spans = read_versions(f"versions {found['list']}")
        if spans:
            return found["head"].rstrip(" ,(:-"), spans
    return text, (Span(note=NO_VERSION_NOTE),)


def _attributes(systems: str) -> tuple[str, ...]:
    """One set of attributes a platform: another platform is another statement."""
    found = [
        f"*:*:*:{name}:*:*"
        for name, pattern in _PLATFORMS
        if any(re.fullmatch(pattern, each, re.IGNORECASE) for each in _systems(systems))
    ]
    return tuple(found) or (NO_ATTRIBUTES,)


def _systems(systems: str) -> list[str]:
    return [each.strip() for each in re.split(r",| et | ou ", systems)]
