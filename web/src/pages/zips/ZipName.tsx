/** Name and place of a zip, each on one line. A long name loses its middle, as its end tells what it is. */
import { Link } from "wouter";
import type { Schema } from "../../api/calls";
import { folderOf, nameOf } from "../../zips/zipWords";
import styles from "./Zips.module.css";

const KEPT_END = 12;

export function ZipName({ zip }: { zip: Schema["Zip"] }) {
  const name = nameOf(zip);
  const folder = folderOf(zip);
  return (
    <div className={styles.name}>
      <Link href={`/zips/${zip.id}`} className={styles.link} title={name}>
        <span className={styles.begin}>{name.slice(0, -KEPT_END)}</span>
        <span className={styles.end}>{name.slice(-KEPT_END)}</span>
      </Link>
      <span className={styles.place} title={folder}>
        {folder}
      </span>
    </div>
  );
}
