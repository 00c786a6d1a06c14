const nowhere = 'http://nowhere.invalid';
/** What a cookie has room for beside the rest. */
const maxLength = 2_000;

/**
 * Where to go after the sign-in, as path, query and fragment in ASCII. Undefined: it leaves this site, or might for some
 * reader of URLs; or it is too long.
 */
export function readReturnUrl(text: string): string | undefined {
  // Browsers drop tabs and line ends wherever they stand, and read `\` as `/` (WHATWG URL, section 4.4).
  if (!text.startsWith('/') || /[\s\\\p{Cc}]/u.test(text) || !URL.canParse(text, nowhere)) return undefined;
  const { origin, username, pathname, search, hash } = new URL(text, nowhere);
  const local = pathname + search + hash;
  if (origin !== nowhere || username !== '' || local.length > maxLength) return undefined;
  // A proxy in between may decode what stands there, and make another host of it.
  return /^\/(\/|%2f|%5c|\\)/i.test(local) ? undefined : local;
}
