import { type Bff, startWebBff } from '../world/bff.js';
import { writeGatewayConfig } from '../world/gateway-config.js';
import { exchange, requestText } from '../world/raw-http.js';
import { headersAtServices } from '../world/upstream-headers.js';

describe('what the caller sends about itself', () => {
  let bff: Bff;
  beforeAll(async () => {
    bff = await startWebBff();
  });
  afterAll(() => bff[Symbol.asyncDispose]());

  test('reaches none of the three services, and who it is reaches each of them once', async () => {
    const token = await bff.issuer.mint({ subject: '7' });
    const forged = [
      'X-User-Id',
      'x-user-id',
      'X-USER-ID',
      'X_User_Id',
      'x_user-id',
      'X-User-Role',
      'X-User-',
      'X-Internal-Admin',
      'X-Internal',
    ];
    const proxied = [
      'Forwarded',
      'X-Forwarded-For',
      'X-Forwarded-Host',
      'X-Forwarded-Proto',
      'X-Forwarded-User',
      'X-Real-IP',
      'Via',
    ];
    const others = [
      'Cookie',
      'Referer',
      'Origin',
      'X-Custom',
      'X-Deadline-Ms',
      'Proxy-Authorization',
      'grpc-timeout',
      'User-Agent',
      'x_request_id',
    ];
    const lines = [...forged, ...proxied, ...others].map((name) => `${name}: forged`);
    const headers = [
      'Host: forged',
      `Authorization: Bearer ${token}`,
      'TE: trailers',
      'Connection: close, x-user-id',
      ...lines,
    ];
    const answer = await exchange(bff.gateway.url, requestText('GET /api/dashboard HTTP/1.1', headers));
    expect(answer?.status).toBe(200);
    const seen = headersAtServices(bff);
    expect(seen).toHaveLength(3);
    for (const received of seen) {
      expect(JSON.stringify(received)).not.toMatch(/forged/i);
      expect(JSON.stringify(received)).not.toContain(token.split('.')[2]);
      expect(received['x-user-id']).toBe('7');
      expect(
        Object.keys(received).filter((name) =>
          /user(?!-agent)|internal|forward|real|cookie|authorization/i.test(name),
        ),
      ).toEqual(['x-user-id']);
    }
  });

  test('a caller that is somebody else is somebody else at the services', async () => {
    const charles = await bff.with({ subject: '8' });
    await charles.get('/api/orders', { headers: { 'x-user-id': '7' } });
    expect(bff.orders.calls.at(-1)?.headers['x-user-id']).toBe('8');
  });
});

describe('whose address counts', () => {
  /** Calls from the same socket address, each with one of `entries` as X-Forwarded-For; how many pass a limit of two. */
  async function countPassed(
    hops: number,
    entries: readonly string[],
    name = 'X-Forwarded-For',
  ): Promise<number> {
    const limits = { address: { requests: 2, window: '60s' } };
    using config = writeGatewayConfig('web-bff', { limits });
    const bff = await startWebBff({ GATEWAY_CONFIG: config.path, TRUST_PROXY: String(hops) });
    try {
      let passed = 0;
      for (const entry of entries) {
        const answer = await exchange(
          bff.gateway.url,
          requestText('GET /api/dashboard HTTP/1.1', ['Host: bff', `${name}: ${entry}`]),
        );
        expect([401, 429]).toContain(answer?.status);
        if (answer?.status === 401) passed += 1;
      }
      return passed;
    } finally {
      await bff[Symbol.asyncDispose]();
    }
  }

  const last = ['10.0.0.9, 1.1.1.1', '10.0.0.9, 1.1.1.2', '10.0.0.9, 1.1.1.3'];
  const secondLast = ['8.8.8.8, 2.2.2.1, 1.1.1.1', '8.8.8.8, 2.2.2.2, 1.1.1.1', '8.8.8.8, 2.2.2.3, 1.1.1.1'];
  const thirdLast = ['8.8.8.1, 2.2.2.2, 1.1.1.1', '8.8.8.2, 2.2.2.2, 1.1.1.1', '8.8.8.3, 2.2.2.2, 1.1.1.1'];
  test.each([
    [0, 'the header is not believed', last, 2],
    [1, 'the last entry counts', last, 3],
    [1, 'an entry before the last is not believed', secondLast, 2],
    [2, 'the second last entry counts', secondLast, 3],
    [2, 'an entry before the second last is not believed', thirdLast, 2],
    [2, 'a header with fewer entries than hops counts by its first', ['1.1.1.1', '1.1.1.1', '1.1.1.1'], 2],
    [1, 'what is no address is somebody like any other', ['unknown', 'unknown', 'unknown'], 2],
    [1, 'addresses of one IPv6 network are one', ['2001:db8::1', '2001:db8::2', '2001:db8::3'], 2],
    [
      1,
      'addresses of several IPv6 networks are several',
      ['2001:db8:0:1::1', '2001:db8:0:2::1', '2001:db8:0:3::1'],
      3,
    ],
    [1, 'IPv4 in IPv6 is IPv4', ['1.1.1.1', '::ffff:1.1.1.1', '::FFFF:1.1.1.1'], 2],
  ])('with TRUST_PROXY=%i %s', async (hops, _what, entries, passed) => {
    expect(await countPassed(hops, entries)).toBe(passed);
  });

  test.each([
    'X-Real-IP',
    'Forwarded',
    'X-Client-IP',
    'X_Forwarded_For',
    'True-Client-IP',
    'CF-Connecting-IP',
  ])('%s is never believed', async (name) =>
    expect(await countPassed(1, ['1.1.1.1', '1.1.1.2', '1.1.1.3'], name)).toBe(2),
  );
});
