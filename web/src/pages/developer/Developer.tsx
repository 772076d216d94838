/** All that a programmer needs: keys, examples that work, and the AWS credentials that the server keeps. */
import { PageHeader } from "../../app/PageHeader";
import { useSession } from "../../app/session";
import { FirstCall } from "./FirstCall";
import { KeptCredentials } from "./KeptCredentials";
import { Keys } from "./Keys";
import { OpenExample, TryIt } from "./TryIt";
import { words } from "./words";

export default function Developer() {
  const { server } = useSession();
  if (!server.accounts) {
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
  return (
    <>
      <PageHeader title={words.title}>{words.subtitle}</PageHeader>
      <div className="stack wide">
        <Keys />
        <TryIt />
        <FirstCall />
        <KeptCredentials />
      </div>
    </>
  );
}
