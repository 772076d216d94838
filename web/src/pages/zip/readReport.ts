/** Reads a report of a zip: how many entries it has, and those of which something is to be said. */
import { errorOf } from "../../api/ApiError";
import { urlOf } from "../../api/call";

export interface ReportLine {
  name: string;
  bucket: string;
  key: string;
  nameChange: string;
  state: string;
  reason: string;
}

export interface ReportSummary {
  notable: ReportLine[];
  /** The report was too long to be read whole. */
  isCut: boolean;
}

const MOST_CHARACTERS = 8_000_000;
const MOST_NOTABLE = 1_000;

export function reportUrl(id: string, format: "csv" | "jsonLines"): string {
  return urlOf("/api/zips/{id}/report", { id }, { format });
}

export async function readReport(id: string, signal: AbortSignal): Promise<ReportSummary> {
  const response = await fetch(reportUrl(id, "jsonLines"), { signal });
  if (!response.ok || response.body === null) {
    throw await errorOf(response);
  }
  return summaryOf(response.body.pipeThrough(new TextDecoderStream()));
}

export async function summaryOf(texts: ReadableStream<string>): Promise<ReportSummary> {
  const notable: ReportLine[] = [];
  const reader = texts.getReader();
  let rest = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + (value ?? "")).split("\n");
    rest = done ? "" : (lines.pop() ?? "");
    length += value?.length ?? 0;
    notable.push(...lines.filter((line) => line !== "").map(lineOf).filter(isNotable));
    if (done || length > MOST_CHARACTERS || notable.length > MOST_NOTABLE) {
      if (!done) {
        await reader.cancel();
      }
      return { notable: notable.slice(0, MOST_NOTABLE), isCut: !done };
    }
  }
}

function lineOf(text: string): ReportLine {
  const line = JSON.parse(text) as Partial<Record<keyof ReportLine, string | null>>;
  const { name, bucket, key, nameChange, state, reason } = line;
  return {
    name: name ?? "",
    bucket: bucket ?? "",
    key: key ?? "",
    nameChange: nameChange ?? "",
    state: state ?? "",
    reason: reason ?? "",
  };
}

function isNotable({ nameChange, state, reason }: ReportLine): boolean {
  return nameChange !== "" || reason !== "" || !(state === "zipped" || state === "planned");
}
