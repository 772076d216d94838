/** Where the files are, and with which credentials they are read. Credentials go from the form's fields into the state of
 * the page, and nowhere else. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/ApiError";
import { call } from "../../api/call";
import { useSession } from "../../app/session";
import { Chip } from "../../components/Chip";
import { Field } from "../../components/Field";
import { Form } from "../../components/Form";
import { CredentialFields, credentialsIn } from "../../zips/CredentialFields";
import styles from "./New.module.css";
import { type Access, listBuckets } from "./store";
import { words } from "./words";

export interface Connection {
  access: Access;
  buckets: string[];
}

const PLAIN = { autoComplete: "off", autoCapitalize: "none", spellCheck: false } as const;

interface Props {
  connection: Connection | undefined;
  onConnect: (connection: Connection) => void;
  onChange: () => void;
}

export function Connect({ connection, onConnect, onChange }: Props) {
  return (
    <section className="card stack" aria-labelledby="from">
      <h2 id="from">{words.from}</h2>
      {connection === undefined ? (
        <ConnectForm onConnect={onConnect} />
      ) : (
        <div className="row">
          <Chip tone="ready">{words.connected(connection.buckets.length)}</Chip>
          <button type="button" className="button" onClick={onChange}>
            {words.change}
          </button>
        </div>
      )}
    </section>
  );
}

function ConnectForm({ onConnect }: { onConnect: (connection: Connection) => void }) {
  const { server } = useSession();
  const { data: account } = useQuery({
    queryKey: ["account"],
    queryFn: ({ signal }) => call("GET /api/account", { signal }),
    enabled: server.accounts,
  });
  const kept = account?.credentials;
  const [choice, setChoice] = useState<"own" | "kept">();
  const isKept = (choice ?? (kept ? "kept" : "own")) === "kept";

  const connect = async (values: Record<string, string>) => {
    const { endpoint = "", region = "", bucket = "" } = values;
    const access: Access = {
      ...(isKept ? {} : { credentials: credentialsIn(values) }),
      endpoint: endpoint.trim(),
      region: region.trim(),
    };
    onConnect({ access, buckets: await bucketsOf(access, bucket.trim(), kept?.buckets ?? []) });
  };

  return (
    <Form submit={words.connect} onSubmit={connect}>
      <fieldset className={styles.choices}>
        <legend className="hidden">{words.access}</legend>
        <label>
          <input type="radio" name="access" checked={!isKept} onChange={() => setChoice("own")} /> {words.own}
        </label>
        {(kept || !server.accounts) && (
          <label>
            <input type="radio" name="access" checked={isKept} onChange={() => setChoice("kept")} />{" "}
            {kept ? words.kept(kept.accessKeyIdEnd) : words.serversOwn}
          </label>
        )}
      </fieldset>
      {!isKept && (
        <>
          <div className={styles.fields}>
            <CredentialFields />
          </div>
          <p className="secondary">{words.forgotten}</p>
        </>
      )}
      <details>
        <summary>{words.more}</summary>
        <div className={styles.fields}>
          {!isKept && (
            <>
              <Field name="region" label={words.region} hint={words.regionHint} {...PLAIN} />
              <Field name="endpoint" label={words.endpoint} hint={words.endpointHint} inputMode="url" {...PLAIN} />
            </>
          )}
          <Field name="bucket" label={words.bucket} hint={words.bucketHint} {...PLAIN} />
        </div>
      </details>
    </Form>
  );
}

/** The buckets to choose from. Keys that may not list them can still open one whose name is known. */
async function bucketsOf(access: Access, bucket: string, keptBuckets: string[]): Promise<string[]> {
  if (bucket !== "") {
    return [bucket];
  }
  try {
    return await listBuckets(access);
  } catch (error) {
    if (access.credentials === undefined && keptBuckets.length > 0 && error instanceof ApiError && error.status === 403) {
      return keptBuckets;
    }
    throw error;
  }
}
