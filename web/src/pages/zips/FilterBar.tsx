/** What the list is narrowed by. */
import { useEffect, useState } from "react";
import { type Filters, STATES, TIMES } from "./filters";
import { words } from "./words";
import styles from "./Zips.module.css";

/** Typing is over when nothing was typed for so long. */
const PAUSE_MS = 300;

export function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  const [search, setSearch] = useState(filters.search);

  useEffect(() => setSearch(filters.search), [filters.search]);
  useEffect(() => {
    const timer = search === filters.search ? undefined : setTimeout(() => onChange({ ...filters, search }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [search, filters, onChange]);

  return (
    <search className={styles.filters}>
      <input
        type="search"
        className={`input ${styles.search}`}
        aria-label={words.search}
        placeholder={words.search}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Choice
        label={words.state}
        values={STATES}
        titles={words.states}
        chosen={filters.state}
        onChoose={(state) => onChange({ ...filters, state })}
      />
      <Choice
        label={words.since}
        values={TIMES}
        titles={words.times}
        chosen={filters.since}
        onChoose={(since) => onChange({ ...filters, since })}
      />
    </search>
  );
}

interface ChoiceProps<Value extends string> {
  label: string;
  values: readonly Value[];
  titles: Record<Value, string>;
  chosen: Value;
  onChoose: (value: Value) => void;
}

function Choice<Value extends string>({ label, values, titles, chosen, onChoose }: ChoiceProps<Value>) {
  return (
    <select
      className={`input ${styles.choice}`}
      aria-label={label}
      value={chosen}
      onChange={(event) => onChoose(event.target.value as Value)}
    >
      {values.map((value) => (
        <option key={value} value={value}>
          {titles[value]}
        </option>
      ))}
    </select>
  );
}
