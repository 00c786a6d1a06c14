import { z } from 'zod';

export const instant = z.iso
  .datetime({ offset: true, error: 'expected a time such as 2027-01-01T00:00:00Z' })
  .transform((text) => Date.parse(text));

export const webLink = z
  .url({ protocol: /^https?$/, error: 'expected an http(s) URL' })
  .transform((text) => new URL(text).href);

/** What is on its way out, with members of its own beside what all have. */
export function deprecationEntry<Own extends z.ZodRawShape>(own: Own, sunset: string) {
  return z
    .strictObject({
      ...own,
      at: instant.optional().describe('Since when nobody should begin to use it'),
      sunset: instant.optional().describe(sunset),
      link: webLink.optional().describe('What to read about it'),
    })
    .superRefine((entry, context) => {
      const { at, sunset: end } = entry as { at?: number; sunset?: number };
      const add = (message: string): void => context.addIssue({ code: 'custom', message });
      if (at === undefined && end === undefined) add('needs at, sunset or both');
      if (at !== undefined && end !== undefined && end < at)
        add('the sunset is before it is deprecated (RFC 9745, section 4)');
    });
}
