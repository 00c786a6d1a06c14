/** Decodes each escape into one character that stands for its byte; what is no escape stays. */
export function decodeBytes(text: string): string {
  if (!text.includes('%')) return text;
  return text.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/**
 * What a segment of a path is compared by: `%61dmin` and `admin;v=1` are `admin` to services, so they must be to the
 * table, or they would come in by a wider route.
 */
export function segmentKey(segment: string): string {
  if (!segment.includes('%') && !segment.includes(';')) return segment;
  const decoded = decodeBytes(segment);
  const cut = decoded.indexOf(';');
  return cut < 0 ? decoded : decoded.slice(0, cut);
}
