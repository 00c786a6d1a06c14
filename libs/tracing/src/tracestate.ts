/** W3C Trace Context level 2, section 3.3.2.2; its keys include all of level 1's. */
const key = /^[a-z0-9][a-z0-9_\-*/@]{0,255}$/;
const value = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const maxMembers = 32;

/** The list without empty members, to be passed on in order; undefined when any part of it breaks the grammar. */
export function readTracestate(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const members = header
    .split(',')
    .map(trimOptionalWhitespace)
    .filter((member) => member !== '');
  if (members.length === 0 || members.length > maxMembers) return undefined;
  const keys = new Set<string>();
  for (const member of members) {
    const equals = member.indexOf('=');
    const name = member.slice(0, equals);
    if (equals < 0 || !key.test(name) || !value.test(member.slice(equals + 1)) || keys.has(name))
      return undefined;
    keys.add(name);
  }
  return members.join(',');
}

function trimOptionalWhitespace(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}
