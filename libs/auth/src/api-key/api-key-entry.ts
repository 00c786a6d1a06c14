/** What is known of a key: never the key itself. Several of one name are one caller: that is how a key is rotated. */
export interface ApiKeyEntry {
  /** Services get to see it in `x-user-id`, behind `api-key:`. */
  readonly name: string;
  /** SHA-256 of the key, as hex. */
  readonly sha256: string;
  readonly scopes: readonly string[];
  /** Which of the limits of routes that have plans it gets. */
  readonly plan?: string | undefined;
  /** Milliseconds since 1970; undefined: never. */
  readonly expiresAtMs?: number | undefined;
}

export const apiKeyName = /^[a-z][a-z0-9-]{0,62}$/;
export const apiKeySha256 = /^[0-9a-f]{64}$/;
/** RFC 6749, section 3.3. */
export const scopeName = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** What is wrong with entries, and how to mend it; nothing where nothing is. */
export function findApiKeyMistakes(entries: readonly ApiKeyEntry[]): readonly string[] {
  return entries.flatMap(({ name, sha256, scopes, expiresAtMs }, index) => {
    const mistakes: string[] = [];
    const same = entries.findIndex((other) => other.sha256 === sha256);
    if (!apiKeyName.test(name))
      mistakes.push('name: a letter, then letters, digits and dashes, all in lower case, 63 at most');
    if (!apiKeySha256.test(sha256))
      mistakes.push('sha256: 64 hex digits in lower case, as npm run api-key says');
    else if (same < index)
      mistakes.push(`sha256: that of ${entries[same]?.name}; each key has an entry of its own`);
    if (!scopes.every((scope) => scopeName.test(scope)))
      mistakes.push('scopes: a list of names without spaces');
    if (Number.isNaN(expiresAtMs)) mistakes.push('expires: a date and time, like 2030-01-31T00:00:00Z');
    return mistakes.map((mistake) => `apiKeys[${index}] (${name}): ${mistake}`);
  });
}
