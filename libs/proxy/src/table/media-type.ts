import Negotiator from 'negotiator';

/** One type: no range of them, no list and no parameters. */
const plain = /^[\w!#$%&'+.^`|~-]+\/[\w!#$%&'+.^`|~-]+$/;

/** Whether a condition is a media type, such as `application/vnd.shop.v1+json`; everything else is compared as text. */
export function isMediaType(text: string): boolean {
  return plain.test(text);
}

/**
 * The place of a type among those that an `Accept` names, best first, by their weights (RFC 9110, section 12.5.1).
 * Undefined: it does not name this one; who takes anything has named nothing.
 */
export function placeIn(accept: string | undefined, type: string): number | undefined {
  if (accept === undefined) return undefined;
  const named = new Negotiator({ headers: { accept } }).mediaTypes();
  const place = named.findIndex((one) => one.toLowerCase() === type.toLowerCase());
  return place < 0 ? undefined : place;
}

/** Whether an `Accept` takes a type, by its name or by a range; without one everything is taken. */
export function takes(accept: string | undefined, type: string): boolean {
  return new Negotiator({ headers: { accept } }).mediaTypes([type]).length > 0;
}

/** Whether a `Content-Type` is of this type, whatever its parameters. */
export function isOf(contentType: string | undefined, type: string): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === type.toLowerCase();
}
