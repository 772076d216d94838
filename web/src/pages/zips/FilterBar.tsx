/** What the list is narrowed by. */
import { SearchBox } from "../../components/SearchBox";
import { type Filters, STATES, TIMES } from "./filters";
import { words } from "./words";
import styles from "./Zips.module.css";

export function FilterBar({ filters, onChange }: { filters: Filters; onChange: (filters: Filters) => void }) {
  return (
    <search className={styles.filters}>
      <SearchBox
        label={words.search}
        search={filters.search}
        onSearch={(search) => onChange({ ...filters, search })}
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
