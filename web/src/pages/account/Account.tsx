/** The reader's own account: password, sessions, theme, and its end. */
import { PageHeader } from "../../app/PageHeader";
import { useSession } from "../../app/session";
import { formatDay } from "../../format/times";
import { DeleteAccount } from "./DeleteAccount";
import { Password } from "./Password";
import { Sessions } from "./Sessions";
import { Theme } from "./Theme";
import { words } from "./words";

export default function Account() {
  const { account } = useSession();
  if (account === null) {
    return (
      <>
        <PageHeader title={words.settings}>{words.openServer}</PageHeader>
        <Theme />
      </>
    );
  }
  const facts = [account.name, account.isAdmin && words.administrator, words.since(formatDay(account.createdAt))];
  return (
    <>
      <PageHeader title={words.title}>{facts.filter(Boolean).join(" · ")}</PageHeader>
      <div className="stack wide">
        <Theme />
        <Password />
        <Sessions />
        <DeleteAccount />
      </div>
    </>
  );
}
