/** Examples that can be run as they stand: with this server's address and the reader's key in them. */
import { useState } from "react";
import { serverUrl } from "../../app/basePath";
import { remember, remembered } from "../../app/storage";
import { Code } from "../../components/Code";
import { Tabs } from "../../components/Tabs";
import styles from "./Developer.module.css";
import { EXAMPLES, filledExample, type Language, OPEN_EXAMPLE } from "./examples";
import { useKeys } from "./keys";
import { words } from "./words";

export function TryIt() {
  const keys = useKeys().data?.keys ?? [];
  const [chosenKey, setChosenKey] = useState<string>();
  const [language, setLanguage] = useLanguage();
  const example = EXAMPLES.find(({ name }) => name === language) ?? EXAMPLES[0];
  const userKey = keys.some((key) => key.userKey === chosenKey) ? chosenKey : keys[0]?.userKey;
  return (
    <section className="card stack" aria-labelledby="try">
      <div className="row apart">
        <h2 id="try">{words.tryIt}</h2>
        {keys.length > 1 && (
          <label className="row secondary">
            {words.exampleKey}
            <select
              className={`input ${styles.select}`}
              value={userKey}
              onChange={(event) => setChosenKey(event.target.value)}
            >
              {keys.map((key) => (
                <option key={key.userKey} value={key.userKey}>
                  {key.name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Tabs label={words.languages} tabs={[...EXAMPLES]} chosen={example.name} onChoose={setLanguage}>
        <Code what={words.exampleIn(example.title)} text={filledExample(example.text, serverUrl, userKey)} />
      </Tabs>
    </section>
  );
}

/** For a server without accounts. */
export function OpenExample() {
  return (
    <section className="card stack" aria-labelledby="try">
      <h2 id="try">{words.tryIt}</h2>
      <Code what={words.exampleIn("curl")} text={filledExample(OPEN_EXAMPLE, serverUrl)} />
    </section>
  );
}

/** The language of examples, which the browser remembers. */
function useLanguage(): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState(() => (remembered("language") ?? "curl") as Language);
  return [
    language,
    (next) => {
      remember("language", next);
      setLanguage(next);
    },
  ];
}
