"""YAML text -> plain data (dict, list, str, int, float, bool, Null) and the line of every value.

Only the parser of ruamel.yaml is used: no constructor ever runs, so a tag in the file cannot run code.
Keys are always text, and plain values follow YAML 1.2: ``08:00``, ``no`` and ``007`` stay text.
"""

import math
import re
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from scenarios.problems import Finding, Place, shown

MOST_BYTES: Final = 5_000_000
MOST_VALUES: Final = 200_000
DEEPEST: Final = 40
_TOO_MANY: Final = (
    f"has more than {MOST_VALUES} values once its aliases are filled in; keep counts in CSV files"
)
_TOO_DEEP: Final = f"is nested more than {DEEPEST} levels deep; a scenario needs about six"

_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][-+]?[0-9]{1,4})?")
_WORDS: Final = {"true": True, "false": False, "True": True, "False": False}
_NULLS: Final = {"~", "null", "Null", "NULL"}
_PLAIN_TAGS: Final = {"bool", "float", "int", "map", "merge", "null", "seq", "str", "timestamp", "value"}
_NOT_NUMBERS: Final = {".nan", ".inf", "+.inf", "-.inf", "nan", "inf", "-inf", "+inf"}
_HINTS: Final = (
    ("'\\t'", "a tab; YAML wants spaces for indentation and between a key and its value"),
    (
        "mapping values are not allowed",
        "a ': ' where none can be; put the text in quotes, or check the indentation",
    ),
    ("unexpected end of stream", "a quote that is opened and never closed"),
    ("expected ',' or ']'", "a list in [ ] that is never closed, or a missing comma"),
    ("expected ',' or '}'", "a map in { } that is never closed, or a missing comma"),
    ("found another document", "a second document ('---'); a scenario file holds one"),
    ("undefined alias", "an alias (*name) to an anchor (&name) that does not exist above it"),
    ("that cannot start any token", "a character that YAML reserves; put the text in quotes"),
    ("expected <block end>", "indentation that does not fit the lines above, or a stray bracket"),
    ("could not find expected ':'", "a line without ': '; a key needs a colon and a space after it"),
)


class Null(Enum):
    """What ``null`` is as plain data: of what lies below it takes away the entry; alone it says nothing."""

    NULL = "null"

    def __repr__(self) -> str:
        return self.value


@dataclass
class Document:
    """Plain data of one YAML text, the line of each value, and what was wrong with the text."""

    data: object = None
    lines: dict[Place, int] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    values: int = 0

    def line(self, place: Place) -> int:
        """Return the line of the value at ``place``, or of the nearest one above that exists."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return self.lines.get((), 1)

    def note(self, place: Place, message: str, node: Node | None = None) -> None:
        """Keep a finding, at the line of ``node`` where given."""
        self.found.append(Finding(place, message, line=_line(node) if node else 0))


class _TooMuchError(ValueError):
    """The text describes more values, or a deeper tree, than any scenario needs, from a line on."""

    def __init__(self, message: str, node: Any) -> None:
        super().__init__(message)
        self.line = _line(node)


class _Composer(Composer):
    """Stops where a text has more values or levels than a scenario needs: the rest could take minutes."""

    def __init__(self, loader: Any = None) -> None:
        super().__init__(loader=loader)
        self.values = self.depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Compose a node and all below it."""
        self.values += 1
        self.depth += 1
        if self.values > MOST_VALUES or self.depth > 2 * DEEPEST:
            at = self.parser.peek_event()
            raise _TooMuchError(_TOO_MANY if self.values > MOST_VALUES else _TOO_DEEP, at)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_file(path: Path) -> Document:
    """Read a YAML file; whatever is wrong with it is in ``found``, nothing is raised."""
    try:
        if path.is_dir():
            return _failed("is a folder, not a scenario file; name a .yaml file in it")
        if path.exists() and not path.is_file():
            return _failed("is a pipe or a device, not a file; save its text as a file and name that")
        if not path.is_file():
            return _failed("there is no such file" + _neighbours(path))
        if path.stat().st_size > MOST_BYTES:
            return _failed(f"is larger than {MOST_BYTES // 1_000_000} MB, too large for a scenario")
        return read_text(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return _failed(f"is not UTF-8 text (byte {error.start}); save it as UTF-8", line)
    except (OSError, ValueError) as error:
        return _failed(f"cannot be read: {getattr(error, 'strerror', None) or error}")


def read_text(text: str) -> Document:
    """Read YAML text; whatever is wrong with it is in ``found``, nothing is raised."""
    document = Document()
    try:
        parser = YAML(typ="safe", pure=True)
        parser.Composer = _Composer
        parser.composer.warn_double_anchors = False  # YAML allows it: the last one above an alias counts
        root = parser.compose(text)
        if root is None:
            return _failed("is empty; a scenario starts with 'careloop: 1'")
        document.data = _value(document, root, ())
    except MarkedYAMLError as error:
        return _failed(*_syntax(error))
    except YAMLError as error:
        return _failed(*_unprintable(str(error), text))
    except RecursionError:
        return _failed(_TOO_DEEP)
    except _TooMuchError as error:
        return _failed(str(error), error.line)
    except (ValueError, OverflowError):
        return _failed(
            "is not valid YAML: an escape such as \\UFFFFFFFF names a character that does not exist"
        )
    return document


def _failed(message: str, line: int = 0) -> Document:
    return Document(found=[Finding((), message, line=line)])


def _neighbours(path: Path) -> str:
    """Name the YAML files of the folder, where it exists: the likeliest cause is a typing error."""
    if not path.parent.is_dir():
        return f" (nor a folder {path.parent})"
    names = sorted(each.name for each in path.parent.glob("[!.]*.y*ml"))
    return f"; the folder has {', '.join(names[:10])}" if names else ""


def _syntax(error: MarkedYAMLError) -> tuple[str, int]:
    """Return what a parser's complaint means, in words, and its line."""
    problem = str(error.problem or error.context or "cannot be read as YAML")
    meaning = next((hint for sign, hint in _HINTS if sign in problem), problem.splitlines()[0])
    unfinished = "unexpected end of stream" in problem  # then it is told where it began
    mark = (error.context_mark if unfinished else None) or error.problem_mark or error.context_mark
    return f"is not valid YAML: {meaning}", mark.line + 1 if mark else 0


def _unprintable(problem: str, text: str) -> tuple[str, int]:
    """Return what to say of text that YAML does not allow, such as a control character, and its line."""
    bad = next((i for i, c in enumerate(text) if not c.isprintable() and c not in "\n\r\t"), None)
    if "special characters are not allowed" in problem and bad is not None:
        message = f"is not valid YAML: it has the control character {shown(text[bad])}; remove it"
        return message, text.count("\n", 0, bad) + 1
    return f"is not valid YAML: {problem.splitlines()[0]}", 0


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _value(document: Document, node: Node, place: Place) -> object:
    """Return the plain data of a node, counting values so that aliases cannot multiply without end."""
    document.values += 1
    if document.values > MOST_VALUES:
        raise _TooMuchError(_TOO_MANY, node)
    if len(place) > DEEPEST:
        raise _TooMuchError(_TOO_DEEP, node)
    document.lines.setdefault(place, _line(node))
    tag = str(node.tag or "")
    if tag.removeprefix("tag:yaml.org,2002:") not in _PLAIN_TAGS:
        document.note(place, f"the tag {_bang(tag)} is not allowed; write a plain value", node)
        return None
    if isinstance(node, MappingNode):
        return _mapping(document, node, place)
    if isinstance(node, SequenceNode):
        return [_value(document, child, (*place, i)) for i, child in enumerate(node.value)]
    return _scalar(document, node, place)


def _bang(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _mapping(document: Document, node: MappingNode, place: Place) -> dict[str, object]:
    """Return a mapping; a key written twice is a finding that names both lines."""
    data: dict[str, object] = {}
    first: dict[str, int] = {}
    merged: list[Node] = []
    for key_node, value_node in node.value:
        key = _key(document, key_node, place)
        if key == "<<" and getattr(key_node, "style", None) is None:
            merged.append(value_node)
        elif key in first:
            document.note((*place, key), f"is written twice; line {first[key]} has it already", key_node)
        elif key is not None:
            first[key] = _line(key_node)
            document.lines.setdefault((*place, key), _line(key_node))
            data[key] = _value(document, value_node, (*place, key))
    for source in merged:
        _merge(document, data, source, place)
    return data


def _key(document: Document, node: Node, place: Place) -> str | None:
    """Return a key as text, or None (and a finding) where it is no text at all."""
    if isinstance(node, ScalarNode) and str(node.value).isprintable() and str(node.value).strip():
        return str(node.value)
    document.note(place, "a key must be one line of plain text", node)
    return None


def _merge(document: Document, data: dict[str, object], node: Node, place: Place) -> None:
    """Add the entries of ``<<: *other`` that are not written out beside it (those keep their lines)."""
    sources = node.value if isinstance(node, SequenceNode) else [node]
    for source in sources:
        if not isinstance(source, MappingNode):
            document.note(place, "'<<' takes a map, or a list of maps", node)
            continue
        for key, value in _mapping(document, source, place).items():
            data.setdefault(key, value)


def is_printable(text: str) -> bool:
    """Tell whether a text can be shown on a terminal and written to a file as it is."""
    return all(c.isprintable() or c in "\n\t" for c in text)


def _scalar(document: Document, node: Node, place: Place) -> object:
    """Return the value of a scalar: quoted is text, plain may be a number, true/false or nothing."""
    text = str(node.value)
    if not is_printable(text):
        bad = ascii(next(c for c in text if not is_printable(c)))
        document.note(place, f"{shown(text)} has the character {bad}, which cannot be printed; remove it")
        return None
    if getattr(node, "style", None) is not None:
        return text
    if text in _NULLS:
        return Null.NULL
    if not text:
        # The second half of a number: {rate: 1,000 per hour} is {rate: 1, "000 per hour": nothing}.
        comma = place and str(place[-1])[:1].isdigit()
        hint = "; a comma ends an entry of { }: write 1000, not 1,000" if comma else ""
        document.note(place, f"is empty; give it a value or remove the line{hint}")
        return None
    if text.lower() in _NOT_NUMBERS:
        document.note(place, f"{text!r} is not a number that can be used; write a plain one")
        return None
    return _plain(text)


def _plain(text: str) -> object:
    """Return what an unquoted word means in YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text) and any(c.isdigit() for c in re.split("[eE]", text)[0]):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
