import { expect, test, vi } from "vitest";
import { summaryOf } from "./readReport";

// The page's base path is read when its module is loaded, before any test.
vi.hoisted(() => {
  vi.stubGlobal("document", { documentElement: { dataset: { base: "/" } } });
  vi.stubGlobal("location", { origin: "https://example.org" });
});

function streamOf(...texts: string[]): ReadableStream<string> {
  return new ReadableStream({
    start(controller) {
      texts.forEach((text) => controller.enqueue(text));
      controller.close();
    },
  });
}

test("only lines of which something is to be said are kept, wherever the text is cut", async () => {
  const lines = [
    { name: "a.jpg", key: "a.jpg", state: "zipped", nameChange: "", reason: "" },
    { name: "a_b.jpg", key: "a:b.jpg", state: "zipped", nameChange: "cleaned", reason: "made fit" },
    { name: null, key: "gone.jpg", state: "missing" },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join("\n");
  for (const cut of [0, 10, 90, text.length]) {
    const { notable, isCut } = await summaryOf(streamOf(text.slice(0, cut), text.slice(cut)));
    expect(notable.map(({ key }) => key)).toEqual(["a:b.jpg", "gone.jpg"]);
    expect(isCut).toBe(false);
  }
});
