import type { XmlReading } from '@bff/proxy';
import { readXml, type ReadXmlOptions } from '@bff/xml';

/** Its types leave out what ES2026 adds. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
const numberSyntax = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The JSON text that an XML text stands for, as `readXml` reads it; `xsi:nil` is null. A number is spelled as it was,
 * and what is none where one was expected stays text. Throws XmlError.
 */
export function toJsonText(
  xml: string,
  { lists, numbers, booleans }: XmlReading,
  limits: Omit<ReadXmlOptions, 'lists'> = {},
): string {
  const typed = (value: unknown, name: string): unknown => {
    if (Array.isArray(value)) return value.map((one) => typed(one, name));
    if (typeof value === 'object' && value !== null) return object(value);
    const text = String(value).trim();
    if (numbers.includes(name) && numberSyntax.test(text)) return rawJSON(text);
    return booleans.includes(name) && /^(true|false)$/.test(text) ? text === 'true' : value;
  };
  const object = (value: object): unknown => {
    const members = Object.entries(value);
    if (members.some(([name, one]) => name === '@nil' && one === 'true')) return null;
    return Object.fromEntries(members.map(([name, one]) => [name, typed(one, name)]));
  };
  return JSON.stringify(typed(readXml(xml, { ...limits, lists }), ''));
}
