/** The plot itself; Throughput.tsx loads it. Arrow keys move its cursor. It is made anew when the theme changes, as a
 * canvas does not follow the colours of the page. */
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatRate } from "../../format/sizes";
import type { RatePoint } from "./Throughput";
import styles from "./Zip.module.css";

const HEIGHT = 160;
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

function colour(name: string): string {
  // The canvas knows no light-dark(): the browser says what it comes to.
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function optionsOf(width: number): UPlot.Options {
  const axis: UPlot.Axis = {
    stroke: colour("--text-2"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 32, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false } },
    scales: { y: { range: (_, __, highest) => [0, Math.max(1, highest * 1.1)] } },
    axes: [
      { ...axis, space: 90, size: 28, values: (_, times) => times.map((time) => clock.format(time * 1000)) },
      { ...axis, size: 76, values: (_, rates) => rates.map(formatRate) },
    ],
    series: [{}, { stroke: colour("--accent"), width: 2, points: { show: false } }],
  };
}

function dataOf(points: RatePoint[]): UPlot.AlignedData {
  return [points.map(({ at }) => at / 1000), points.map(({ rate }) => rate)];
}

export default function Plot({ points, label }: { points: RatePoint[]; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(null);
  const latest = useRef(points);
  const [cursor, setCursor] = useState<number>();
  const theme = useThemeName();
  latest.current = points;

  useEffect(() => {
    const element = box.current;
    if (element === null) {
      return;
    }
    const made = new UPlot(optionsOf(element.clientWidth), dataOf(latest.current), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [theme]);

  useEffect(() => plot.current?.setData(dataOf(points)), [points]);

  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0 && plot.current !== null) {
      event.preventDefault();
      const at = Math.min(points.length - 1, Math.max(0, (cursor ?? points.length) + step));
      setCursor(at);
      plot.current.setCursor({ left: plot.current.valToPos((points[at]?.at ?? 0) / 1000, "x"), top: 0 });
    }
  };

  const chosen = cursor === undefined ? undefined : points[cursor];
  return (
    <>
      <div ref={box} className={styles.canvas} role="img" aria-label={label} tabIndex={0} onKeyDown={move} />
      <p className="hidden" role="status">
        {chosen && `${clock.format(chosen.at)}: ${formatRate(chosen.rate)}`}
      </p>
    </>
  );
}

/** A name that changes when the colours do. */
function useThemeName(): string {
  const name = () =>
    `${document.documentElement.dataset.theme ?? ""} ${matchMedia("(prefers-color-scheme: dark)").matches}`;
  const [theme, setTheme] = useState(name);
  useEffect(() => {
    const follow = () => setTheme(name());
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", follow);
    const observer = new MutationObserver(follow);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      dark.removeEventListener("change", follow);
      observer.disconnect();
    };
  }, []);
  return theme;
}
