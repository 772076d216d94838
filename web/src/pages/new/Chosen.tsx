/** What has been ticked, with its size as far as it is known. */
import { Icon } from "../../components/Icon";
import { type Choice, idOf, isFolder } from "./choice";
import styles from "./New.module.css";
import type { useChoices } from "./useChoices";
import { words } from "./words";

export function Chosen({ picked }: { picked: ReturnType<typeof useChoices> }) {
  const { choices, remove, stop, goOn } = picked;
  return (
    <section className="stack" aria-labelledby="chosen">
      <h3 id="chosen">{words.chosen}</h3>
      {choices.length === 0 ? (
        <p className="secondary">{words.nothingChosen}</p>
      ) : (
        <ul className={styles.list} aria-labelledby="chosen">
          {choices.map((choice) => (
            <li key={idOf(choice)} className={styles.line}>
              <span className={styles.file}>
                {idOf(choice)}
                <span className={`secondary figures ${styles.count}`}>{countInWords(choice)}</span>
              </span>
              {choice.count.state === "counting" && (
                <button type="button" className="button quiet" onClick={() => stop(idOf(choice))}>
                  {words.stop}
                </button>
              )}
              {(choice.count.state === "stopped" || choice.count.state === "failed") && (
                <button type="button" className="button quiet" onClick={() => goOn(idOf(choice))}>
                  {words.goOn}
                </button>
              )}
              <button
                type="button"
                className="button quiet icon"
                aria-label={words.removeWhat(idOf(choice))}
                title={words.remove}
                onClick={() => remove(idOf(choice))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function countInWords(choice: Choice): string {
  const { entries, bytes, state } = choice.count;
  switch (state) {
    case "counting":
      return words.counting(entries);
    case "stopped":
    case "failed":
      return words.stopped(entries, bytes);
    case "counted":
      return isFolder(choice) ? words.counted(entries, bytes) : words.fileSize(bytes);
  }
}
