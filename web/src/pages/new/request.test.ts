import { expect, test } from "vitest";
import { NOTHING_COUNTED } from "./count";
import { chosenFile, nameFor } from "./choice";
import { streamRequest, wantedCall, zipRequest } from "./request";

const folder = { bucket: "photos", key: "2026/trip/", count: NOTHING_COUNTED };
const file = chosenFile("lists", "notes.txt", 4);
const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "" };

test("sources of another bucket say so", () => {
  expect(zipRequest({ credentials, endpoint: "", region: "" }, [folder, file], { bucket: "photos", key: "a.zip" })).toMatchObject({
    credentials,
    bucket: "photos",
    sources: ["2026/trip/", { bucket: "lists", source: "notes.txt" }],
    target: { key: "a.zip" },
  });
});

test("with kept credentials a request has none", () => {
  expect(streamRequest({ endpoint: "https://s3.example.org", region: "eu" }, [file], "a.zip", 24)).toMatchObject({
    endpoint: "https://s3.example.org",
    region: "eu",
    bucket: "lists",
    sources: ["notes.txt"],
    fileName: "a.zip",
    link: { hours: 24, presign: true },
  });
});

test("the zip is called after the first of what goes in", () => {
  expect(nameFor([])).toBe("");
  expect(nameFor([folder, file])).toBe("trip.zip");
  expect(nameFor([file])).toBe("notes.zip");
  expect(nameFor([{ ...folder, key: "/" }])).toBe("photos.zip");
  expect(nameFor([chosenFile("b", ".env", 1)])).toBe(".env.zip");
});

test("what is chosen is a call when nothing is missing for it", () => {
  const access = { endpoint: "", region: "" };
  const target = { isLink: false, bucket: "photos", name: "a.zip", hours: 24 };
  expect(wantedCall(undefined, [folder], target)).toBeUndefined();
  expect(wantedCall(access, [], target)).toBeUndefined();
  expect(wantedCall(access, [folder], { ...target, name: "" })).toBeUndefined();
  expect(wantedCall(access, [folder], target)?.body).toMatchObject({ target: { key: "a.zip" } });
  expect(wantedCall(access, [folder], { ...target, isLink: true })?.body).toMatchObject({ fileName: "a.zip" });
});
