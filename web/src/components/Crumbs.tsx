/** The way from the top to the folder that is shown: the last step is where one is. */
import styles from "./Crumbs.module.css";

export interface Crumb {
  key: string;
  name: string;
  onOpen: () => void;
}

export function Crumbs({ label, steps }: { label: string; steps: Crumb[] }) {
  return (
    <nav className={styles.crumbs} aria-label={label}>
      {steps.map(({ key, name, onOpen }, at) => (
        <button
          key={key}
          type="button"
          className="button quiet"
          aria-current={at === steps.length - 1 ? "location" : undefined}
          onClick={onOpen}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}

/** The folders of a prefix, each with the prefix that leads to it. */
export function foldersOf(prefix: string): { name: string; prefix: string }[] {
  const parts = prefix.split("/").slice(0, -1);
  return parts.map((name, at) => ({ name, prefix: `${parts.slice(0, at + 1).join("/")}/` }));
}
