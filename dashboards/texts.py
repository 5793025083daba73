"""What is still to be said in Swahili, what is said twice or no more, and what a native speaker should look at.

`make messages` prints what each room of pages lacks, ready to be filled in; `python -m dashboards.texts links` only what
concerns files with that word in their path; `--all` every text in both languages, `--review FILE` puts what we are not
sure of into that page for the native reviewer (`make review`).
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from dashboards.languages import Entry, Texts, Use, entries, uses

PLACE: Final = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*[^{}]*\}")
START, END = "<!-- from the .po files: make review -->", "<!-- as far as here -->"
UNSURE: Final = "?"  # a comment above an entry that begins so: a native speaker should look at it


def missing(used: Iterable[Use], known: Iterable[Entry]) -> Mapping[Texts, list[str]]:
    """Text -> places of it."""
    there = {entry.texts[0] for entry in known}
    found: dict[Texts, list[str]] = defaultdict(list)
    for use in used:
        if use.texts[0] not in there:
            found[use.texts].append(use.place)
    return found


def mistakes(used: Sequence[Use], known: Sequence[Entry]) -> Iterator[str]:
    """Everything that is wrong with the files of translations, one line each."""
    for texts, places in missing(used, known).items():
        yield f"{places[0]}: {texts[0]!r} is in no .po file"
    said = {use.texts[0] for use in used}
    files: dict[str, list[str]] = defaultdict(list)
    for entry in known:
        files[entry.texts[0]].append(entry.file)
        yield from (f"{entry.file}: {entry.texts[0]!r} {what}" for what in _wrong(entry, said))
    for text, where in files.items():
        if len(where) > 1:
            yield f"{', '.join(where)}: {text!r} stands more than once"


def _wrong(entry: Entry, said: set[str]) -> Iterator[str]:
    if entry.texts[0] not in said:
        yield "is said nowhere any more"
    if entry.fuzzy:
        yield "is marked fuzzy"
    if not all(text.strip() for text in entry.said):
        yield "is not translated"
    elif len({frozenset(PLACE.findall(text)) for text in (entry.texts[-1], *entry.said)}) > 1:
        yield "has other places in its translation"


def ready(lacking: Mapping[Texts, list[str]]) -> Iterator[str]:
    """Entries of a .po file with nothing said yet, by the file that needs them."""
    for texts, places in sorted(lacking.items(), key=lambda one: one[1][0]):
        lines = [f"# {place}" for place in places[:3]]
        if any(PLACE.match(text) for text in re.findall(r"%\(\w+\)[sd]", texts[0])):
            lines.append("#, python-format")
        lines.append(f"msgid {_quoted(texts[0])}")
        if len(texts) > 1:
            lines += [f"msgid_plural {_quoted(texts[1])}", 'msgstr[0] ""', 'msgstr[1] ""']
        else:
            lines.append('msgstr ""')
        yield "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def review(known: Iterable[Entry], *, unsure: bool) -> Iterator[str]:
    """Rows of a table for the native reviewer: English, ours, why we are not sure."""
    yield "| English | ours | not sure because |"
    yield "|---|---|---|"
    for entry in known:
        notes = [note.removeprefix(UNSURE).strip() for note in entry.notes if note.startswith(UNSURE)]
        if notes or not unsure:
            yield f"| {_cell(entry.texts)} | {_cell(entry.said)} | {'; '.join(notes)} |"


def renewed(page: str, known: Iterable[Entry]) -> str:
    """The page for the reviewer with its table of today."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    table = "\n".join(review(known, unsure=True))
    return f"{before}{start}\n{table}\n{end}{after}"


def _cell(texts: Texts) -> str:
    return " / ".join(texts).replace("|", "\\|").replace("\n", " ")


def main(asked: Sequence[str]) -> int:
    """0: nothing is missing of what was asked about."""
    known = list(entries("sw"))
    if "--all" in asked:
        print("\n".join(review(known, unsure=False)))
        return 0
    if "--review" in asked:
        page = Path(asked[-1])
        page.write_text(renewed(page.read_text(), known))
        return 0
    used = list(uses())
    lacking = {
        texts: places
        for texts, places in missing(used, known).items()
        if not asked or any(word in place for word in asked for place in places)
    }
    print("\n".join(ready(lacking)), end="")
    for line in mistakes(used, known):
        if "is in no .po file" not in line and (not asked or any(word in line for word in asked)):
            print(f"! {line}", file=sys.stderr)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
