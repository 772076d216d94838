/** Where the link of the mail to a new account leads. */
import { call } from "../../api/call";
import { useSession } from "../../app/session";
import { CodePage } from "./CodePage";
import { words } from "./words";

export default function Confirm() {
  const { signedIn } = useSession();
  return (
    <CodePage
      title={words.confirm}
      text={words.confirmText}
      action={words.confirmAction}
      onCode={async (code) => signedIn(await call("POST /registration/confirm", { body: { code } }))}
    />
  );
}
