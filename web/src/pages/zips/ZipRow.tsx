/** A zip as a row of the table. It is plain HTML, and drawn anew only when its own zip changes. */
import type { Schema } from "../../api/calls";
import { Chip } from "../../components/Chip";
import { MenuButton } from "../../components/Menu";
import { Time } from "../../components/Time";
import { formatRate } from "../../format/sizes";
import { formatDuration } from "../../format/times";
import { secondsLeft } from "../../zips/rate";
import { useLiveZip } from "../../zips/useZips";
import { useZipMenu, type ZipActions } from "../../zips/useZipActions";
import { nameOf, stateInWords } from "../../zips/zipWords";
import { words } from "./words";
import { ZipName } from "./ZipName";
import { ZipProgress } from "./ZipProgress";
import styles from "./Zips.module.css";

export interface ZipRowProps {
  /** The zip as it was listed; what is heard of it later is newer. */
  first: Schema["Zip"];
  actions: ZipActions;
}

export function ZipRow({ first, actions }: ZipRowProps) {
  const { zip, rate } = useLiveZip(first.id) ?? { zip: first, rate: undefined };
  const menu = useZipMenu(actions)(zip);
  const state = stateInWords(zip);
  const seconds = secondsLeft(rate, zip.progress.bytesTotal - zip.progress.bytesDone);
  return (
    <tr>
      <th scope="row">
        <ZipName zip={zip} />
      </th>
      <td>
        <Chip tone={state.tone}>{state.word}</Chip>
      </td>
      {zip.error === null ? (
        <>
          <td>
            <ZipProgress zip={zip} actions={actions} />
          </td>
          <td className={styles.figure}>{rate !== undefined && formatRate(rate)}</td>
          <td className={styles.figure}>{seconds !== undefined && formatDuration(seconds)}</td>
        </>
      ) : (
        // What has failed has no rate: its reason takes the room.
        <td colSpan={3}>
          <ZipProgress zip={zip} actions={actions} />
        </td>
      )}
      <td>
        <Time at={zip.createdAt} />
      </td>
      <td className={styles.menu}>
        {menu.length > 0 && <MenuButton label={words.actionsFor(nameOf(zip))} items={menu} />}
      </td>
    </tr>
  );
}
