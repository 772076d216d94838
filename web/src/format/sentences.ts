/** A text of the server as a sentence: its reasons begin in small letters, and lack the point. What begins with the name
 * of a field or of a thing ("target.key", "s3://photos/a.jpg") stays as it is. */
export function asSentence(text: string): string {
  const begun = text.replace(/^[a-z]+(?=[ ,:;]|$)/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
  return begun + (/[.!?…]$/.test(text) ? "" : ".");
}
