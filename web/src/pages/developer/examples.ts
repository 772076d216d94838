/** The examples, from the files in web/examples, which run as they are against a server on this machine. */
import curl from "../../../examples/curl.sh?raw";
import go from "../../../examples/go.go?raw";
import javascript from "../../../examples/javascript.mjs?raw";
import open from "../../../examples/open.sh?raw";
import php from "../../../examples/php.php?raw";
import python from "../../../examples/python.py?raw";

export const EXAMPLES = [
  { name: "curl", title: "curl", text: curl },
  { name: "python", title: "Python", text: python },
  { name: "javascript", title: "JavaScript", text: javascript },
  { name: "php", title: "PHP", text: php },
  { name: "go", title: "Go", text: go },
] as const;

export type Language = (typeof EXAMPLES)[number]["name"];

export const OPEN_EXAMPLE = open;

/** An example with the reader's own server and userKey in it. */
export function filledExample(text: string, url: string, userKey = "YOUR_USER_KEY"): string {
  return text
    .replace(/^#!.*\n/, "")
    .replaceAll("http://127.0.0.1:8080", url)
    .replaceAll("YOUR_USER_KEY", userKey)
    .trimEnd();
}
