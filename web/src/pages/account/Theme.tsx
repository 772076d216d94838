/** Light or dark, or as the system has it. */
import { THEMES, useTheme } from "../../app/theme";
import styles from "./Account.module.css";
import { words } from "./words";

export function Theme() {
  const [theme, setTheme] = useTheme();
  return (
    <section className="card">
      <fieldset className={styles.themes}>
        <legend>
          <h2>{words.theme}</h2>
        </legend>
        {THEMES.map((name) => (
          <label key={name}>
            <input type="radio" name="theme" checked={theme === name} onChange={() => setTheme(name)} />
            {words.themes[name]}
          </label>
        ))}
      </fieldset>
    </section>
  );
}
