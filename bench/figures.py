"""From samples to figures: medians, ratios to the reference of the same run, whether targets are
met; the table, and the file of results."""

import json
from dataclasses import asdict, dataclass
from statistics import median

from objects import MIB


@dataclass(frozen=True)
class Target:
    """What must be reached, and what should: by the ratio to the reference or, where there is none,
    by the value. `at_most`: bounds from above."""
    must: float | None = None
    goal: float | None = None
    at_most: bool = False


@dataclass
class Figure:
    """One number. `reference`: the value that `ratio` is to; `target` and `goal` as in Target."""
    name: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    reference: float | None = None
    reference_name: str | None = None
    ratio: float | None = None
    target: float | None = None
    goal: float | None = None
    met: bool | None = None
    goal_met: bool | None = None

    def judge(self, target, measured):
        def reached(bound):
            if bound is None:
                return None
            return measured <= bound if target.at_most else measured >= bound
        self.target, self.goal = target.must, target.goal
        self.met, self.goal_met = reached(target.must), reached(target.goal)
        return self


def shown(value):
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) >= 1 else f"{value:.2f}"


def measured(figure):
    """What is held against the target."""
    if figure.ratio is not None:
        return f"{shown(figure.ratio)} × {figure.reference_name}"
    return f"{shown(figure.value)} {figure.unit}"


def verdict(figure):
    words = {None: [], True: ["met"], False: ["NOT MET"]}
    out = [f"must {shown(figure.target)} {word}" for word in words[figure.met]]
    words[False] = ["not met"]
    return ", ".join(out + [f"goal {shown(figure.goal)} {word}" for word in words[figure.goal_met]])


class CaseFigures:
    """What one throughput case came to."""

    def __init__(self, case, samples, peaks):
        self.case, self.peaks = case, peaks
        self.samples = {name: of_one for name, of_one in samples.items() if of_one}
        candidates = [name for name in case.reference if name in self.samples]
        self.reference = max(candidates, key=self._rate, default=None)
        others = [one.others for of_one in self.samples.values() for one in of_one] or [0]
        self.others = {"median": round(median(others), 2), "most": round(max(others), 2)}

    def _rate(self, name):
        return median(self._rates(name))

    def _rates(self, name):
        return [self.case.rate(one.seconds) for one in self.samples[name]]

    def cpu(self, name):
        return self.case.cpu_rate(median(one.cpu for one in self.samples[name]))

    def ratio(self, name):
        """The median of the rounds' ratios."""
        if self.reference is None:
            return None
        seconds = {one.round: one.seconds for one in self.samples[self.reference]}
        return median(seconds[one.round] / one.seconds for one in self.samples[name])

    def throughput(self, name):
        rates = self._rates(name)
        figure = Figure(f"{self.case.title}: {name}", median(rates), self.case.unit, min(rates),
                        max(rates), ratio=self.ratio(name))
        if self.reference:
            figure.reference, figure.reference_name = self._rate(self.reference), self.reference
        if name == "s3zipper" and figure.ratio is not None:
            figure.judge(self.case.target, figure.ratio)
        return figure

    def cpu_figure(self, name):
        figure = Figure(f"{self.case.title}: {name}, CPU", self.cpu(name), self.case.cpu_unit)
        if name == "s3zipper" and self.case.object_cpu_target:
            figure.judge(self.case.object_cpu_target, figure.value)
        return figure

    def cpu_above(self):
        """s3zipper's CPU above relay-16's, for the must, and above the hop's, for the goal."""
        allowed = self.case.cpu_above
        out = []
        for other, target in (("relay-16", Target(must=allowed, at_most=True)),
                              (self.reference, Target(goal=allowed, at_most=True))):
            if allowed is None or not {"s3zipper", other} <= set(self.samples):
                continue
            figure = Figure(f"{self.case.title}: s3zipper, CPU above {other}",
                            self.cpu("s3zipper") - self.cpu(other), self.case.cpu_unit,
                            reference=self.cpu(other), reference_name=f"{other}, CPU")
            out.append(figure.judge(target, figure.value))
        return out

    def figures(self):
        """Of all contestants that have samples."""
        out = [self.throughput(name) for name in self.samples]
        out += [self.cpu_figure(name) for name in self.samples]
        out += self.cpu_above()
        for name, of_one in self.samples.items():
            out.append(Figure(f"{self.case.title}: {name}, first byte of data",
                              median(one.first_byte for one in of_one) * 1e3, "ms"))
            out.append(Figure(f"{self.case.title}: {name}, peak memory", self.peaks[name] / MIB,
                              "MiB"))
        return out

    def print(self):
        unit, reference = self.case.unit, self.reference or "no reference"
        rounds = " or ".join(map(str, sorted({len(of_one) for of_one in self.samples.values()})))
        if not self.samples:
            return
        print(f"\n{self.case.title}   ({unit}, medians of {rounds}; reference: {reference};\n  "
              f"other programs took {self.others['median']:.1f} cores, at most "
              f"{self.others['most']:.1f})")
        print(f"  {'':22}{unit:>11}{'min … max':>17}{'ratio':>7}{self.case.cpu_unit:>11}"
              f"{'first byte':>12}{'memory':>10}")
        for name, of_one in self.samples.items():
            figure = self.throughput(name)
            spread = f"{shown(figure.low)} … {shown(figure.high)}"
            ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
            first = median(one.first_byte for one in of_one) * 1e3
            print(f"  {name:22}{shown(figure.value):>11}{spread:>17}{ratio:>7}"
                  f"{shown(self.cpu(name)):>11}{first:>9.1f} ms"
                  f"{self.peaks[name] / MIB:>6.0f} MiB")


def print_targets(figures):
    wanted = [figure for figure in figures if (figure.met, figure.goal_met) != (None, None)]
    if not wanted:
        return
    print("\nTargets")
    for figure in wanted:
        print(f"  {figure.name:58}{measured(figure):>22}   {verdict(figure)}")


def write(path, about, figures):
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {**about, "figures": [asdict(figure) for figure in figures]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
