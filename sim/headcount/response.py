"""The grid of a response: plans searched at its nodes, each from the plan of its neighbours.

Nodes are searched wave after wave: the centre, the ends of the axes, the middles between, and so on. Those
of a wave know nothing of each other, so that they may be searched side by side, and what is found does not
depend on how many workers there are. A search starts from the plan of the nearest node towards the centre,
and uses what earlier waves have learned: more contacts, or longer ones, make service no better, so what does
not serve with less work does not with more, and what serves with more does with less.

How much of it is chance is seen by searching for the whole effect again, on other chances.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from scenarios.model import Scenario
from scenarios.targets import Goal
from sim.explain.watch import Chances
from sim.headcount.blend import blended
from sim.headcount.blocks import Block, Plan, hours_at_work, paid_hours
from sim.headcount.search import Search, some_blocks
from sim.headcount.service import asked_of, helped_by, service_of
from sim.headcount.surface import CENTRE, PAIRS, USUAL, Axes, Errors, Point, Response, check_axes, value_at
from sim.headcount.trials import Asked, Bench, Trial
from sim.measure import Floats
from sim.progress import Progress, counting
from sim.side_by_side import in_order
from sim.staffing.solve import FRESH_SEED

Node = tuple[int, int, int]
"""A node by its places on the three axes."""
AGAIN: Final = 4  # searches for the whole effect on other chances
MOST_LOOKS: Final = 400  # scenarios, in all replications, that the search of a point may simulate


class _Seen(NamedTuple):
    """What was found at a point."""

    point: Point
    plan: Plan
    paid: Floats  # [group]
    verdicts: dict[Plan, bool]
    not_helped: tuple[Goal, ...]
    helping: dict[Goal, list[int]]
    stopped: bool
    simulations: int


class _Task(NamedTuple):
    """What every point shares."""

    before: Scenario  # with the people of the scenario after
    after: Scenario
    blocks: tuple[Block, ...]
    goals: tuple[Goal, ...]
    asked: Asked
    reference: Trial
    chances: Chances


def response(
    before: Scenario,
    after: Scenario,
    chances: Chances,
    axes: Axes = USUAL,
    groups: Collection[str] | None = None,
    progress: Progress | None = None,
    margin: float | None = None,
    again: int = AGAIN,
) -> Response:
    """Paid hours by group with which service is as in `before`, over effect, volume and handle time.

    Service is held against `before` at its own volume and handle times; people of `groups` change (None: of
    all), from the staffing of `after` on. Queues that none of them serves are left out of it. `progress`
    counts the points of the grid that are done. A pair of inputs gets a table of its own where it makes at
    least `margin` paid hours at its corners (None: those of one person in the largest block). What the whole
    effect frees is searched for `again` times more, each on chances of its own.

    Raises ValueError for what cannot be told half (`blend.py`), and for axes without a centre.
    """
    check_axes(axes)
    grid = _Grid(_task(before, after, chances, groups), axes, progress, margin)
    grid.fill()
    others = [chances._replace(seed=chances.seed + n * FRESH_SEED, workers=1) for n in range(1, again + 1)]

    def work(n: int, stop: threading.Event) -> Floats:
        return _freed(_task(before, after, others[n], groups), stop)

    found = in_order(work, range(again), chances.workers, grid.tell)
    return grid.response()._replace(again=np.array(found).reshape(again, len(after.groups)))


def _task(before: Scenario, after: Scenario, chances: Chances, groups: Collection[str] | None) -> _Task:
    blocks = some_blocks(after, groups)
    goals = helped_by(before, service_of(before, after, groups), {block.group for block in blocks})
    asked = asked_of(goals)
    bench = Bench(asked, chances)
    return _Task(_staffed(before, after), after, blocks, goals, asked, bench.see(before), chances)


def _staffed(before: Scenario, after: Scenario) -> Scenario:
    """The scenario before with the people of the one after, as far as it has their groups."""
    people = {
        name: group.model_copy(update={"agents": other.agents, "shifts": other.shifts})
        for name, group in before.groups.items()
        if (other := after.groups.get(name)) is not None
    }
    return before.model_copy(update={"groups": {**before.groups, **people}})


class _Grid:
    """All points that are searched, in their order."""

    def __init__(self, task: _Task, axes: Axes, progress: Progress | None, margin: float | None) -> None:
        self.task, self.axes = task, axes
        self.middle = _node(axis.index(CENTRE) for axis in axes)
        self.nodes = dict[Node, _Seen]()
        self.held_out: list[_Seen] = []
        self.ranks = [_ranks(len(axis), n) for axis, n in zip(axes, self.middle, strict=True)]
        self.tell = counting(progress, None)
        largest = max(self._gross(block) for block in task.blocks)
        self.margin = largest if margin is None else margin

    def _gross(self, block: Block) -> float:
        return block.hours * self.task.after.groups[block.group].shrinkage.gross_up

    def fill(self) -> None:
        """Search the centre, each input alone, the pairs that interact, and points to check them."""
        self._search([self.middle])
        self._waves(node for i in range(3) for node in self._along(i))
        self._waves(corner for pair in PAIRS for corner in self._corners(pair))
        self._waves(node for pair in self.pairs() for node in self._table(pair))
        found = self._of_grid()
        points = held_out(self.axes, tuple(found.pairs))
        self.held_out = self._points([(point, self._nearest(point)) for point in points])

    def _along(self, i: int) -> Iterable[Node]:
        return (_put(self.middle, i, n) for n in range(len(self.axes[i])))

    def _corners(self, pair: tuple[int, int]) -> list[Node]:
        ends = ((0, len(self.axes[i]) - 1) for i in pair)
        return [_put(_put(self.middle, pair[0], p), pair[1], q) for p, q in product(*ends)]

    def _table(self, pair: tuple[int, int]) -> list[Node]:
        sizes = (range(len(self.axes[i])) for i in pair)
        return [_put(_put(self.middle, pair[0], p), pair[1], q) for p, q in product(*sizes)]

    def _waves(self, nodes: Iterable[Node]) -> None:
        """Search nodes that are not known, those first between which the others lie."""
        missing = sorted({node for node in nodes if node not in self.nodes})
        for rank in sorted({self._rank(node) for node in missing}):
            self._search([node for node in missing if self._rank(node) == rank])

    def _rank(self, node: Node) -> int:
        return sum(ranks[n] for ranks, n in zip(self.ranks, node, strict=True))

    def _distance(self, node: Node) -> int:
        return sum(abs(a - b) for a, b in zip(node, self.middle, strict=True))

    def _search(self, nodes: Sequence[Node]) -> None:
        tasks = [(self._point(node), self._start(node)) for node in nodes]
        self.nodes.update(zip(nodes, self._points(tasks), strict=True))

    def _points(self, tasks: Sequence[tuple[Point, Plan]]) -> list[_Seen]:
        """Points searched side by side, each from a plan, with what all nodes before have learned."""
        known = tuple(self.nodes.values())

        def work(n: int, stop: threading.Event) -> _Seen:
            return _searched(self.task, *tasks[n], known, stop)

        return in_order(work, range(len(tasks)), self.task.chances.workers, self.tell)

    def _point(self, node: Node) -> Point:
        effect, volume, handle_time = (axis[n] for axis, n in zip(self.axes, node, strict=True))
        return effect, volume, handle_time

    def _start(self, node: Node) -> Plan:
        """The plan from which a node is searched.

        Where both inputs differ from the centre, it is what both neighbours say, less what they share. With
        less than the whole effect nobody has left yet: to take people away is quicker than to find who is
        missing.
        """
        if node == self.middle:
            return (0,) * len(self.task.blocks)
        off = [i for i in range(3) if node[i] != self.middle[i]]
        near = [self._known(_put(node, i, self._nearer(i, node[i]))) for i in off]
        if len(near) == 1:
            return tuple(max(n, 0) for n in near[0].plan) if self._is_less(node) else near[0].plan
        shared = self._known(_node(self._nearer(i, n) for i, n in enumerate(node)))
        plan = (sum(each) for each in zip(*(seen.plan for seen in near), strict=True))
        return tuple(
            max(both - old, -block.heads)
            for both, old, block in zip(plan, shared.plan, self.task.blocks, strict=True)
        )

    def _is_less(self, node: Node) -> bool:
        """Whether less than the whole effect is all that differs from the centre."""
        return node[0] < self.middle[0] and node[1:] == self.middle[1:]

    def _nearer(self, i: int, n: int) -> int:
        """The place on axis i that is one step nearer to the centre."""
        middle = self.middle[i]
        return n + (n < middle) - (n > middle)

    def _known(self, node: Node) -> _Seen:
        """What is known nearest to a node: its own, or that of the main effects on its way."""
        if node in self.nodes:
            return self.nodes[node]
        known = (each for each in self.nodes if self._is_on_the_way(each, node))
        return self.nodes[max(known, key=lambda each: (self._distance(each), each))]

    def _is_on_the_way(self, node: Node, end: Node) -> bool:
        """Whether a node lies between the centre and another one."""
        ways = zip(node, end, self.middle, strict=True)
        return all(min(one, other) <= n <= max(one, other) for n, one, other in ways)

    def _nearest(self, point: Point) -> Plan:
        """The plan of the nearest node of the grid, in steps of the axes."""
        steps = [abs(axis[1] - axis[0]) for axis in self.axes]

        def away(node: Node) -> float:
            return sum(abs(a - b) / step for a, b, step in zip(self._point(node), point, steps, strict=True))

        return self.nodes[min(sorted(self.nodes), key=away)].plan

    def interaction(self, pair: tuple[int, int], node: Node) -> Floats:
        """What a pair does at a node beyond what each of its inputs does alone [group]."""
        one, other = (self.nodes[_put(self.middle, i, node[i])].paid for i in pair)
        found: Floats = self.nodes[node].paid - one - other + self.nodes[self.middle].paid
        return found

    def at_corners(self, pair: tuple[int, int]) -> float:
        """The largest interaction of a pair at its corners, all groups together."""
        return max(abs(float(self.interaction(pair, corner).sum())) for corner in self._corners(pair))

    def pairs(self) -> list[tuple[int, int]]:
        """Those that interact: somewhere at their corners by at least the margin.

        Less than one person in the largest block is what whole people make of smooth curves.
        """
        return [pair for pair in PAIRS if self.at_corners(pair) >= self.margin * (1.0 - 1e-9)]

    def _of_grid(self) -> Response:
        """The response without its errors."""
        centre = self.nodes[self.middle].paid
        mains = tuple(np.array([self.nodes[n].paid - centre for n in self._along(i)]) for i in range(3))
        pairs = {pair: self._pair_table(pair) for pair in self.pairs()}
        seen = [*self.nodes.values(), *self.held_out]
        return Response(
            tuple(sorted(self.task.after.groups)),
            self.axes,
            centre,
            mains,
            pairs,
            {pair: self.at_corners(pair) for pair in PAIRS},
            self.margin,
            Errors((), np.zeros((0, len(centre))), np.zeros((0, len(centre)))),
            np.zeros((0, len(centre))),
            tuple(each.point for each in self.nodes.values() if each.not_helped or each.stopped),
            len(self.nodes),
            sum(each.simulations for each in seen) + self.task.chances.replications,
            self.task.chances.replications,
        )

    def _pair_table(self, pair: tuple[int, int]) -> Floats:
        sizes = [len(self.axes[i]) for i in pair]
        table = [self.interaction(pair, node) for node in self._table(pair)]
        return np.array(table).reshape(*sizes, -1)

    def response(self) -> Response:
        """The response with what it is off at the points that were held out."""
        found = self._of_grid()
        points = tuple(each.point for each in self.held_out)
        told = np.array([value_at(found, point) for point in points])
        return found._replace(errors=Errors(points, np.array([each.paid for each in self.held_out]), told))


def _put(node: Node, i: int, n: int) -> Node:
    """The node with another place on axis i."""
    return _node(n if i == at else each for at, each in enumerate(node))


def _ranks(size: int, middle: int) -> list[int]:
    """In which wave each place of an axis is searched: its centre, its ends, and then always the middle."""
    found = [0] * size
    spans = [(0, middle), (middle, size - 1)]
    found[0], found[-1] = int(middle > 0), int(middle < size - 1)
    while spans:
        low, high = spans.pop()
        if high - low > 1:
            between = (low + high) // 2
            found[between] = max(found[low], found[high]) + 1
            spans += [(low, between), (between, high)]
    return found


def _node(places: Iterable[int]) -> Node:
    effect, volume, handle_time = places
    return effect, volume, handle_time


def held_out(axes: Axes, pairs: Sequence[tuple[int, int]]) -> tuple[Point, ...]:
    """Points that are no nodes: between those of an axis, of a pair, and some at which all three differ.

    A change that is searched for not at all and whole alone is not looked at half.
    """
    lows, highs = sides = [[_middle(axis, above) for axis in axes] for above in (False, True)]
    if len(axes.effect) == 2:
        lows[0], highs[0] = axes.effect
    found = [_at({i: side[i]}) for i in range(3) for side in sides]
    found += [_at({i: a[i], j: b[j]}) for i, j in pairs for a, b in product(sides, sides)]
    ends = [(axis[0], axis[-1]) for axis in axes]
    found += [(ends[0][0], ends[1][0], ends[2][1]), (ends[0][0], ends[1][1], ends[2][0])]
    found += [(lows[0], highs[1], highs[2]), (lows[0], lows[1], lows[2])]
    return tuple(point for point in dict.fromkeys(found) if not _is_node(axes, pairs, point))


def _is_node(axes: Axes, pairs: Sequence[tuple[int, int]], point: Point) -> bool:
    """Whether the grid has searched a point: on an axis, or in the table of a pair."""
    off = tuple(i for i, x in enumerate(point) if x != CENTRE)
    return all(point[i] in axes[i] for i in off) and (len(off) < 2 or off in pairs)


def _middle(axis: Sequence[float], above: bool) -> float:
    """The middle of the cell halfway between the centre and one end of an axis."""
    centre = axis.index(CENTRE)
    n = centre + (len(axis) - 1 - centre) // 2 if above else (centre - 1) // 2
    n = min(max(n, 0), len(axis) - 2)
    return (axis[n] + axis[n + 1]) / 2.0


def _at(given: Mapping[int, float]) -> Point:
    """The centre with other values of some inputs."""
    effect, volume, handle_time = (given.get(i, CENTRE) for i in range(3))
    return effect, volume, handle_time


def _searched(
    task: _Task, point: Point, start: Plan, before: Sequence[_Seen], stop: threading.Event
) -> _Seen:
    """Search a point, its replications one after the other: points are what is side by side."""

    def tell() -> None:
        if stop.is_set():
            raise InterruptedError("given up, since another point failed")

    version = blended(task.before, task.after, *point)
    limit = MOST_LOOKS * task.chances.replications
    bench = Bench(task.asked, task.chances._replace(workers=1), tell, limit)
    helping = {goal: blocks for each in before for goal, blocks in each.helping.items() if blocks}
    known = _knowing(point, before)
    search = Search(version, task.blocks, task.goals, task.reference, bench, known, helping)
    plan = search.solve(start)
    paid = paid_hours(version, hours_at_work(search.scenario(plan)))
    return _Seen(
        point,
        plan,
        np.array([paid[name] for name in sorted(task.after.groups)]),
        search.verdicts,
        tuple(search.not_helped),
        search.helping,
        search.stopped,
        bench.simulations,
    )


def _freed(task: _Task, stop: threading.Event) -> Floats:
    """Paid hours [group] that the whole effect frees, searched from the beginning."""
    nobody = (0,) * len(task.blocks)
    whole = _searched(task, (CENTRE, CENTRE, CENTRE), nobody, (), stop)
    start = tuple(max(n, 0) for n in whole.plan)
    none = _searched(task, (0.0, CENTRE, CENTRE), start, (whole,), stop)
    return none.paid - whole.paid


def _knowing(point: Point, before: Sequence[_Seen]) -> Callable[[Plan], bool | None]:
    """What nodes with less work, or more, say of a plan here; None where they say nothing.

    Nodes at which something was left aside say nothing: they hold less against `before`.
    """
    usable = [each for each in before if not each.not_helped and each.point[0] == point[0]]
    less = [each for each in usable if each.point[1] <= point[1] and each.point[2] <= point[2]]
    greater = [each for each in usable if each.point[1] >= point[1] and each.point[2] >= point[2]]
    failing = [plan for each in less for plan, serves in each.verdicts.items() if not serves]
    serving = [plan for each in greater for plan, serves in each.verdicts.items() if serves]

    def known(plan: Plan) -> bool | None:
        if any(_at_most(plan, other) for other in failing):
            return False
        return True if any(_at_most(other, plan) for other in serving) else None

    return known


def _at_most(plan: Plan, other: Plan) -> bool:
    return all(a <= b for a, b in zip(plan, other, strict=True))
