/** A new zip, on one page: where from, what, where to. */
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { PageHeader } from "../../app/PageHeader";
import { Connect, type Connection } from "./Connect";
import { EstimateCard } from "./EstimateCard";
import { LinkReady } from "./LinkReady";
import { wantedCall } from "./request";
import { Target, type TargetFields } from "./Target";
import { useChoices } from "./useChoices";
import { useEstimate } from "./useEstimate";
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
  const wanted = wantedCall(connection?.access, choices, target);
  const estimated = useEstimate(wanted);

  const start = async () => {
    if (wanted?.isLink) {
      setLink(await call("POST /api/streams", { body: wanted.body }));
    } else if (wanted !== undefined) {
      const { id } = await call("POST /api/zips", { body: wanted.body });
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
        <Target
          connection={connection}
          choices={choices}
          fields={target}
          replacedBytes={estimated.state === "known" ? estimated.estimate.target?.bytes : undefined}
          onChange={setTarget}
        />
        <EstimateCard
          choices={choices}
          estimated={estimated}
          isLink={target.isLink}
          isReady={wanted !== undefined}
          onStart={start}
        />
      </div>
      <LinkReady stream={link} onClose={() => setLink(undefined)} />
    </>
  );
}
