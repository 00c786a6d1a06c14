import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ordersProtoPath } from '@bff/clients/protocols';
import { GrpcFake, type GrpcMethods } from '@bff/testing';
import { startProxyWorld } from '../world/proxy-world.js';

const folder = mkdtempSync(join(tmpdir(), 'proto-'));
const proto = join(folder, 'echo.proto');
writeFileSync(
  proto,
  `syntax = "proto3";
package test;
import "google/protobuf/timestamp.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/wrappers.proto";
import "google/protobuf/struct.proto";
import "kinds.proto";
service Echo {
  rpc Read(All) returns (All) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Change(All) returns (All);
  rpc Watch(All) returns (stream All);
  rpc Loose(All) returns (google.protobuf.Struct);
}
message All {
  int64 big = 1;
  uint32 small = 2;
  Kind kind = 3;
  bytes raw = 4;
  map<string, int64> counts = 5;
  map<int32, bool> flags = 6;
  oneof choice { string name = 7; int32 number = 8; }
  google.protobuf.Timestamp at = 9;
  google.protobuf.Duration lasts = 10;
  google.protobuf.Int64Value maybe = 11;
  repeated string tags = 12;
  All inner = 13;
  double ratio = 14;
  optional bool is_open = 15;
}
`,
);
writeFileSync(
  join(folder, 'kinds.proto'),
  'syntax = "proto3";\npackage test;\nenum Kind { NONE = 0; BOOK = 1; }',
);
afterAll(() => rmSync(folder, { recursive: true }));

const read = {
  name: 'read',
  match: { path: '/rest/echo/:big', methods: ['GET'] },
  upstream: 'echo',
  grpc: {
    method: 'test.Echo/Read',
    arguments: {
      big: 'path.big',
      small: 'query.small',
      kind: 'query.kind',
      tags: 'query.tag',
      at: 'query.at',
      name: 'caller.id',
    },
  },
};
const change = {
  name: 'change',
  match: { path: '/rest/echo', methods: ['POST'] },
  upstream: 'echo',
  grpc: { method: 'test.Echo/Change', arguments: { inner: 'body' }, result: 'inner' },
};

async function start(
  methods: GrpcMethods = { Read: (all) => all, Change: (all) => all },
  routes: readonly object[] = [read, change],
  upstream: object = { proto },
) {
  const echo = await GrpcFake.start(proto, 'test.Echo', methods);
  const close = async (): Promise<void> => echo[Symbol.asyncDispose]();
  const config = { url: echo.url, timeout: '500ms', ...upstream };
  try {
    const world = await startProxyWorld({ routes }, {}, { echo: config });
    const all = async (): Promise<void> => {
      await world[Symbol.asyncDispose]();
      await close();
    };
    return { echo, bff: world.bff, [Symbol.asyncDispose]: all };
  } catch (error) {
    await close();
    throw error;
  }
}

test('a method is asked with what path, query and caller give, and answers in the JSON of protobuf', async () => {
  await using world = await start();
  const query = 'small=7&kind=BOOK&tag=a&tag=b&at=2027-01-01T01:00:00.5%2B01:00';
  const answer = await world.bff.ada.get(`/rest/echo/9007199254740993?${query}`);
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.body).toEqual({
    big: '9007199254740993',
    small: 7,
    kind: 'BOOK',
    raw: '',
    counts: {},
    flags: {},
    name: '7',
    at: '2027-01-01T00:00:00.500Z',
    tags: ['a', 'b'],
    ratio: 0,
  });
});

test('every kind of field of a body comes back as it was', async () => {
  await using world = await start();
  const inner = {
    big: '-9223372036854775808',
    small: 4294967295,
    kind: 'BOOK',
    raw: 'AQL/',
    counts: { a: '1', 'b c': '9007199254740993' },
    flags: { '-5': true },
    number: 0,
    at: '0001-01-01T00:00:00.000000001Z',
    lasts: '-1.500s',
    maybe: '0',
    tags: [],
    inner: { big: '1', small: 0, kind: 'NONE', raw: '', counts: {}, flags: {}, tags: ['x'], ratio: 'NaN' },
    ratio: 0.5,
    isOpen: false,
  };
  const answer = await world.bff.ada.post('/rest/echo', inner);
  expect(answer.body).toEqual(inner);
});

test('everything that does not fit is named, and no service is asked', async () => {
  await using world = await start();
  const answer = await world.bff.ada.get('/rest/echo/9223372036854775808?small=-1&kind=CAR&at=soon');
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    type: 'urn:bff:invalid_request',
    errors: [
      { path: 'big', message: 'expected an int64' },
      { path: 'small', message: 'expected an uint32' },
      { path: 'kind', message: 'expected one of NONE, BOOK' },
      { path: 'at', message: 'expected a time such as 2027-01-01T00:00:00Z' },
    ],
  });
  expect(world.echo.calls).toEqual([]);
});

test.each([
  [{ web: 1 }, 'inner.web', 'is no field of All'],
  [{ inner: { name: 1 } }, 'inner.inner.name', 'expected text'],
  [{ tags: ['a', null] }, 'inner.tags.1', 'must not be null'],
  [{ name: 'a', number: 1 }, 'inner.number', 'only one of name, number can be there'],
  [{ raw: '%' }, 'inner.raw', 'expected base64'],
  [{ lasts: '1' }, 'inner.lasts', 'expected a duration such as 1.5s'],
  [{ counts: { a: 'x' } }, 'inner.counts.a', 'expected an int64'],
  [[], 'inner', 'expected an object'],
])('the body %j is refused at %s', async (body, path, message) => {
  await using world = await start();
  const answer = await world.bff.ada.post('/rest/echo', body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ errors: [{ path, message }] });
});

test.each([
  [5, 404],
  [3, 422],
  [7, 502],
  [4, 504],
  [13, 502],
])('the status %i is a %i, and its words stay inside', async (status, expected) => {
  await using world = await start();
  await world.echo.fails({ as: 'status', status });
  const answer = await world.bff.ada.get('/rest/echo/1');
  expect(answer.status).toBe(expected);
  expect(answer.text).not.toContain('internal words');
});

test('a service that is away is a 502 without its address, and one that hangs a 504', async () => {
  await using world = await start();
  await world.echo.fails({ as: 'hanging' });
  expect((await world.bff.ada.get('/rest/echo/1')).status).toBe(504);
  await world.echo.fails({ as: 'unreachable' });
  const answer = await world.bff.ada.get('/rest/echo/1');
  expect(answer.status).toBe(502);
  expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONN/);
});

test('only a method that its definition calls safe is tried again', async () => {
  await using world = await start();
  await world.echo.fails({ as: 'status', status: 14 });
  await world.bff.ada.post('/rest/echo', {});
  expect(world.echo.calls).toHaveLength(1);
  await world.bff.ada.get('/rest/echo/1');
  expect(world.echo.calls).toHaveLength(4);
});

test('the service hears who calls, nothing else of the request, and nothing of who is not known', async () => {
  await using world = await start();
  expect((await world.bff.anonymous.get('/rest/echo/1')).status).toBe(401);
  await world.bff.ada.get('/rest/echo/1', { headers: { 'x-channel': 'web' } });
  expect(world.echo.calls).toMatchObject([{ headers: { 'x-user-id': '7' } }]);
  expect(world.echo.calls[0]?.headers).not.toHaveProperty('x-channel');
  expect(world.echo.calls[0]?.headers).not.toHaveProperty('authorization');
});

test('an answer above the limit is a 502', async () => {
  const large = () => ({ name: 'x'.repeat(100_000) });
  await using world = await start({ Read: large }, [read], { proto, maxAnswer: '10KiB' });
  expect((await world.bff.ada.get('/rest/echo/1')).status).toBe(502);
});

const of = (grpc: object) => ({ grpc: { method: 'test.Echo/Read', ...grpc } });

test.each([
  [of({ method: 'test.Echo' }), /grpc\.method: expected package\.Service\/Method/],
  [
    of({ method: 'test.Other/Read' }),
    /gateway\.yaml:\d+: routes\.0\.grpc\.method: .*defines no service test\.Other/,
  ],
  [of({ method: 'test.Echo/Reed' }), /has no method Reed \(it has: Read, Change, Watch, Loose\)/],
  [of({ method: 'test.Echo/Watch' }), /test\.Echo\/Watch streams, and a route answers once/],
  [of({ method: 'test.Echo/Loose' }), /has a google\.protobuf\.Struct, which a route cannot tell/],
  [
    of({ arguments: { web: 'path.big' } }),
    /arguments\.web: the request of test\.Echo\/Read has no field web/,
  ],
  [of({ arguments: { big: 'path.id' } }), /arguments\.big: .* does not give :id/],
  [of({ arguments: { inner: 'query.a' } }), /arguments\.inner: inner is a All, which no text is/],
  [of({ arguments: { big: { value: 'x' } } }), /arguments\.big: expected an int64/],
  [of({ arguments: { inner: 'body' } }), /arguments\.inner: GET has no body/],
  [of({ result: 'web' }), /grpc\.result: the answer of test\.Echo\/Read has no web/],
  [{ rewrite: '/a', requestHeaders: { deny: ['a'] } }, /rewrite: does[^]*requestHeaders: does nothing/],
  [{ upstream: undefined, static: {} }, /grpc: needs upstream in place of static/],
  [{ match: { path: '/rest/echo/:big' } }, /needs methods, such as \[GET\]/],
])('%j is a mistake of gateway.yaml', async (changes, message) => {
  await expect(start({}, [{ ...read, ...changes }])).rejects.toThrow(message);
});

test.each([
  [{}, /grpc\.method: needs upstreams\.echo\.proto/],
  [{ proto: 'none.proto' }, /gateway\.yaml:\d+: upstreams\.echo\.proto: none\.proto cannot be read/],
])('an upstream of %j is a mistake too', async (upstream, message) => {
  await expect(start({}, [read], upstream)).rejects.toThrow(message);
});

test('the sample service is asked by its own definition', async () => {
  const order = { id: '1', number: '42', total: { amount: '89.00', currency: 'GBP' } };
  await using orders = await GrpcFake.start(ordersProtoPath, 'bff.orders.v1.Orders', { Get: () => order });
  const route = {
    name: 'order',
    match: { path: '/rest/my-orders/:id', methods: ['GET'] },
    upstream: 'archive',
    grpc: {
      method: 'bff.orders.v1.Orders/Get',
      arguments: { userId: 'caller.id', id: 'path.id' },
      result: 'total',
    },
  };
  const upstreams = { archive: { url: orders.url, proto: ordersProtoPath } };
  await using world = await startProxyWorld({ routes: [route] }, {}, upstreams);
  expect((await world.bff.ada.get('/rest/my-orders/1')).body).toEqual(order.total);
});
