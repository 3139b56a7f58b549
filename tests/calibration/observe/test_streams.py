"""Which streams there are, their names, and what becomes of kinds that are new."""

import datetime
from pathlib import Path

import pytest

from calibration.observe.actual import actual
from calibration.observe.streams import REST, rows_like, rows_of
from scenarios import from_dict
from tests.calibration.observe.worlds import Contact, facts_of


def kinds(
    *sizes: tuple[str, int], channel: str = "phone", severity: str = "", outcome: str = ""
) -> list[Contact]:
    """So many contacts of each queue."""
    like = Contact("", 0, channel=channel, severity=severity, outcome=outcome)
    return [like._replace(queue=queue, came=60 * i) for queue, n in sizes for i in range(n)]


def by_stream(folder: Path, world: list[Contact], *by: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    with facts_of(folder, world) as facts:
        rows = rows_of(facts.contacts, by or ("queue",))
        found = rows.table.group_by("stream").agg(n=rows.table.count()).to_pyarrow().to_pylist()
    assert {row["stream"]: row["n"] for row in found} == {each.name: each.contacts for each in rows.streams}
    return {each.name: (each.contacts, each.kinds) for each in rows.streams}


def test_small_kinds_are_the_rest(tmp_path: Path) -> None:
    found = by_stream(tmp_path, kinds(("a", 60), ("b", 34), ("c", 4), ("d", 2)))
    assert found == {"a": (60, ("a",)), "b": (34, ("b",)), REST: (6, ("c", "d"))}
    assert list(found) == ["a", "b", REST]


def test_a_rest_of_one_kind_keeps_its_name(tmp_path: Path) -> None:
    assert by_stream(tmp_path, kinds(("a", 97), ("b", 3))) == {"a": (97, ("a",)), "b": (3, ("b",))}


def test_thirty_queues(tmp_path: Path) -> None:
    """Below the least share each: eight at most have a stream of their own, all contacts are counted."""
    world = kinds(*((f"queue {i:02}", 20) for i in range(30)))
    found = by_stream(tmp_path, world)
    assert list(found) == [REST]
    assert found[REST][0] == len(world)
    twelve = by_stream(tmp_path, kinds(*((f"queue {i:02}", 40 - i) for i in range(12))))
    assert len(twelve) == 9
    assert list(twelve)[-1] == REST
    assert len(twelve[REST][1]) == 4


@pytest.mark.parametrize(
    ("queues", "names"),
    [
        (("a/b", "a:b"), ["a_b", "a_b 2"]),
        (("Sales", "sales"), ["Sales", "sales 2"]),
        (("all", "b"), ["all 2", "b"]),
        (("ALL", "b"), ["ALL 2", "b"]),
        (("x " * 40, "y"), ["x " * 19 + "x", "y"]),
        (("=1", "😀"), ["1", "stream"]),
        (("Ärger", "réclamation"), ["Arger", "reclamation"]),
        (("q" * 200, "q" * 199), ["q" * 40, "q" * 40 + " 2"]),
        (("a", "other"), ["a", "other"]),
        (("x\ny", "x: y"), ["x y", "x_ y"]),
        (("true", "null"), ["true", "null"]),
        (("1", "2.0"), ["1", "2_0"]),
    ],
)
def test_names_are_usable_and_each_is_there_once(
    tmp_path: Path, queues: tuple[str, str], names: list[str]
) -> None:
    found = by_stream(tmp_path, kinds((queues[0], 3), (queues[1], 2)))
    assert list(found) == names
    from_dict(
        {
            "careloop": 1,
            "name": "names",
            "calendar": {"start": "2026-03-02", "days": 1},
            "service_level": "offered",
            "streams": {
                n: {"queue": n, "arrivals": {"rate": "1 per hour"}, "handle_time": {"exponential": "1 min"}}
                for n in names
            },
            "queues": {n: {"target": "80% in 20 s"} for n in names},
            "groups": {"team": {"skills": [names], "agents": 1}},
        }
    )


def test_a_queue_that_is_called_as_the_rest(tmp_path: Path) -> None:
    found = by_stream(tmp_path, kinds((REST, 90), ("b", 3), ("c", 2)))
    assert found == {REST: (90, (REST,)), f"{REST} 2": (5, ("b", "c"))}


def test_told_apart_by_several_facts(tmp_path: Path) -> None:
    world = [*kinds(("a", 5), severity="high"), *kinds(("a", 4)), *kinds(("b", 3), severity="low")]
    found = by_stream(tmp_path, world, "queue", "severity")
    assert list(found) == ["a high", "a untold", "b low"]


def test_the_channel_is_that_of_most(tmp_path: Path) -> None:
    world = [*kinds(("a", 3), channel="chat"), *kinds(("a", 2), channel="email"), *kinds(("b", 4))]
    with facts_of(tmp_path, world) as facts:
        found = {each.name: each.channel for each in rows_of(facts.contacts).streams}
    assert found == {"a": "chat", "b": "phone"}


def test_who_wanted_no_agent_does_not_count(tmp_path: Path) -> None:
    world = [*kinds(("a", 3)), *kinds(("a", 9), outcome="dropped"), *kinds(("b", 9), outcome="self_service")]
    assert by_stream(tmp_path, world) == {"a": (3, ("a",))}
    with (
        facts_of(tmp_path, world[3:]) as facts,
        pytest.raises(ValueError, match="no contact wanted an agent"),
    ):
        rows_of(facts.contacts)


@pytest.mark.parametrize(("sizes", "kept"), [((60, 34, 4, 2), 103), ((60, 40), 100)])
def test_new_kinds_join_the_rest_or_are_left_out(tmp_path: Path, sizes: tuple[int, ...], kept: int) -> None:
    """A queue that comes up in the test is of the rest if there is one; else nothing is known of it."""
    before = kinds(*((f"q{i}", n) for i, n in enumerate(sizes)))
    later = [*before, *kinds(("new", 3))]
    with facts_of(tmp_path, before) as facts:
        streams = rows_of(facts.contacts).streams
    with facts_of(tmp_path, later) as facts:
        rows = rows_like(facts.contacts, ("queue",), streams)
        assert int(rows.table.count().to_pyarrow().as_py()) == kept
        day = datetime.date(2026, 3, 2)
        assert actual(rows, day, day, 1800, 20.0, 5.0).counts[..., 0].sum() == kept
