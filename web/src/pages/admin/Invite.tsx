/** Makes an invitation, and shows its link. */
import { useMutation } from "@tanstack/react-query";
import { call } from "../../api/call";
import { CopyField } from "../../components/CopyField";
import { Dialog } from "../../components/Dialog";
import { ErrorBlock } from "../../components/ErrorBlock";
import { Icon } from "../../components/Icon";
import { Time } from "../../components/Time";
import { words } from "./words";

export function Invite() {
  const invite = useMutation({ mutationFn: () => call("POST /api/admin/invitations") });
  return (
    <>
      <button type="button" className="button primary" aria-disabled={invite.isPending} onClick={() => invite.isPending || invite.mutate()}>
        <Icon name="plus" /> {words.invite}
      </button>
      {invite.error && <ErrorBlock error={invite.error} />}
      <Dialog title={words.inviteTitle} isOpen={invite.data !== undefined} onClose={invite.reset}>
        {invite.data && (
          <>
            <CopyField label={words.resetLink} value={invite.data.link} />
            <p className="secondary">
              {words.inviteText} <Time at={invite.data.expiresAt} />.
            </p>
            <div>
              <button type="button" className="button" onClick={invite.reset}>
                {words.close}
              </button>
            </div>
          </>
        )}
      </Dialog>
    </>
  );
}
