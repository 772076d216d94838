/** All that a programmer needs: keys, examples that work, and the AWS credentials that the server keeps. */
import { PageHeader } from "../../app/PageHeader";
import { useSession } from "../../app/session";
import { Loading } from "../../components/Loading";
import { FirstCall } from "./FirstCall";
import { KeptCredentials } from "./KeptCredentials";
import { Keys } from "./Keys";
import { useKeys } from "./keys";
import { OpenExample, TryIt } from "./TryIt";
import { words } from "./words";

export default function Developer() {
  const { server } = useSession();
  return server.accounts ? <WithKeys /> : <WithoutAccounts />;
}

function WithKeys() {
  // All sections come together: those below would jump otherwise when the keys arrive.
  const { isPending } = useKeys({ isPage: true });
  return (
    <>
      <PageHeader title={words.title}>{words.subtitle}</PageHeader>
      {isPending ? (
        <Loading />
      ) : (
        <div className="stack wide">
          <Keys />
          <TryIt />
          <FirstCall />
          <KeptCredentials />
        </div>
      )}
    </>
  );
}

function WithoutAccounts() {
  return (
    <>
      <PageHeader title={words.title} />
      <div className="stack wide">
        <p>{words.openServer}</p>
        <OpenExample />
      </div>
    </>
  );
}
