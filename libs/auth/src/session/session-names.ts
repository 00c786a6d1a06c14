import type { SignedIn } from './session.js';

/** By what sessions can be listed. */
export type IndexName = { readonly subject: string } | { readonly providerSession: string };

export function toIndexName(by: IndexName): string {
  return 'subject' in by ? `sub:${by.subject}` : `sid:${by.providerSession}`;
}

export function indexNamesOf({ subject, providerSession }: SignedIn): string[] {
  const names: IndexName[] = [{ subject }, ...(providerSession === undefined ? [] : [{ providerSession }])];
  return names.map(toIndexName);
}
