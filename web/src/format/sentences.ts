/** A text of the server as a sentence: its reasons begin in small letters, and lack the point. */
export function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? "" : ".");
}
