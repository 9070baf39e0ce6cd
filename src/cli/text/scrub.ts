/** The patterns that no text of ours may carry out of the process, and what replaces each. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // A link, in either case, with or without the line breaks that a mail program puts into it.
  [/taleus:(?:[a-z2-7]{4,}|\s+[a-z2-7]{16,})(?:[\r\n]+[> \t]*[a-z2-7]{8,})*/gi, 'taleus:…'],
  // The rest of a link that something cut in two. A peer id is base58 and always holds a 1.
  [/\b[a-z2-7]{40,}\b/gi, '…'],
  // A token secret, where it says so itself.
  [/(\bsecret["']?\s*[:=]\s*["']?)[\w-]{16,}/gi, '$1…'],
  // That of an older link, and any in one.
  [/\b(stock|foil)\.[\w-]{22}(?![\w-])/g, '$1.…'],
  [/("token"\s*:\s*")[^"]+/g, '$1…'],
  [/taleus-private-key-\d+ \S+/g, 'taleus-private-key…'],
  // The password in a URL.
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s/@]+(?=@)/gi, '$1…'],
]

/** Replaces links, token secrets, keys and passwords in a text. For everything that is shown or logged as an error. */
export function scrub(text: string): string {
  return SECRETS.reduce((scrubbed, [secret, instead]) => scrubbed.replace(secret, instead), text)
}
