/** A zip as a card, where the window is narrow. */
import { Chip } from "../../components/Chip";
import { MenuButton } from "../../components/Menu";
import { Time } from "../../components/Time";
import { formatRate } from "../../format/sizes";
import { formatDuration } from "../../format/times";
import { secondsLeft } from "../../zips/rate";
import { useLiveZip } from "../../zips/useZips";
import { useZipMenu } from "../../zips/useZipActions";
import { nameOf, stateInWords } from "../../zips/zipWords";
import { words } from "./words";
import { ZipName } from "./ZipName";
import { ZipProgress } from "./ZipProgress";
import type { ZipRowProps } from "./ZipRow";
import styles from "./Zips.module.css";

export function ZipCard({ first, actions }: ZipRowProps) {
  const { zip, rate } = useLiveZip(first.id) ?? { zip: first, rate: undefined };
  const menu = useZipMenu(actions)(zip);
  const state = stateInWords(zip);
  const seconds = secondsLeft(rate, zip.progress.bytesTotal - zip.progress.bytesDone);
  return (
    <li className={styles.card}>
      <div className={styles.cardTop}>
        <ZipName zip={zip} />
        {menu.length > 0 && <MenuButton label={words.actionsFor(nameOf(zip))} items={menu} />}
      </div>
      <div className="row apart">
        <Chip tone={state.tone}>{state.word}</Chip>
        <span className="secondary figures">
          {rate === undefined ? (
            <Time at={zip.createdAt} />
          ) : (
            [formatRate(rate), seconds !== undefined && words.left(formatDuration(seconds))]
              .filter(Boolean)
              .join(" · ")
          )}
        </span>
      </div>
      <ZipProgress zip={zip} actions={actions} />
    </li>
  );
}
