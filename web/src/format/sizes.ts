/** Figures in words: sizes by powers of 1000, rates, counts. */

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte", "petabyte"];

/** One decimal below 10, none above; the unit goes up before a figure has four digits. */
export function formatBytes(bytes: number): string {
  let power = 0;
  let value = bytes;
  while (power < UNITS.length - 1 && Number(value.toFixed(value < 10 ? 1 : 0)) >= 1000) {
    value /= 1000;
    power += 1;
  }
  const decimals = power > 0 && Number(value.toFixed(1)) < 10 ? 1 : 0;
  return new Intl.NumberFormat("en", {
    style: "unit",
    unit: UNITS[power],
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: decimals,
  }).format(value);
}

/** "173 MB/s". */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** "1,198". */
export function formatCount(count: number): string {
  return new Intl.NumberFormat("en").format(count);
}

/** "1 file", "1,198 files". */
export function formatCountOf(count: number, one: string, several: string): string {
  return `${formatCount(count)} ${count === 1 ? one : several}`;
}
