/** The address of an entry of a zip; of a folder (its name ends in a slash): a zip of that. */
import { urlOf } from "../../api/call";

export function fileUrl(id: string, name: string): string {
  const path = name.split("/").map(encodeURIComponent).join("/");
  return `${urlOf("/api/zips/{id}/files", { id })}/${path}`;
}
