"""at_edge: what it must do, other right ways, and what goes wrong."""

import copy
import math

import numpy as np

from grader.authoring import mistake, variant
from nnlib.checks import require

HINTS = (
    "Work out the place of one value first: 0 at low, 1 at high. On which scale is the distance measured?",
    "One function of v for each scale; then the same formula for all. What happens to it when low equals high?",
    "A rate of 20 on the log scale from 0.01 to 100: in powers of ten 1.3 between -2 and 2, so its place is 3.3 / 4 = "
    "0.825: not at the edge. For 90 it is 0.99: at the edge.",
)


def _require_edges(student, space, best, expected):
    got = student.at_edge(copy.deepcopy(space), copy.deepcopy(best))
    require(isinstance(got, list | tuple), "The result must be a list of names.")
    require(all(isinstance(name, str) for name in got), "The result must be a list of names.")
    require(len(got) == len(set(got)), "A name comes more than once.")
    for name in space:
        scale = space[name][0]
        if name in expected:
            require(name in got, f'A value at an edge of a range on the "{scale}" scale is not named.')
        else:
            require(name not in got, f'A value that is not at an edge is named, on the "{scale}" scale.')
    require(set(got) <= set(space), "Only names of the space can be named.")


def _check_alone(student, scale, low, high, places):
    """Check values by themselves; places maps a value to whether it is at an edge."""
    for value, edge in places.items():
        _require_edges(student, {"v": (scale, low, high)}, {"v": value}, ["v"] if edge else [])


def test_at_edge_on_a_log_scale(student):
    """Edges of a log range are counted in decades, at both ends."""
    _check_alone(student, "log", 1e-5, 1e-1, {2e-2: False, 1e-3: False, 2.5e-5: False, 1.2e-5: True, 8e-2: True})
    _check_alone(student, "log", 0.02, 50.0, {0.0215: True, 0.5: False, 2.0: False, 30.0: False, 45.0: True})


def test_at_edge_on_a_momentum_scale(student):
    """Edges of a range of beta are counted by its distance to 1, at both ends."""
    _check_alone(student, "momentum", 0.9, 0.9999, {0.902: True, 0.91: True, 0.94: False, 0.995: False})
    _check_alone(student, "momentum", 0.9, 0.9999, {0.999: False, 0.9997: False, 0.99988: True})
    _check_alone(student, "momentum", 0.0, 0.99, {0.1: True, 0.3: False, 0.5: False, 0.97: False, 0.9895: True})


def test_at_edge_of_beta_far_from_one(student):
    """Near zero, where beta hardly matters, the edge of its range is wide."""
    _check_alone(student, "momentum", 0.05, 0.99, {0.075: True, 0.12: True, 0.5: False, 0.985: False, 0.9895: True})


def test_at_edge_on_a_linear_scale(student):
    """Edges of a linear range are a twentieth of its length, at both ends."""
    _check_alone(student, "linear", 0.4, 0.9, {0.41: True, 0.44: False, 0.65: False, 0.86: False, 0.89: True})
    _check_alone(student, "linear", -3.0, 1.0, {-2.9: True, -2.5: False, 0.0: False, 0.7: False, 0.9: True})


def test_at_edge_of_whole_numbers(student):
    """Whole numbers are measured on a linear scale, and the ends are edges."""
    _check_alone(student, "int", 2, 4, {2: True, 3: False, 4: True})
    _check_alone(student, "int", 1, 101, {4: True, 5: True, 8: False, 51: False, 94: False, 98: True})
    _check_alone(student, "int", 0, 1, {0: True, 1: True})


def test_at_edge_at_the_very_ends(student):
    """The ends themselves are at the edge, on every scale."""
    space = {"a": ("log", 0.003, 3.0), "b": ("momentum", 0.7, 0.98), "c": ("linear", 0.1, 0.7), "d": ("int", 5, 9)}
    for end in (1, 2):
        _require_edges(student, space, {name: entry[end] for name, entry in space.items()}, list(space))
    _require_edges(student, space, {"a": 0.1, "b": 0.9, "c": 0.4, "d": 7}, [])


def test_at_edge_begins_at_five_percent(student):
    """Four hundredths of a range away from an end is at the edge, six hundredths is not, on every scale."""
    for scale, low, high in [("linear", 10.0, 20.0), ("log", 0.001, 4.0), ("momentum", 0.8, 0.995), ("int", 100, 200)]:
        for place in (0.02, 0.04, 0.06, 0.08, 0.5, 0.92, 0.94, 0.96, 0.98):
            if scale == "log":
                value = low * (high / low) ** place
            elif scale == "momentum":
                value = 1 - (1 - low) * ((1 - high) / (1 - low)) ** place
            else:
                value = low + place * (high - low)
            value = round(value) if scale == "int" else value
            _check_alone(student, scale, low, high, {value: not 0.05 < place < 0.95})


def test_at_edge_names_each_that_is_and_no_other(student):
    """With several hyperparameters, exactly those at an edge are named."""
    space = {
        "width": ("int", 10, 210),
        "lr": ("log", 1e-4, 1e2),
        "beta": ("momentum", 0.5, 0.995),
        "keep": ("linear", 0.2, 1.0),
    }
    inside = {"width": 100, "lr": 0.02, "beta": 0.93, "keep": 0.5}
    outer = {"width": 208, "lr": 80.0, "beta": 0.9945, "keep": 0.21}
    for number in range(16):
        out = {name for i, name in enumerate(space) if number >> i & 1}
        best = {name: (outer if name in out else inside)[name] for name in reversed(space)}
        _require_edges(student, space, best, out)


def test_at_edge_goes_by_the_range(student):
    """The same value is at the edge of one range and well inside another."""
    for high, edge in [(0.011, True), (0.1, False), (10.0, False)]:
        _check_alone(student, "log", 1e-4, high, {0.0105: edge})
    _require_edges(student, {"x": ("linear", 0.0, 1.0), "y": ("linear", 0.0, 8.0)}, {"x": 0.99, "y": 0.99}, ["x"])


def test_at_edge_never_names_a_range_of_one_value(student):
    """Where low equals high the value was chosen on purpose."""
    space = {
        "a": ("log", 0.1, 0.1),
        "b": ("momentum", 0.9, 0.9),
        "c": ("linear", 0.0, 0.0),
        "d": ("int", 3, 3),
        "e": ("log", 1.0, 9.0),
    }
    _require_edges(student, space, {"a": 0.1, "b": 0.9, "c": 0.0, "d": 3, "e": 8.9}, ["e"])
    _require_edges(student, space, {"a": 0.1, "b": 0.9, "c": 0.0, "d": 3, "e": 3.0}, [])


def test_at_edge_ignores_other_names(student):
    """What the configuration has beyond the space does not count, whatever it is."""
    space = {"lr": ("log", 1e-3, 1.0), "units": ("int", 4, 40)}
    _require_edges(student, space, {"epochs": 20, "units": 20, "activation": "relu", "lr": 0.98}, ["lr"])
    _require_edges(student, space, {"seed": 1, "lr": 0.05, "units": 22}, [])


def test_at_edge_of_tiny_ranges(student):
    """Ranges that lie close together near zero are ranges like any other."""
    _check_alone(student, "log", 1e-12, 1e-9, {1.1e-12: True, 3e-11: False, 9e-10: True})
    _check_alone(student, "linear", 1e-10, 9e-10, {1.1e-10: True, 5e-10: False, 8.9e-10: True})


@variant
def by_limits(space, best):
    found = []
    for name in space:
        scale, low, high = space[name]
        value = best[name]
        if scale == "log":
            low, high, value = np.log10(low), np.log10(high), np.log10(value)
        if scale == "momentum":
            low, high, value = -np.log10(1 - low), -np.log10(1 - high), -np.log10(1 - value)
        margin = 0.05 * (high - low)
        if margin > 0 and (value <= low + margin or value >= high - margin):
            found.append(name)
    return found


@variant
def by_distance_from_the_middle(space, best):
    def place(scale, low, high, value):
        if scale == "log":
            return math.log(value / low) / math.log(high / low)
        if scale == "momentum":
            return math.log((1 - value) / (1 - low)) / math.log((1 - high) / (1 - low))
        return (value - low) / (high - low)

    return sorted(n for n, (s, a, b) in space.items() if a != b and abs(place(s, a, b, best[n]) - 0.5) > 0.45)


@variant
def by_nearest_end(space, best):
    names = ()
    for name, (scale, *ends) in reversed(space.items()):
        points = np.array([*ends, best[name]], dtype=float)
        points = {"log": np.log2, "momentum": lambda p: np.log1p(-p)}.get(scale, np.asarray)(points)
        length = abs(points[1] - points[0])
        if length == 0:
            continue
        if np.abs(points[:2] - points[2]).min() / length < 0.05:
            names += (name,)
    return names


PLACE = "(value - start) / (end - start)"
AT_EDGE = f"not 0.05 < {PLACE} < 0.95"
DISTANCE = "lambda v: np.log(1 - v)"
MISTAKES = [
    mistake("Only values exactly at an end are named.",
            "A random draw never hits an end exactly. How near is near enough?",
            {AT_EDGE: "best[name] in (low, high)"}),
    mistake("Every range is measured on a linear scale.",
            "Where does 0.001 lie between 0.00001 and 0.1, counted in decades?",
            {"on_scale[scale](v)": "float(v)"}),
    mistake('The "log" scale is treated as linear.',
            "Where does 0.001 lie between 0.00001 and 0.1, counted in decades?",
            {'"log": np.log': '"log": float'}),
    mistake('The "momentum" scale is treated as linear.',
            "Where does 0.99 lie between 0.9 and 0.999, counted in powers of ten of 1 - beta?",
            {DISTANCE: "float"}),
    mistake('The "momentum" scale is treated like "log": the logarithm is taken of beta, not of 1 - beta.',
            "Which quantity has the natural scale for beta? See exercise 2.",
            {DISTANCE: "lambda v: np.log(max(v, 1e-12))"}),
    mistake("The momentum scale is measured by its window 1 / (1 - beta), linearly.",
            "Is a window of 100 near the lower end of 10 to 1000? On which scale?",
            {DISTANCE: "lambda v: 1 / (1 - v)"}),
    mistake("Whole numbers are measured on a log scale.",
            "From 1 to 101 units, how far from the lower end is 8? Count units, not factors.",
            {'"int": float': '"int": lambda v: np.log(max(v, 1e-12))'}),
    mistake("For beta the logarithm of the distance falls as beta rises, so the limits are compared the wrong way "
            "round.",
            "Is log(1 - low) the larger or the smaller of the two ends? A place from 0 to 1 does not care.",
            {AT_EDGE: "value < start + 0.05 * (end - start) or value > end - 0.05 * (end - start)"}),
    mistake("Only the upper end is looked at.",
            "Can a range also be too short below?",
            {AT_EDGE: f"{PLACE} >= 0.95"}),
    mistake("Only the lower end is looked at.",
            "Can a range also be too short above?",
            {AT_EDGE: f"{PLACE} <= 0.05"}),
    mistake("A value must be near both ends at once to be named, which never happens.",
            "and, or: which of them joins the two ends?",
            {AT_EDGE: f"{PLACE} <= 0.05 and {PLACE} >= 0.95"}),
    mistake("A tenth or a hundredth of the range counts as edge instead of a twentieth.",
            "Between which two places is a value well inside?",
            {"0.05": "0.1", "0.95": "0.9"}, {"0.05": "0.01", "0.95": "0.99"}),
    mistake("Half of the five percent was put at each end.",
            "Below which place is a value at the lower edge?",
            {"0.05": "0.025", "0.95": "0.975"}),
    mistake("Five percent of the ends themselves are used, not of the range between them.",
            "From 50 to 60, how long is the range, and what is a twentieth of that?",
            {AT_EDGE: "best[name] <= low + 0.05 * abs(low) or best[name] >= high - 0.05 * abs(high)"},
            {AT_EDGE: "value <= start + 0.05 * abs(start) or value >= end - 0.05 * abs(end)"},
            {"if not": "start, end = min(start, end), max(start, end)\n        if not",
             AT_EDGE: "value <= start + 0.05 * abs(start) or value >= end - 0.05 * abs(end)"}),
    mistake("The distance from the end is compared with 0.05 itself, whatever the length of the range.",
            "A range from 1 to 101 and one from 0.4 to 0.9: is 0.05 the same share of both?",
            {AT_EDGE: "best[name] - low <= 0.05 or high - best[name] <= 0.05"},
            {AT_EDGE: "abs(value - start) <= 0.05 or abs(end - value) <= 0.05"},
            {'"log": np.log': '"log": np.log10', DISTANCE: DISTANCE.replace("np.log", "np.log10"),
             AT_EDGE: "abs(value - start) <= 0.05 or abs(end - value) <= 0.05"}),
    mistake("A range of one value is named, though it was chosen on purpose.",
            "What is your place when low equals high? Treat that case by itself.",
            {"continue": "names.append(name)\n            continue"}),
    mistake("The function ends at the first range of one value, so the names behind it are not looked at.",
            "Which names come after that range, and does your loop still reach them?",
            {"continue": "break"}, {"continue": "return names"}),
    mistake("A range of one value makes the function divide by zero.",
            "high - low can be zero. Treat that case by itself.",
            {"if low == high:\n            continue\n        ": ""}),
    mistake("Ends that differ by less than 1e-8 are taken for a single value, so that tiny ranges are never at an "
            "edge.",
            "What does np.isclose say about 1e-12 and 1e-9? A range of a single value has low == high.",
            {"low == high": "np.isclose(low, high)"}),
    mistake("The loop goes over best, which may have names that the space does not know.",
            "Which of the two dicts says what was searched?",
            {"for name, (scale, low, high) in space.items():":
             "for name in best:\n        scale, low, high = space[name]"}),
    mistake("Only the first name at an edge is returned.",
            "Does a return inside the loop let it go on?",
            after=lambda names: names[:1]),
    mistake("The result is only whether any value is at an edge, not which.",
            "Which range must be moved? The names say so.",
            after=bool),
    mistake("The names of the values well inside are returned instead of those at an edge.",
            "What should come out when all is well?",
            {"return names": "return [name for name in space if name not in names]"}),
    mistake("The places are returned, not the names.",
            "What should the reader of the result do next, and what must it say for that?",
            {"names = []": "names = dict.fromkeys(space, 0.5)",
             f"if {AT_EDGE}:\n            names.append(name)": f"names[name] = float({PLACE})"}),
]
