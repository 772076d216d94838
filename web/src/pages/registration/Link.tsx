/** Where a one-time link leads that the command line has made. */
import { call } from "../../api/call";
import { useSession } from "../../app/session";
import { CodePage } from "./CodePage";
import { words } from "./words";

export default function LinkPage() {
  const { signedIn } = useSession();
  return (
    <CodePage
      title={words.link}
      text={words.linkText}
      action={words.login}
      onCode={async (code) => signedIn(await call("POST /session/link", { body: { code } }))}
    />
  );
}
