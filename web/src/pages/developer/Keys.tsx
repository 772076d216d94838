/** The table of keys, and what can be done with each. */
import { useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import type { Schema } from "../../api/calls";
import { CopyButton } from "../../components/CopyButton";
import { type Column, DataTable } from "../../components/DataTable";
import { Empty } from "../../components/Empty";
import { Icon } from "../../components/Icon";
import { MenuButton } from "../../components/Menu";
import { QueryView } from "../../components/QueryView";
import { Time } from "../../components/Time";
import styles from "./Developer.module.css";
import { MakeKey, RenameKey, RevokeKey, RotateKey } from "./KeyDialogs";
import { useKeys } from "./keys";
import { SecretOnce } from "./SecretOnce";
import { words } from "./words";

type Key = Schema["UserKey"];
type Doing = { what: "make" } | { what: "rotate" | "rename" | "revoke"; key: Key };

export function Keys() {
  const query = useKeys();
  const [doing, setDoing] = useDoing();
  const [secret, setSecret] = useState<Schema["NewUserKey"]>();
  const stop = () => setDoing(undefined);
  const showSecret = (key: Schema["NewUserKey"]) => {
    stop();
    setSecret(key);
  };
  return (
    <section className="stack" aria-labelledby="keys">
      <div className="row apart">
        <h2 id="keys">{words.keys}</h2>
        {query.data && query.data.keys.length > 0 && <NewKeyButton onPress={() => setDoing({ what: "make" })} />}
      </div>
      <QueryView query={query} rows={2}>
        {({ keys }) =>
          keys.length === 0 ? (
            <Empty text={words.noKeys}>
              <NewKeyButton onPress={() => setDoing({ what: "make" })} />
              <Link href="/docs/reference/api">{words.aboutKeys}</Link>
            </Empty>
          ) : (
            <DataTable
              caption={words.keys}
              columns={COLUMNS}
              rows={keys}
              keyOf={(key) => key.userKey}
              actions={(key) => (
                <MenuButton
                  label={words.actionsFor(key.name)}
                  items={[
                    { label: words.rotate, onSelect: () => setDoing({ what: "rotate", key }) },
                    { label: words.rename, onSelect: () => setDoing({ what: "rename", key }) },
                    { label: words.revoke, onSelect: () => setDoing({ what: "revoke", key }), isDanger: true },
                  ]}
                />
              )}
            />
          )
        }
      </QueryView>
      <MakeKey isOpen={doing?.what === "make"} onMade={showSecret} onClose={stop} />
      {doing?.what === "rotate" && <RotateKey of={doing.key} onMade={showSecret} onClose={stop} />}
      {doing?.what === "rename" && <RenameKey of={doing.key} onClose={stop} />}
      {doing?.what === "revoke" && <RevokeKey of={doing.key} onClose={stop} />}
      {secret && <SecretOnce of={secret} onClose={() => setSecret(undefined)} />}
    </section>
  );
}

/** Which dialog is open; the first one after the registration, as the address says. */
function useDoing() {
  const [search] = useSearchParams();
  const [path, navigate] = useLocation();
  const [doing, setDoing] = useState<Doing | undefined>(() => (search.has("first") ? { what: "make" } : undefined));
  const set = (next: Doing | undefined) => {
    setDoing(next);
    if (search.has("first")) {
      navigate(path, { replace: true });
    }
  };
  return [doing, set] as const;
}

function NewKeyButton({ onPress }: { onPress: () => void }) {
  return (
    <button type="button" className="button primary" onClick={onPress}>
      <Icon name="plus" /> {words.newKey}
    </button>
  );
}

const COLUMNS: Column<Key>[] = [
  { head: words.columnName, cell: (key) => key.name },
  {
    head: words.columnKey,
    cell: (key) => (
      <span className={styles.userKey}>
        <code>{key.userKey}</code>
        <CopyButton text={key.userKey} what={`userKey ${key.name}`} isIcon />
      </span>
    ),
  },
  {
    head: words.columnSecret,
    cell: (key) => (
      <>
        <code>…{key.secretEnd}</code>
        {key.formerSecretUntil && (
          <div className="secondary">
            {words.oldSecretUntil} <Time at={key.formerSecretUntil} />
          </div>
        )}
      </>
    ),
  },
  {
    head: words.columnUsed,
    cell: (key) => (key.lastUsedAt ? <Time at={key.lastUsedAt} /> : <span className="secondary">{words.neverUsed}</span>),
  },
];
