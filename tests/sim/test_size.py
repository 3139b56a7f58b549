"""Sizes that keep the engine readable, and quick to compile."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.logs import random_model

SOURCES = Path(__file__).parents[2] / "sim"
FILES = sorted(SOURCES.rglob("*.py"))


def code_lines(source: str) -> int:
    """Lines that are code: not blank, no comment, no docstring, no import."""
    tree = ast.parse(source)
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt) and (isinstance(node, ast.Import | ast.ImportFrom) or is_text(node)):
            left_out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(source.splitlines(), start=1)
    return sum(1 for n, line in lines if n not in left_out and line.strip() and line.strip()[0] != "#")


def is_text(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def test_lines_are_counted() -> None:
    text = '"""A\n\nB"""\nimport os\nfrom a import (\n    b,\n)\n\n# c\nx = 1  # d\n\nif x:\n    y()\n'
    assert code_lines(text) == 3


@pytest.mark.parametrize("name", ["fast.py", "reference.py"])
def test_each_flow_of_control_fits_in_a_head(name: str) -> None:
    assert code_lines((SOURCES / name).read_text(encoding="utf-8")) <= 250


def compiled_functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Name) and mark.id == "compiled":
                        yield f"{path.name}: {node.name}", node


def test_compiled_functions_take_few_arguments() -> None:
    """Arrays travel in two tuples; a long list of arguments is what those are there to prevent."""
    sizes = {name: len(node.args.args) for name, node in compiled_functions()}
    assert len(sizes) > 60
    assert {name: size for name, size in sizes.items() if size > 7} == {}


def test_compiled_functions_are_short() -> None:
    """The compiled loop is the exception that the design names."""
    lines = sorted((node.end_lineno or 0) - node.lineno + 1 for _, node in compiled_functions())
    assert lines[len(lines) // 2] <= 14  # signature and docstring included
    assert lines[-1] <= 50


@pytest.mark.parametrize(("part", "most", "beside"), [("tables", 12, 1), ("start", 15, 0)])
def test_a_dozen_structured_arrays(part: str, most: int, beside: int) -> None:
    """In each of the two tuples, and three in the state of what a team that learns has turned and seen.

    Beside the tables comes one plain array, of numbers behind the rules.
    """
    arrays = getattr(random_model(0), part)
    structured = [array for array in arrays if array.dtype.names]
    assert len(structured) <= most
    assert len(arrays) - len(structured) <= beside


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
