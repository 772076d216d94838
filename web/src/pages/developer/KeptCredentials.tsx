/** The AWS credentials that the server keeps for the account: what they are, a test, and the way to others. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { Chip } from "../../components/Chip";
import { Code } from "../../components/Code";
import { Confirm } from "../../components/Confirm";
import { ErrorBlock } from "../../components/ErrorBlock";
import { Facts } from "../../components/Facts";
import { QueryView } from "../../components/QueryView";
import { Time } from "../../components/Time";
import { useToast } from "../../components/Toast";
import { KeepCredentials } from "./KeepCredentials";
import { iamPolicy } from "./policy";
import { words } from "./words";

type Kept = Schema["KeptCredentials"];

export function KeptCredentials() {
  const query = useQuery({
    queryKey: ["account"],
    queryFn: ({ signal }) => call("GET /api/account", { signal }),
  });
  const [isKeeping, setIsKeeping] = useState(false);
  return (
    <section className="card stack" aria-labelledby="kept">
      <h2 id="kept">{words.kept}</h2>
      <p className="secondary">{words.keptText}</p>
      <QueryView query={query}>
        {({ credentials }) => (
          <>
            {credentials ? (
              <KeptFacts kept={credentials} onReplace={() => setIsKeeping(true)} />
            ) : (
              <div>
                <button type="button" className="button" onClick={() => setIsKeeping(true)}>
                  {words.keep}
                </button>
              </div>
            )}
            <details>
              <summary>{words.policy}</summary>
              <div className="stack">
                <p className="secondary">{words.policyText}</p>
                <Code what={words.policy} text={iamPolicy(credentials?.buckets ?? [])} />
              </div>
            </details>
            <KeepCredentials isOpen={isKeeping} onClose={() => setIsKeeping(false)} />
          </>
        )}
      </QueryView>
    </section>
  );
}

function KeptFacts({ kept, onReplace }: { kept: Kept; onReplace: () => void }) {
  const [isErasing, setIsErasing] = useState(false);
  const queries = useQueryClient();
  const toast = useToast();
  const erase = async () => {
    await call("DELETE /api/account/credentials");
    await queries.invalidateQueries({ queryKey: ["account"] });
    toast({ text: words.erased });
  };
  return (
    <>
      <Facts
        facts={[
          [words.accessKeyId, <code>…{kept.accessKeyIdEnd}</code>],
          [words.store, kept.endpoint || words.defaultStore],
          [words.region, kept.region || words.regionFound],
          [words.buckets, kept.buckets.join(", ") || words.allBuckets],
          [words.signedLinks, kept.signedLinks ? words.linksWork : words.linksOff],
          [words.keptAt, <Time at={kept.keptAt} />],
        ]}
      />
      <TestButtons onReplace={onReplace} onErase={() => setIsErasing(true)} />
      <Confirm
        title={words.eraseTitle}
        action={words.erase}
        isOpen={isErasing}
        onConfirm={erase}
        onClose={() => setIsErasing(false)}
      >
        <p>{words.eraseText}</p>
      </Confirm>
    </>
  );
}

function TestButtons({ onReplace, onErase }: { onReplace: () => void; onErase: () => void }) {
  const test = useQuery({
    queryKey: ["buckets", "test"],
    queryFn: ({ signal }) => call("GET /api/buckets", { signal }),
    enabled: false,
    retry: false,
  });
  return (
    <>
      <div className="row">
        <button
          type="button"
          className="button"
          aria-disabled={test.isFetching}
          onClick={() => test.isFetching || void test.refetch()}
        >
          {test.isFetching ? words.testing : words.test}
        </button>
        <button type="button" className="button" onClick={onReplace}>
          {words.replace}
        </button>
        <button type="button" className="button danger" onClick={onErase}>
          {words.erase}
        </button>
        <span role="status">
          {test.data && !test.error && <Chip tone="ready">{words.testResult(test.data.buckets.length)}</Chip>}
        </span>
      </div>
      {test.error && <ErrorBlock error={test.error} />}
    </>
  );
}
