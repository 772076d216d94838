/** All accounts of the server, for administrators. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/call";
import type { Schema } from "../../api/calls";
import { PageHeader } from "../../app/PageHeader";
import { useSession } from "../../app/session";
import { Chip } from "../../components/Chip";
import { type Column, DataTable } from "../../components/DataTable";
import { MenuButton } from "../../components/Menu";
import { QueryView } from "../../components/QueryView";
import { Time } from "../../components/Time";
import { formatBytes, formatCount } from "../../format/sizes";
import { ChangeAccount, type Change, ResetLink } from "./AccountDialogs";
import { Invite } from "./Invite";
import { words } from "./words";

type ManagedAccount = Schema["ManagedAccount"];
type Doing = { account: ManagedAccount; what: Change | "reset" };

export default function Accounts() {
  const { server, account: reader } = useSession();
  const [doing, setDoing] = useState<Doing>();
  const query = useQuery({
    queryKey: ["admin", "accounts"],
    queryFn: ({ signal }) => call("GET /api/admin/accounts", { signal }),
  });

  const itemsFor = (account: ManagedAccount) => {
    const item = (what: Doing["what"]) => ({
      label: words[what],
      onSelect: () => setDoing({ account, what }),
      isDanger: what === "disable" || what === "delete",
    });
    const isReader = account.id === reader?.id;
    const change = account.state === "active" ? item("disable") : item("enable");
    return isReader ? [item("reset")] : [item("reset"), change, item("delete")];
  };

  const stop = () => setDoing(undefined);
  return (
    <>
      <PageHeader title={words.accounts} actions={<Invite />}>
        {words.registration[server.registration]}
      </PageHeader>
      <QueryView query={query} rows={4}>
        {({ accounts }) => (
          <DataTable
            caption={words.accounts}
            columns={COLUMNS}
            rows={accounts}
            keyOf={(account) => account.id}
            actions={(account) => (
              <MenuButton label={words.actionsFor(account.name)} items={itemsFor(account)} />
            )}
          />
        )}
      </QueryView>
      {doing?.what === "reset" && <ResetLink of={doing.account} onClose={stop} />}
      {doing && doing.what !== "reset" && <ChangeAccount of={doing.account} change={doing.what} onClose={stop} />}
    </>
  );
}

const COLUMNS: Column<ManagedAccount>[] = [
  {
    head: words.mail,
    cell: ({ name, isAdmin }) => (
      <>
        {name}
        {isAdmin && <div className="secondary">{words.administrator}</div>}
      </>
    ),
  },
  {
    head: words.state,
    cell: ({ state }) => <Chip tone={state === "active" ? "ready" : "cancelled"}>{words[state]}</Chip>,
  },
  { head: words.zips, cell: ({ zips30Days }) => formatCount(zips30Days), isFigure: true },
  { head: words.bytes, cell: ({ bytes30Days }) => formatBytes(bytes30Days), isFigure: true },
  { head: words.made, cell: ({ createdAt }) => <Time at={createdAt} /> },
  {
    head: words.lastSeen,
    cell: ({ lastSeenAt }) => (lastSeenAt ? <Time at={lastSeenAt} /> : <span className="secondary">{words.never}</span>),
  },
];
