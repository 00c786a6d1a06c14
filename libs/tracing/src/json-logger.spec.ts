import { Deadline, Ending, runInContext } from '@bff/context';
import { JsonLogger } from './json-logger.js';

interface Line {
  readonly msg?: string;
  readonly requestId?: string;
  readonly traceId?: string;
  readonly context?: string;
  readonly level: unknown;
  readonly err?: { readonly message: string; readonly stack: string };
}

/** What a logger writes while `work` runs. */
function written(work: (logger: JsonLogger) => void): string {
  let text = '';
  const destination = { write: (chunk: string) => void (text += chunk) };
  work(new JsonLogger({ name: 'test', level: 'trace', destination }));
  return text;
}

/** The only line, which must be one JSON object. */
function lineOf(work: (logger: JsonLogger) => void): Line {
  const text = written(work);
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.slice(0, -1).split(/[\n\r]/);
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] ?? '') as Line;
  expect(line).toMatchObject({ name: 'test', level: expect.anything(), time: expect.any(String) });
  return line;
}

const circular: Record<string, unknown> = { name: 'circular' };
circular['self'] = circular;
const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as unknown;

test.each<[string, unknown]>([
  ['text', 'text'],
  ['line breaks', 'a\nb\r\nc\u2028d'],
  ['quotes and braces', '"}\n{"level":"fatal"}'],
  ['control characters', '\u0000\u0007\u001b[31m'],
  ['half a surrogate pair', '\ud800'],
  ['format characters of printf', '%s %d %j %o %%'],
  ['a megabyte', 'm'.repeat(1_000_000)],
  ['nothing', ''],
  ['undefined', undefined],
  ['null', null],
  ['a number', Number.NaN],
  ['a bigint', 10n],
  ['a symbol', Symbol('s')],
  ['a function', () => 'f'],
  ['a circular object', circular],
  ['an object with a bigint', { amount: 10n }],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
  [
    'an object of our own field names',
    { level: 'x', time: 'x', name: 'x', msg: 'x', requestId: 'x', err: 'x' },
  ],
  ['an object of thousands of levels', { deep }],
  ['an object with line breaks in its names', { 'a\nb': '"\n' }],
  ['a list', ['a', circular]],
  ['a map', new Map([[{}, circular]])],
  ['bytes', Buffer.from([0, 10, 13])],
  ['a date that is none', new Date(Number.NaN)],
  [
    'a getter that throws',
    {
      get a(): never {
        throw new Error('getter');
      },
    },
  ],
  [
    'a toJSON that throws',
    {
      toJSON: () => {
        throw new Error('toJSON');
      },
    },
  ],
  [
    'a getter that throws in the depth',
    {
      a: {
        get b(): never {
          throw new Error('getter');
        },
      },
    },
  ],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('proxy');
        },
      },
    ),
  ],
  ['an error', new Error('e\n"quoted"')],
  ['an error with causes', new Error('outer', { cause: new Error('inner', { cause: circular }) })],
  ['an error that is its own cause', selfCaused()],
  ['an error of errors', new AggregateError([new Error('one'), circular], 'several')],
  [
    'an error whose message throws',
    Object.defineProperty(new Error('x'), 'message', {
      get: () => {
        throw new Error('message');
      },
    }),
  ],
  ['an error whose stack is no text', Object.assign(new Error('x'), { stack: circular })],
  ['an error with fields', Object.assign(new Error('x'), { request: circular, big: 1n })],
])('%s is one JSON object on one line', (_what, message) => {
  for (const level of ['log', 'error', 'warn', 'debug', 'verbose', 'fatal'] as const) {
    lineOf((logger) => logger[level](message, 'Context'));
  }
});

test('an error is told with its message, its stack and where it was logged', () => {
  const line = lineOf((logger) => logger.error(new TypeError('it broke'), 'Place'));
  expect(line).toMatchObject({
    msg: 'it broke',
    context: 'Place',
    err: { type: 'TypeError', message: 'it broke' },
  });
  expect(line.err?.stack).toContain('json-logger.spec');
});

test('what an object says does not take the place of what the logger says', () => {
  const line = lineOf((logger) =>
    inRequest(() => logger.log({ requestId: 'forged', level: 'forged', time: 0 })),
  );
  expect(line).toMatchObject({ requestId: 'r-1', level: 30 });
});

test('each line carries the ids of the request it belongs to', () => {
  const line = lineOf((logger) => inRequest(() => logger.warn('in a request')));
  expect(line).toMatchObject({ requestId: 'r-1', traceId: 'a'.repeat(32), msg: 'in a request' });
  expect(lineOf((logger) => logger.warn('outside'))).not.toHaveProperty('requestId');
});

test('the access log survives any path and any caller', () => {
  const fields = { method: 'GET', path: '/\n"\u0000%s', userId: '"', circular };
  expect(lineOf((logger) => logger.event('info', fields, 'request'))).toMatchObject({ path: fields.path });
});

test('nothing is written below the level', () => {
  expect(written(() => new JsonLogger({ name: 'test', level: 'silent' }).fatal('x'))).toBe('');
});

function selfCaused(): Error {
  const error = new Error('self');
  error.cause = error;
  return error;
}

function inRequest(work: () => void): void {
  const trace = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 };
  const context = {
    requestId: 'r-1',
    trace,
    deadline: Deadline.after(1_000),
    ending: new Ending(),
  };
  runInContext(context, work);
}
