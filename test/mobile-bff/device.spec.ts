import { type MobileBff, startMobileBff } from '../world/bff.js';

let bff: MobileBff;
beforeEach(async () => {
  bff = await startMobileBff();
});
afterEach(() => bff[Symbol.asyncDispose]());

interface Home {
  readonly picks: readonly { readonly imageUrl?: string }[];
}
const home = async (headers: Record<string, string> = {}) => {
  const answer = await bff.ada.get('/v1/home', { headers });
  expect(answer.status).toBe(200);
  return { ...answer, picks: (answer.body as Home).picks };
};

test('on a slow network the home screen has less, on others images of the size that they bear, and who does not say gets words', async () => {
  const [slow, medium, fast, saving, unknown] = [
    await home({ ect: '2g' }),
    await home({ ect: '3g' }),
    await home({ ect: '4g' }),
    await home({ ect: '4g', 'save-data': 'on' }),
    await home(),
  ];
  expect([slow, medium, fast, saving, unknown].map(({ picks }) => picks.length)).toEqual([3, 6, 6, 3, 6]);
  for (const { imageUrl } of fast.picks) expect(imageUrl).toMatch(/^https:.*\?width=640$/);
  for (const { imageUrl } of medium.picks) expect(imageUrl).toMatch(/^https:.*\?width=320$/);
  for (const { picks } of [slow, saving, unknown])
    expect(picks.some((pick) => 'imageUrl' in pick)).toBe(false);
  expect(fast.headers['vary']).toMatch(/\bECT, Save-Data\b/);
  expect(Buffer.byteLength(fast.text)).toBeLessThan(2_000);
});

test('who has changed the network is told anew; on the same one nothing is loaded again', async () => {
  const { headers } = await home({ ect: '4g' });
  const calls = () => bff.catalog.calls.length;
  const ask = (ect: string) =>
    bff.ada.get('/v1/home', { headers: { 'if-none-match': String(headers['etag']), ect } });
  const before = calls();
  expect((await ask('4g')).status).toBe(304);
  expect(calls()).toBe(before);
  expect((await ask('2g')).status).toBe(200);
  expect(calls()).toBe(before + 1);
});

test('times are left to the app', async () => {
  const { body } = await bff.ada.get('/v1/orders?limit=1', {
    headers: { 'x-time-zone': 'Asia/Tokyo', 'accept-language': 'ja' },
  });
  expect(body).toMatchObject({ orders: [{ placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) }] });
});

test('nonsense is no mistake of the caller, and shows in the metrics as the devices do', async () => {
  const { picks } = await home({ ect: '9g', 'x-time-zone': "'; DROP TABLE", 'x-app-platform': 'android' });
  expect(picks).toHaveLength(6);
  const { text } = await bff.management.get('/metrics');
  expect(text).toContain('bff_device_requests_total{platform="android",app="unknown",network="unknown"} 1');
  expect(text).toContain('bff_device_facts_wrong_total{fact="network"} 1');
  expect(text).toContain('bff_device_facts_wrong_total{fact="timeZone"} 1');
});
