/** Header fields that fetch a key of the sender's choice, or change what the signature covers. */
const refusedFields = ['jku', 'x5u', 'x5c', 'crit', 'b64', 'enc', 'zip'];

/** Real tokens nest three levels or four; whoever sends more wants to see a parser break. */
const maxNesting = 16;

/** Something is no JWS that may be looked at. `message` says why, in words that its sender may read. */
export class UnreadableJwsError extends Error {}

/**
 * Reads the protected header of a compact JWS, before anything else is done with it; its claims are looked at for
 * their form only. Throws UnreadableJwsError. Source: RFC 8725, sections 3.1, 3.10.
 */
export function readJwsHeader(jws: string, maxLength: number): Readonly<Record<string, unknown>> {
  if (jws.length > maxLength) throw new UnreadableJwsError('it is too long');
  const parts = jws.split('.');
  if (parts.length !== 3 || !parts.every(isBase64url))
    throw new UnreadableJwsError('it is not a compact JWS');
  const [head = '', claims = ''] = parts.map((part) => Buffer.from(part, 'base64url').toString());
  if (nestingOf(head) > maxNesting || nestingOf(claims) > maxNesting)
    throw new UnreadableJwsError('it nests too deep');
  const header = parse(head);
  if (typeof header !== 'object' || header === null)
    throw new UnreadableJwsError('its header is not an object');
  const refused = refusedFields.find((field) => Object.hasOwn(header, field));
  if (refused !== undefined) throw new UnreadableJwsError(`its header has the field ${refused}`);
  return header as Record<string, unknown>;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new UnreadableJwsError('its header is not JSON', { cause });
  }
}

/** In its one canonical form: a last letter with bits to spare would give one signature several spellings. */
function isBase64url(text: string): boolean {
  return text !== '' && Buffer.from(text, 'base64url').toString('base64url') === text;
}

/** How deep the arrays and objects of a JSON text go; what is no JSON gets some number. */
function nestingOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (character === '"') inString = !inString;
    else if (inString) index += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, (depth += 1));
    else if (character === ']' || character === '}') depth -= 1;
  }
  return deepest;
}
