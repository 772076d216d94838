/** A new zip, on one page: where from, what, where to. */
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { PageHeader } from "../../app/PageHeader";
import { Connect, type Connection } from "./Connect";
import { EstimateCard } from "./EstimateCard";
import { LinkReady } from "./LinkReady";
import { streamRequest, zipRequest } from "./request";
import { Target, type TargetFields } from "./Target";
import { useChoices } from "./useChoices";
import { What } from "./What";
import { words } from "./words";
import styles from "./New.module.css";

export default function New() {
  const [, navigate] = useLocation();
  const isLinkWanted = new URLSearchParams(useSearch()).get("to") === "link";
  const [connection, setConnection] = useState<Connection>();
  const [target, setTarget] = useState<TargetFields>({ isLink: isLinkWanted, bucket: "", name: "", hours: 24 });
  const [link, setLink] = useState<Schema["Stream"]>();
  const picked = useChoices(connection?.access);
  const { choices } = picked;

  const start = async () => {
    if (connection === undefined) {
      return;
    }
    const { access } = connection;
    if (target.isLink) {
      setLink(await call("POST /api/streams", { body: streamRequest(access, choices, target.name, target.hours) }));
    } else {
      const body = zipRequest(access, choices, { bucket: target.bucket, key: target.name });
      const { id } = await call("POST /api/zips", { body });
      navigate(`/zips/${id}`);
    }
  };

  return (
    <>
      <PageHeader title={words.title} />
      <div className={`stack wide ${styles.page}`}>
        <Connect
          connection={connection}
          onConnect={setConnection}
          onChange={() => {
            setConnection(undefined);
            picked.clear();
          }}
        />
        <What connection={connection} picked={picked} />
        <Target connection={connection} choices={choices} fields={target} onChange={setTarget} />
        <EstimateCard
          choices={choices}
          isLink={target.isLink}
          isReady={connection !== undefined && choices.length > 0 && target.name !== ""}
          onStart={start}
        />
      </div>
      <LinkReady stream={link} onClose={() => setLink(undefined)} />
    </>
  );
}
