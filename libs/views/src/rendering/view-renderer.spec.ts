import { HandlerFake } from '@bff/testing';
import type { Request, Response } from 'express';
import { MemoryStore } from '@bff/store';
import { z } from 'zod';
import { defineView, optional, required, ViewRenderer } from '../index.js';

const Greeting = defineView('Greeting', {
  text: required(z.string()),
  extra: optional(z.string(), { otherwise: '' }),
});

/** Renders a greeting over real HTTP, and gives the whole answer. */
async function render(
  text: string,
  extra: () => string = () => 'x',
  meta: 'always' | 'when-incomplete' = 'always',
) {
  const renderer = await ViewRenderer.create({ meta, store: new MemoryStore() });
  await using server = await HandlerFake.start((request, response) => {
    const load = Greeting.load({ text: () => text, extra });
    void renderer.render(load, request as Request, response as Response);
  });
  const answer = await fetch(server.url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  return { headers: answer.headers, bytes, body: JSON.parse(bytes.toString('utf8')) as unknown };
}

test.each(['plain', 'é', '€ 24', '𝄞', '\u0000\u007f', '\ud800', 'ÿ'])(
  '%j arrives as it was, in UTF-8, with its length',
  async (text) => {
    const { headers, bytes, body } = await render(text);
    expect(body).toMatchObject({ text: text.toWellFormed() === text ? text : expect.any(String) });
    expect(headers.get('content-length')).toBe(String(bytes.length));
    expect(headers.get('content-type')).toBe('application/json');
  },
);

test('a complete answer has an ETag of its content and may be kept, but asked for each time', async () => {
  const [one, same, other] = [await render('a'), await render('a'), await render('b')];
  expect(one.headers.get('etag')).toMatch(/^W\/"[\w-]+"$/);
  expect(one.headers.get('etag')).toBe(same.headers.get('etag'));
  expect(one.headers.get('etag')).not.toBe(other.headers.get('etag'));
  expect(one.headers.get('cache-control')).toBe('private, no-cache');
});

test('an incomplete answer says what is missing, has no ETag and is not kept', async () => {
  const { headers, body } = await render(
    'a',
    () => {
      throw new Error('a mistake');
    },
    'when-incomplete',
  );
  expect(headers.get('x-incomplete')).toBe('extra');
  expect(headers.get('etag')).toBeNull();
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({ text: 'a', extra: '', _meta: { complete: false } });
});

test('_meta is left out of a complete answer where that is asked for', async () => {
  expect((await render('a', undefined, 'when-incomplete')).body).toEqual({ text: 'a', extra: 'x' });
});
