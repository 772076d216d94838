/** The zip when it is known. */
import { useCallback, useState } from "react";
import { useLocation } from "wouter";
import type { Schema } from "../../api/calls";
import { PageHeader } from "../../app/PageHeader";
import { Chip } from "../../components/Chip";
import { CopyButton } from "../../components/CopyButton";
import { ErrorBlock } from "../../components/ErrorBlock";
import { Icon } from "../../components/Icon";
import { Tabs } from "../../components/Tabs";
import { asSentence } from "../../format/sentences";
import { ProgressBar } from "../../zips/ProgressBar";
import { useZipActions, type ZipActions } from "../../zips/useZipActions";
import type { LiveZip } from "../../zips/zipStore";
import { isBegun, isUnderWay, nameOf, progressInWords, shareDone, stateInWords } from "../../zips/zipWords";
import { Report } from "./Report";
import { RequestCall } from "./RequestCall";
import { Throughput } from "./Throughput";
import { words } from "./words";
import styles from "./Zip.module.css";
import { ZipEntries } from "./ZipEntries";
import { ZipFacts } from "./ZipFacts";

type Tab = "entries" | "report" | "request";

export function ZipView({ live }: { live: LiveZip }) {
  const { zip } = live;
  const [, navigate] = useLocation();
  const actions = useZipActions(useCallback((made: Schema["Zip"]) => navigate(`/zips/${made.id}`), [navigate]));
  const [tab, setTab] = useState<Tab>("entries");
  const state = stateInWords(zip);
  const reason = zip.error === null ? undefined : asSentence(zip.error);
  return (
    <>
      <PageHeader title={nameOf(zip)} actions={<Buttons live={live} actions={actions} />}>
        <Chip tone={state.tone}>{state.word}</Chip>
      </PageHeader>
      <div className="stack wide">
        {actions.error && <ErrorBlock error={actions.error} />}
        {reason && <ErrorBlock error={new Error(`${words.failed} ${reason}`)} />}
        {isBegun(zip) && (
          <div className={styles.progress}>
            <ProgressBar label={words.progressOf(nameOf(zip))} share={shareDone(zip)} />
            <p className="secondary figures">{progressInWords(zip) || "\u00a0"}</p>
          </div>
        )}
        <div className={styles.top}>
          <section className="card" aria-label={words.about}>
            <ZipFacts live={live} />
          </section>
          <Throughput live={live} />
        </div>
        <Tabs
          label={words.about}
          tabs={[
            { name: "entries", title: words.tabEntries },
            { name: "report", title: words.tabReport },
            { name: "request", title: words.tabRequest },
          ]}
          chosen={tab}
          onChoose={setTab}
        >
          {tab === "entries" ? (
            <ZipEntries zip={zip} />
          ) : tab === "report" ? (
            <Report zip={zip} />
          ) : (
            <RequestCall zip={zip} />
          )}
        </Tabs>
      </div>
      {actions.dialog}
    </>
  );
}

function Buttons({ live: { zip }, actions }: { live: LiveZip; actions: ZipActions }) {
  const { links } = zip;
  return (
    <>
      {links.map((link, at) => (
        <a key={link} className={`button${at === 0 ? " primary" : ""}`} href={link} rel="noreferrer" target="_blank">
          <Icon name="download" />
          {links.length === 1 ? words.download : words.downloadPart(at + 1, links.length)}
        </a>
      ))}
      {links.length > 0 && <CopyButton text={links.join("\n")} what={words.link} word={words.copyLink} />}
      {isUnderWay(zip) &&
        (actions.isCancelling(zip.id) ? (
          <button type="button" className="button" onClick={() => actions.undoCancel(zip.id)}>
            {words.undoCancel}
          </button>
        ) : (
          <button type="button" className="button danger" onClick={() => actions.cancel(zip)}>
            {words.cancel}
          </button>
        ))}
      {!isUnderWay(zip) && (
        <button type="button" className="button" onClick={() => actions.runAgain(zip)}>
          {words.runAgain}
        </button>
      )}
    </>
  );
}
