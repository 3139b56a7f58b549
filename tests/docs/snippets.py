"""The snippets of a Markdown page: code fences, with the comment that may stand before one.

<!-- file: NAME -->       the snippet is this file; later commands find it
<!-- edit: NAME -->       lines with - of this file become those with +
<!-- part of: PLACE -->   YAML that belongs below a place of the last complete scenario (at first the one that
                          `careloop new` writes), or of the file
<!-- exit: CODE -->       the commands end with this code
<!-- prints -->           lines that the command above has printed
<!-- prints: words -->    the same, but figures may differ
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
FEW: Final = ("--replications", "2")  # for a command that does not say: enough to see that it runs
PAGES: Final = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "docs/tutorial.md",
    "docs/scenario.md",
    "docs/why.md",
    "docs/erlang.md",
    "docs/formula.md",
    "docs/staffing.md",
    "docs/real_counts.md",
    "docs/real_day.md",
    "docs/time_varying.md",
    "docs/cases.md",
    "docs/learning.md",
    "docs/pitfalls.md",
    "docs/plan.md",
    "docs/finance.md",
)
_FENCE: Final = re.compile(
    r"^(?:<!-- (?P<remark>[^\n]*?) -->\n+)?```(?P<language>\w*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


class Snippet(NamedTuple):
    """A code fence of a page."""

    page: str
    line: int
    language: str
    remark: str  # "", or what the comment before it says
    text: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"

    def said(self, kind: str) -> str | None:
        """What the comment says of this kind: `file` of "file: my_team.yaml"; None if it is of another."""
        found, _, what = self.remark.partition(": ")
        return what if found == kind else None

    @property
    def file(self) -> str | None:
        """The name of the file that the snippet is, if it is one."""
        return self.said("file")


def snippets(page: str) -> Iterator[Snippet]:
    """The snippets of a page, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        line = text.count("\n", 0, found.start("language")) + 1
        yield Snippet(page, line, found["language"], found["remark"] or "", found["text"])


def all_snippets(*languages: str) -> list[Snippet]:
    """The snippets of all pages in these languages."""
    return [each for page in PAGES for each in snippets(page) if each.language in languages]


def commands(snippet: Snippet) -> list[str]:
    """The commands of a shell snippet, one a line."""
    return [line.strip() for line in snippet.text.splitlines() if line.strip() and not line.startswith("#")]


def edited(text: str, diff: str) -> str:
    """A text in which the lines with - of a snippet have become those with +."""
    old, new = ("".join(f"{line[1:]}\n" for line in diff.splitlines() if line[:1] == sign) for sign in "-+")
    assert text.count(old) == 1, f"not once in the file: {old}"
    return text.replace(old, new)
