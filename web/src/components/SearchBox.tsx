/** A field to search by while one types: what was typed is handed on when typing is over. */
import { useEffect, useState } from "react";
import styles from "./SearchBox.module.css";

/** Typing is over when nothing was typed for so long. */
const PAUSE_MS = 300;
/** The server searches for no longer text. */
const MOST_CHARACTERS = 256;

interface Props {
  label: string;
  /** What is searched for now. */
  search: string;
  onSearch: (search: string) => void;
}

export function SearchBox({ label, search, onSearch }: Props) {
  const [text, setText] = useState(search);

  useEffect(() => setText(search), [search]);
  useEffect(() => {
    const timer = text === search ? undefined : setTimeout(() => onSearch(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, search, onSearch]);

  return (
    <input
      type="search"
      className={`input ${styles.search}`}
      aria-label={label}
      placeholder={label}
      maxLength={MOST_CHARACTERS}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
