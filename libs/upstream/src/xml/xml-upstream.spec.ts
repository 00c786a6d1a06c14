import { createServer } from 'node:http';
import { listen } from '@bff/testing';
import { z } from 'zod';
import { path } from '../path.js';
import { XmlUpstream } from './xml-upstream.js';
import { tellNobody } from '../identity/identities.fixture.js';

const Invoice = z.object({
  '@number': z.string(),
  total: z.coerce.number(),
  line: z.array(z.object({ sku: z.string() })),
});
const lists = ['line'];

/** A service that answers every request with this, and keeps what it was sent. */
async function open(body: string, type = 'application/xml') {
  const sent: string[] = [];
  const listening = await listen(
    createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        sent.push(Buffer.concat(chunks).toString());
        response.setHeader('content-type', type).end(body);
      });
    }),
  );
  const upstream = new XmlUpstream('billing', { url: listening.url, timeoutMs: 500 }, tellNobody);
  return {
    upstream,
    sent,
    [Symbol.asyncDispose]: async () => {
      await upstream.close();
      await listening.close();
    },
  };
}

test.each(['application/xml', 'text/xml; charset=utf-8', 'application/soap+xml'])(
  '%s is read by its schema',
  async (type) => {
    const text =
      '<?xml version="1.0"?><invoice number="7"><total>89.00</total><line><sku>BK-1843</sku></line></invoice>';
    await using billing = await open(text, type);
    expect(await billing.upstream.get(path`/invoices/${7}`, Invoice, { lists })).toEqual({
      '@number': '7',
      total: 89,
      line: [{ sku: 'BK-1843' }],
    });
  },
);

test('what is sent is XML, whatever is in it', async () => {
  await using billing = await open('<ok/>');
  const content = { customer: 'Ada & <Co>', line: [{ sku: 'a' }, { sku: 'b' }] };
  await billing.upstream.post(path`/invoices`, { root: 'invoice', content }, z.unknown());
  expect(billing.sent[0]).toContain('<customer>Ada &amp; &lt;Co&gt;</customer>');
  expect(billing.sent[0]?.match(/<line>/g)).toHaveLength(2);
});

test.each([
  [
    'an external entity',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    'application/xml',
  ],
  ['a billion laughs', '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>', 'application/xml'],
  [
    'an inclusion',
    '<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="x"/></a>',
    'application/xml',
  ],
  ['an unclosed element', '<a><b></a>', 'application/xml'],
  ['too many levels', '<a>'.repeat(100) + '</a>'.repeat(100), 'application/xml'],
  ['JSON', '{}', 'application/json'],
  ['another shape', '<invoice/>', 'application/xml'],
  ['nothing', '', 'application/xml'],
])('%s is a bad response', async (_what, body, type) => {
  await using billing = await open(body, type);
  await expect(billing.upstream.get(path`/`, Invoice, { lists })).rejects.toMatchObject({
    upstream: 'billing',
    reason: 'bad_response',
  });
});
