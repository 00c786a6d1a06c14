import type { Problem } from './problem.js';

/** The XML form of a problem: RFC 9457, appendix B; our `errors` and `requestId` as extension elements. */
export function toProblemXml(problem: Problem): string {
  const { errors, ...plain } = problem;
  const members = Object.entries(plain)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => element(name, escapeXml(String(value))));
  const items = errors?.map((error) =>
    element('i', element('path', escapeXml(error.path)) + element('message', escapeXml(error.message))),
  );
  if (items !== undefined) members.push(element('errors', items.join('')));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<problem xmlns="urn:ietf:rfc:7807">${members.join('')}</problem>`;
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Characters that XML 1.0 cannot carry at all, not even escaped (section 2.2). */
// oxlint-disable-next-line no-control-regex -- finding control characters is the point
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

function escapeXml(text: string): string {
  return text
    .replaceAll(notInXml, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
