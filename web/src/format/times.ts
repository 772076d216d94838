/** Times in words: how long ago, how long, and exactly when. */

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Number.POSITIVE_INFINITY],
];

const ago = new Intl.RelativeTimeFormat("en", { style: "short", numeric: "always" });
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" });

/** "2 min. ago", "in 3 hr.", and "now" for the last two seconds. */
export function formatAgo(time: string, now: number): string {
  let value = (Date.parse(time) - now) / 1000;
  if (Math.abs(value) < 2) {
    return "now";
  }
  for (const [unit, size] of STEPS) {
    if (Math.abs(Math.trunc(value)) < size) {
      return ago.format(Math.trunc(value), unit);
    }
    value /= size;
  }
  return "";
}

/** "30 Nov 2026, 10:00:00", in the reader's time zone. */
export function formatExact(time: string): string {
  return exact.format(new Date(time));
}

/** "12:04". */
export function formatClock(time: number): string {
  return clock.format(time);
}

/** "30 Nov 2026". */
export function formatDay(time: string): string {
  return day.format(new Date(time));
}

/** "14 s", "2 min", "3 h 5 min", "12 d": minutes only above 90 seconds. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole <= 90) {
    return `${whole} s`;
  }
  const minutes = Math.round(whole / 60);
  if (minutes <= 90) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) {
    return `${Math.floor(hours / 24)} d`;
  }
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}
