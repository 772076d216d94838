/** The link that was made, to take away. */
import { useLocation } from "wouter";
import type { Schema } from "../../api/calls";
import { CopyField } from "../../components/CopyField";
import { Dialog } from "../../components/Dialog";
import { words } from "./words";

interface Props {
  /** Undefined: none was made yet. */
  stream: Schema["Stream"] | undefined;
  onClose: () => void;
}

export function LinkReady({ stream, onClose }: Props) {
  const [, navigate] = useLocation();
  return (
    <Dialog title={words.linkReady} isOpen={stream !== undefined} onClose={onClose}>
      <p>{words.linkReadyText}</p>
      {stream?.links.map((link, at) => (
        <CopyField key={link} label={words.linkPart(at + 1, stream.links.length)} value={link} />
      ))}
      <div>
        <button type="button" className="button primary" onClick={() => navigate("/links")}>
          {words.allLinks}
        </button>
      </div>
    </Dialog>
  );
}
