/** The search in the docs. Its program and its index are loaded when the field first gets the focus. */
import type MiniSearch from "minisearch";
import { useEffect, useRef, useState } from "react";
import { Link } from "wouter";
import { searchUrl } from "virtual:docs";
import { ErrorBlock } from "../../components/ErrorBlock";
import { SEARCH_OPTIONS, type SearchEntry } from "./searchOptions";
import { words } from "./words";

const SHOWN = 12;

let loading: Promise<MiniSearch<SearchEntry>> | undefined;

async function loadIndex(): Promise<MiniSearch<SearchEntry>> {
  const [{ default: Index }, response] = await Promise.all([import("minisearch"), fetch(searchUrl)]);
  if (!response.ok) {
    throw new Error("The search could not be loaded.");
  }
  return Index.loadJSON<SearchEntry>(await response.text(), SEARCH_OPTIONS);
}

export function Search() {
  const input = useRef<HTMLInputElement>(null);
  const [index, setIndex] = useState<MiniSearch<SearchEntry>>();
  const [error, setError] = useState<Error>();
  const [text, setText] = useState("");
  useSlashKey(input);

  const load = () => {
    loading ??= loadIndex();
    loading.then(setIndex, (reason: Error) => {
      loading = undefined;
      setError(reason);
    });
  };

  const results = text.trim() === "" ? undefined : index?.search(text).slice(0, SHOWN);
  return (
    <search className="docs-search">
      <input
        ref={input}
        className="input"
        type="search"
        aria-label={words.search}
        placeholder={words.search}
        title={words.searchHint}
        value={text}
        onFocus={load}
        onChange={(event) => setText(event.target.value)}
      />
      {error && <ErrorBlock error={error} />}
      <p className="hidden" role="status">
        {results && words.found(results.length)}
      </p>
      {results && (
        <ul>
          {results.map((result) => (
            <li key={String(result.id)}>
              <Link href={`/docs/${String(result.id)}`} onClick={() => setText("")}>
                {result.title}
                {result.page !== result.title && <span className="secondary">{result.page}</span>}
              </Link>
            </li>
          ))}
          {results.length === 0 && <li className="secondary">{words.found(0)}</li>}
        </ul>
      )}
    </search>
  );
}

/** The key "/" leads into the field, unless something is being typed. */
function useSlashKey(input: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select") !== null;
      if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        const details = input.current?.closest("details");
        if (details) {
          details.open = true;
        }
        input.current?.focus();
        event.preventDefault();
      }
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [input]);
}
