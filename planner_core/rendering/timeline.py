"""The timeline: the same tasks one after the other and side by side, on one axis, with the time saved."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from statistics import median_low

from planner_core.durations import MINUTES_PER_DAY, format_duration
from planner_core.rendering.dot import DotWriter
from planner_core.rendering.text import fit_label, text_width
from planner_core.rendering.theme import BOLD_FONT, FONT, ThemeName, colour

DEFAULT_WIDTH = 960.0
WIDEST = 12_000.0
READABLE_BAR = 24.0  # the width in points that the middle one of all bars has at least
_MARGIN = 12.0
_LABELS, _NARROW_LABELS, _NARROW = 92.0, 66.0, 520.0
_LANE, _BAR = 28.0, 21.0
_AXIS, _HEADING, _BAND_NAME = 20.0, 26.0, 14.0
_TICK_ROOM = 60.0
_STEPS = (5, 15, 30, 60, 120, 240, *(MINUTES_PER_DAY * days for days in (1, 2, 5, 10, 20, 50, 100, 200, 500)))
_SIZE, _SMALL = 9.0, 7.5
_KEY_SIZES = (9.0, 7.5, 6.0)


@dataclass(frozen=True, slots=True)
class Bar:
    """One task's time in a row, in minutes from the start of the plan."""

    uid: str
    key: str
    title: str
    start: int
    finish: int
    critical: bool = False
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """What one agent does: its bars, and how much of the makespan it is busy, in percent."""

    name: str
    bars: tuple[Bar, ...] = ()
    busy: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A phase's span in the parallel schedule, in minutes."""

    name: str
    start: int
    finish: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """An arrow from one task's bar to that of a task which waits for it, both by uid, in the lanes."""

    predecessor: str
    successor: str


@dataclass(frozen=True, slots=True)
class TimelineInput:
    """What the timeline shows. Makespans and `saved` are minutes; `speedup` is how many times faster.

    `link` is the address of a task's page with `{uid}` in it, or empty.
    """

    sequential: tuple[Bar, ...]
    lanes: tuple[Lane, ...]
    sequential_makespan: int
    parallel_makespan: int
    saved: int
    speedup: float
    hand_overs: tuple[HandOver, ...] = ()
    bands: tuple[Band, ...] = ()
    link: str = ""


def timeline_dot(timeline: TimelineInput, *, width: float = DEFAULT_WIDTH, theme: ThemeName = "light") -> str:
    """Draw the timeline as DOT source with pinned positions, in the order in which things are painted.

    `width` is in points; a long plan is drawn wider (up to WIDEST), so that most bars stay readable. Bars in
    the lanes have the ids `bar-<uid>`, those of the sequential row `seq-<uid>`, hand-overs
    `hand-<uid>--<uid>`; classes are `bar`, `crit`, `assumed`, `lane`, `phase`, `grid`, `saved` and so on,
    see `theme.RULES`. Labels are cut to the bars by Helvetica's widths, so that the drawing is the same with
    any font installed. Linear in the number of bars.
    """
    return _Timeline(timeline, width, theme).draw()


def axis_step(room: float, scale: float) -> int:
    """The distance between ticks, in minutes: the smallest even one that leaves `room` points at `scale`."""
    return next((step for step in _STEPS if step * scale >= room), _STEPS[-1])


class _Timeline:
    """One drawing in the making. x and y are points from the top left corner; y grows downwards."""

    def __init__(self, timeline: TimelineInput, width: float, theme: ThemeName) -> None:
        self.timeline = timeline
        self.theme = theme
        self.horizon = max(timeline.sequential_makespan, timeline.parallel_makespan, 1)
        self.labels = _LABELS if width >= _NARROW else _NARROW_LABELS
        self.left = _MARGIN + self.labels
        self.scale = self._scale(width)
        self.right = self.left + self.horizon * self.scale
        self.top_row = _AXIS
        self.heading = self.top_row + (_LANE if timeline.sequential else 0.0)
        self.lanes_top = self.heading + _HEADING + (_BAND_NAME if timeline.bands else 0.0)
        self.bottom = self.lanes_top + _LANE * len(timeline.lanes)
        self.step = axis_step(_TICK_ROOM, self.scale)
        self.places: dict[str, tuple[Bar, float]] = {}
        self.count = 0
        self.out = DotWriter(theme, layout="nop2", outputorder="nodesfirst")
        self.out.defaults(
            "node", shape="box", fixedsize="true", margin="0", fontname=FONT, fontsize=f"{_SIZE}"
        )
        self.out.defaults("edge", arrowsize="0.55")

    def _scale(self, width: float) -> float:
        """Points for one minute."""
        bars = [*self.timeline.sequential, *chain.from_iterable(lane.bars for lane in self.timeline.lanes)]
        middle = median_low([max(bar.finish - bar.start, 1) for bar in bars]) if bars else self.horizon
        fitting = max(width - self.left - _MARGIN, 120.0) / self.horizon
        return min(max(fitting, READABLE_BAR / middle), max(WIDEST / self.horizon, fitting))

    def draw(self) -> str:
        self._backgrounds()
        self._grid()
        self._labels()
        for bar in self.timeline.sequential:
            self._bar(bar, self.top_row, "seq", "")
        for number, lane in enumerate(self.timeline.lanes):
            for bar in lane.bars:
                self._bar(bar, self.lanes_top + number * _LANE, "bar", lane.name)
        self._gain()
        for hand_over in self.timeline.hand_overs:
            self._hand_over(hand_over)
        return self.out.source()

    def _x(self, minutes: int) -> float:
        return self.left + minutes * self.scale

    def _box(
        self, classes: str, x: float, y: float, width: float, height: float, name: str = "", **more: str
    ) -> None:
        """Add a box by its upper left corner. Without a name it gets a number, and no id."""
        self.count += 1
        if name:
            more["id"] = name
        self.out.node(
            name or f"n{self.count}",
            classes,
            pos=f"{x + width / 2:.2f},{-(y + height / 2):.2f}!",
            width=f"{width / 72:.4f}",
            height=f"{height / 72:.4f}",
            **more,
        )

    def _text(
        self,
        classes: str,
        x: float,
        y: float,
        text: str,
        width: float,
        *,
        size: float = _SIZE,
        bold: bool = False,
        muted: bool = False,
    ) -> None:
        """Add text that starts at x, its line's middle at y, cut to the width."""
        shown = fit_label(text, width, size, bold=bold)
        if not shown:
            return
        more = {"fontsize": f"{size:g}"}
        if bold:
            more["fontname"] = BOLD_FONT
        if muted:
            more["fontcolor"] = colour("muted", self.theme)
        # A line is centred in its box; with \l after it, it starts at the left edge, whatever the font.
        self._box(classes, x, y - 7, width, 14, label=shown, ending="\\l", **more)

    def _backgrounds(self) -> None:
        full = self.right - _MARGIN + 8
        if self.timeline.sequential:
            self._box("lane", _MARGIN, self.top_row, full, _LANE)
        for number in range(len(self.timeline.lanes)):
            classes = "lane odd" if number % 2 else "lane"
            self._box(classes, _MARGIN, self.lanes_top + number * _LANE, full, _LANE)
        for number, band in enumerate(self.timeline.bands):
            x, width = self._x(band.start), (band.finish - band.start) * self.scale
            if number % 2 == 0 and width > 0:
                height = self.bottom - self.lanes_top + _BAND_NAME
                self._box("phase", x, self.lanes_top - _BAND_NAME, width, height, tooltip=band.name)
            self._text(
                "label", x + 3, self.lanes_top - _BAND_NAME / 2, band.name, width - 6, size=_SMALL, muted=True
            )

    @property
    def _saves(self) -> bool:
        return bool(self.timeline.saved > 0 and self.timeline.sequential and self.timeline.lanes)

    def _grid(self) -> None:
        for minutes in range(0, self.horizon + 1, self.step):
            x = self._x(minutes) - 0.3
            if self.timeline.sequential:
                self._box("grid", x, self.top_row - 4, 0.6, _LANE + 4)
            self._box("grid", x, self.lanes_top - 2, 0.6, self.bottom - self.lanes_top + 2)
            label = format_duration(minutes) if minutes else "0"
            self._box("axis", x - 30, 2, 60.6, 12, label=label, fontsize=f"{_SMALL}")
        if self._saves:  # over the gridlines, so that its figures stand free
            x = self._x(self.timeline.parallel_makespan)
            self._box("saved", x, self.lanes_top, self.right - x, self.bottom - self.lanes_top)

    def _labels(self) -> None:
        room = self.labels - 10
        x = _MARGIN + 6
        timeline = self.timeline
        if timeline.sequential:
            middle = self.top_row + _LANE / 2
            self._text("label", x, middle - 5, "Sequential", room, bold=True)
            length = format_duration(timeline.sequential_makespan)
            if text_width(f"1 agent · {length}", _SMALL) <= room:
                length = f"1 agent · {length}"
            self._text("label", x, middle + 6, length, room, size=_SMALL, muted=True)
        agents = f"{len(timeline.lanes)} agent{'' if len(timeline.lanes) == 1 else 's'}"
        heading = f"Parallel · {agents} · {format_duration(timeline.parallel_makespan)}"
        if self._saves and not self._gain_fits:
            heading += f" · {_saved(timeline)}, {_faster(timeline)}"
        self._text("label", x, self.heading + 15, heading, self.right - x, bold=True)
        for number, lane in enumerate(timeline.lanes):
            middle = self.lanes_top + (number + 0.5) * _LANE
            self._text("label", x, middle - 5, lane.name, room)
            self._text("label", x, middle + 6, f"busy {lane.busy}%", room, size=_SMALL, muted=True)

    @property
    def _gain_fits(self) -> bool:
        """Whether the figures of the saved time have room in its area."""
        room = self.right - self._x(self.timeline.parallel_makespan) - 14
        wide = max(text_width(_saved(self.timeline), 12, bold=True), text_width(_faster(self.timeline), 8.5))
        return wide <= room and self.bottom - self.lanes_top >= _LANE

    def _gain(self) -> None:
        if not self._saves:
            return
        x = self._x(self.timeline.parallel_makespan)
        self._box("finish", x - 0.8, self.lanes_top - 3, 1.6, self.bottom - self.lanes_top + 6)
        if self._gain_fits:
            middle = (self.lanes_top + self.bottom) / 2
            room = self.right - x - 14
            self._text("gain", x + 9, middle - 6, _saved(self.timeline), room, size=12, bold=True)
            self._text("gain", x + 9, middle + 8, _faster(self.timeline), room, size=8.5)

    def _bar(self, bar: Bar, lane_top: float, prefix: str, agent: str) -> None:
        x, y = self._x(bar.start), lane_top + (_LANE - _BAR) / 2
        width = max((bar.finish - bar.start) * self.scale, 2.0)
        if prefix == "bar":
            self.places[bar.uid] = (bar, y)
        label, size = bar_label(bar, width - 5)
        classes = "bar" + (" crit" if bar.critical else "") + (" assumed" if bar.assumed else "")
        self._box(
            classes,
            x,
            y,
            width,
            _BAR,
            name=f"{prefix}-{bar.uid}",
            label=label,
            fontsize=f"{size:g}",
            tooltip=_bar_tooltip(bar, agent),
            link=self.timeline.link.replace("{uid}", bar.uid),
        )

    def _hand_over(self, hand_over: HandOver) -> None:
        """Draw an S from the end of one bar to the start of the other, unless they lie in one lane."""
        if hand_over.predecessor not in self.places or hand_over.successor not in self.places:
            return
        before, y_before = self.places[hand_over.predecessor]
        after, y_after = self.places[hand_over.successor]
        if y_before == y_after:
            return
        down = y_after > y_before
        inset = min(4.0, (before.finish - before.start) * self.scale / 2)
        x1, y1 = self._x(before.finish) - inset, y_before + (_BAR if down else 0.0)
        inset = min(4.0, (after.finish - after.start) * self.scale / 2)
        x2, y2 = self._x(after.start) + inset, y_after + (0.0 if down else _BAR)
        base = y2 - 5.5 if down else y2 + 5.5
        middle = (y1 + base) / 2
        points = ((x2, y2), (x1, y1), (x1, middle), (x2, middle), (x2, base))
        path = " ".join(f"{x:.2f},{-y:.2f}" for x, y in points)
        ends = (f"bar-{hand_over.predecessor}", f"bar-{hand_over.successor}")
        name = f"hand-{hand_over.predecessor}--{hand_over.successor}"
        self.out.edge(*ends, "hand", id=name, pos=f"e,{path}")


def bar_label(bar: Bar, width: float) -> tuple[str, float]:
    """What a bar says, and its size in points: the key with what fits of the title, the key, or nothing."""
    for size in _KEY_SIZES:
        if text_width(bar.key, size) <= width:
            fitted = fit_label(f"{bar.key} {bar.title}", width, size)
            return (fitted if len(fitted) > len(bar.key) + 3 else fit_label(bar.key, width, size)), size
    return "", _SIZE


def _bar_tooltip(bar: Bar, agent: str) -> str:
    parts = [
        f"{bar.key} {bar.title}".strip(),
        f"{format_duration(bar.start)} to {format_duration(bar.finish)}",
        format_duration(bar.finish - bar.start) + (" (assumed)" if bar.assumed else ""),
        *([agent] if agent else []),
        *(["critical path"] if bar.critical else []),
    ]
    return " · ".join(parts)


def _saved(timeline: TimelineInput) -> str:
    return f"{format_duration(timeline.saved)} saved"


def _faster(timeline: TimelineInput) -> str:
    return f"{timeline.speedup:.1f}× faster than one agent"
