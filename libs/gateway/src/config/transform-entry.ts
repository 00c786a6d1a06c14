import { ruleMistakes, type RouteTransform } from '@bff/proxy';
import { isXmlName } from '@bff/xml';
import { z } from 'zod';
import { Size } from './size.js';

const maxPaths = 200;
const name = z.string().min(1).max(128);
const path = z
  .string()
  .regex(/^[^.]{1,128}(\.[^.]{1,128}){0,15}$/, 'expected a path such as lines.sku, of up to 16 names');

const names = z.array(name).max(maxPaths).default([]);
const reading = {
  lists: names.describe('Elements that are arrays even when there is one of them'),
  numbers: names.describe('Elements and @attributes that are numbers'),
  booleans: names.describe('Elements and @attributes that are true or false'),
};
const root = {
  root: name
    .refine(isXmlName, 'expected the name of an element, without a prefix')
    .describe('The element that all of it is in'),
  namespace: z
    .string()
    .regex(/^[!-~]{1,512}$/, 'expected a URI')
    .optional()
    .describe('Of all elements. Default: none'),
};
const Xml = z
  .strictObject(reading)
  .optional()
  .describe('The service answers with XML, which becomes JSON first');

const Response = z
  .strictObject({
    allow: z
      .array(path)
      .min(1)
      .max(maxPaths)
      .optional()
      .describe('Nothing else passes: [id, lines.sku]. Default: all'),
    deny: z.array(path).max(maxPaths).default([]).describe('What does not pass: [internal, lines.cost]'),
    rename: z
      .record(z.string(), name)
      .superRefine((names, context) => {
        const paths = Object.keys(names);
        if (paths.length > maxPaths)
          context.addIssue({ code: 'custom', message: `expected ${maxPaths} paths at most` });
        for (const one of paths)
          for (const { message } of path.safeParse(one).error?.issues ?? [])
            context.addIssue({ code: 'custom', path: [one], message });
      })
      .default({})
      .describe('A new name by the path of what has it: { order_id: id, lines.qty: quantity }'),
    xml: Xml,
    wrap: name.optional().describe('The one name under which all of it is: data'),
  })
  .refine(changesSomething, 'needs one of xml, allow, deny, rename and wrap')
  .superRefine((rules, context) => {
    for (const [key, message] of ruleMistakes(rules))
      context.addIssue({ code: 'custom', path: [key], message });
  });

const Request = z
  .strictObject({ xml: z.strictObject(root).describe('The service takes XML, which JSON becomes') })
  .optional()
  .describe('What becomes of JSON bodies of requests. Default: they pass as they come');

const Callers = z
  .strictObject({
    xml: z
      .strictObject({ ...root, ...reading })
      .describe('XML by Accept in place of JSON, and bodies of XML, which become JSON'),
  })
  .optional()
  .describe('What callers may speak beside JSON. Default: nothing');

/** Whole bodies in place of bytes that pass. */
export const Transform = z
  .strictObject({
    response: Response.optional().describe('What becomes of JSON answers of 2xx: pick, rename, wrap'),
    request: Request,
    callers: Callers,
    maxBytes: Size.optional().describe(
      'The largest answer that is transformed, in one piece. Default 1MiB, and 128KiB where it becomes XML',
    ),
  })
  .refine(
    ({ response, request, callers }) => [response, request, callers].some((one) => one !== undefined),
    'needs one of response, request and callers',
  )
  .optional()
  .describe('What becomes of whole bodies. Default: they pass byte for byte');

function changesSomething({
  xml,
  allow,
  deny,
  rename,
  wrap,
}: NonNullable<RouteTransform['response']>): boolean {
  return (
    xml !== undefined ||
    allow !== undefined ||
    deny.length > 0 ||
    Object.keys(rename).length > 0 ||
    wrap !== undefined
  );
}

interface Transformed {
  readonly transform?: unknown;
  readonly websocket?: boolean | undefined;
  readonly static?: unknown;
}

/** For `superRefine`: what has no whole bodies for or of a service. */
export function checkTransform(entry: Transformed, context: z.RefinementCtx): void {
  if (entry.transform === undefined) return;
  const add = (message: string): void => context.addIssue({ code: 'custom', path: ['transform'], message });
  if (entry.static !== undefined) add('needs a service: a static answer is written as it is to be');
  if (entry.websocket) add('needs whole bodies, which a WebSocket has none of');
}
