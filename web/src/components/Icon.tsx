/** The icons: strokes of 1.5 px on a field of 16, hand-drawn. An icon stands beside a word, or its button has a label. */
const PATHS = {
  alert: "M8 1.8 15 14H1zM8 6v4M8 12v.2",
  archive: "M2 2.5h12v3.5H2zM3 6v7.5h10V6M6.5 8.5h3",
  book: "M8 3.5C6.5 2.4 4.5 2 2 2v11c2.5 0 4.5.4 6 1.5 1.5-1.1 3.5-1.5 6-1.5V2c-2.5 0-4.5.4-6 1.5zM8 3.5v11",
  chart: "M2 14h12M4 11V8M8 11V3M12 11V6",
  check: "M2.5 8.5 6 12l7.5-8",
  clock: "M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM8 4.5V8l2.5 1.5",
  close: "M3.5 3.5l9 9M12.5 3.5l-9 9",
  code: "M5 4 1.5 8 5 12M11 4l3.5 4-3.5 4",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  dots: "M3 8h.1M8 8h.1M13 8h.1",
  download: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  exit: "M6 2H2.5v12H6M6.5 8H14M11 5l3 3-3 3",
  folder: "M1.5 3.5h4.5l1.5 2h7v8h-13z",
  link: "M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7",
  menu: "M2 4h12M2 8h12M2 12h12",
  people: "M6 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM1.5 13.5c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M11 2.8a2.5 2.5 0 0 1 0 4.5M12 9.8c1.5.5 2.5 1.7 2.5 3.7",
  person: "M8 7.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM2.5 14c0-2.7 2.4-4.3 5.5-4.3s5.5 1.6 5.5 4.3",
  plus: "M8 2.5v11M2.5 8h11",
  search: "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.7 10.7 14 14",
  server: "M2 2.5h12v4.5H2zM2 9h12v4.5H2zM4.5 4.7h.1M4.5 11.2h.1",
  stop: "M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13zM3.5 12.5l9-9",
  zip: "M3 1.5h10v13H3zM7 3h2M7 5.5h2M7 8h2v3H7z",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === "dots" ? 2.5 : 1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
