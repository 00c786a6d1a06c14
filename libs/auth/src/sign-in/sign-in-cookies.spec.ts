import type { SessionOptions } from '../session/session.options.js';
import { SignInCookies } from './sign-in-cookies.js';
import { SignInRequest } from './sign-in-request.js';

const options = { gateway: 'web-bff', secrets: ['a secret of the tests'] } as unknown as SessionOptions;
const cookies = new SignInCookies(options);
afterEach(() => import.meta.jest.useRealTimers());

/** As a browser sends back what it was told to keep. */
const headerOf = (lines: readonly string[]): string => lines.map((line) => line.split(';')[0]).join('; ');
const begin = (returnUrl = '/', header?: string) => {
  const request = SignInRequest.create(returnUrl, {});
  return { state: request.state, lines: cookies.add(request, header) };
};
const passMinutes = (minutes: number): void => {
  import.meta.jest.useFakeTimers({ now: Date.now() + minutes * 60_000 });
};

test('a sign-in is found by its state, and by no other', () => {
  const { state, lines } = begin('/orders');
  const header = headerOf(lines);
  expect(cookies.find(state, header)?.returnUrl).toBe('/orders');
  for (const other of ['', 'x', state.slice(1), `${state} `, begin().state])
    expect(cookies.find(other, header)).toBeUndefined();
  expect(cookies.find(state, undefined)).toBeUndefined();
});

test('it is over after ten minutes, whatever the browser still sends', () => {
  const { state, lines } = begin();
  passMinutes(9.9);
  expect(cookies.find(state, headerOf(lines))).toBeDefined();
  passMinutes(0.2);
  expect(cookies.find(state, headerOf(lines))).toBeUndefined();
});

test('one of another gateway, of another secret or of another place is not ours', () => {
  const { state, lines } = begin();
  const header = headerOf(lines);
  const others = [
    { ...options, gateway: 'tv-bff' },
    { ...options, secrets: ['another'] },
  ];
  for (const other of others) expect(new SignInCookies(other).find(state, header)).toBeUndefined();
  const renamed = header.replace('__Host-web-bff', '__Host-tv-bff');
  expect(new SignInCookies({ ...options, gateway: 'tv-bff' }).find(state, renamed)).toBeUndefined();
  const rotated = new SignInCookies({ ...options, secrets: ['a new one', ...options.secrets] });
  expect(rotated.find(state, header)).toBeDefined();
});

test('of six the oldest goes', () => {
  let header = '';
  const states: string[] = [];
  const cleared: string[] = [];
  const startMs = Date.now();
  for (let tab = 0; tab < 6; tab += 1) {
    import.meta.jest.useFakeTimers({ now: startMs + tab });
    const { state, lines } = begin('/', header);
    states.push(state);
    cleared.push(...lines.filter((line) => line.endsWith('Max-Age=0')));
    header = `${header}; ${headerOf(lines.slice(-1))}`;
  }
  expect(cleared).toEqual([cookies.clear(states[0] ?? '')]);
});

test('together they are never more than half of what a request has room for', () => {
  let kept: string[] = [];
  for (let tab = 0; tab < 10; tab += 1) {
    const { lines } = begin(`/${'a'.repeat(1_999)}`, headerOf(kept));
    const gone = lines.filter((line) => line.endsWith('Max-Age=0')).map((line) => line.split('=')[0]);
    kept = [...kept.filter((line) => !gone.includes(line.split('=')[0])), ...lines.slice(-1)];
    expect(headerOf(kept).length).toBeLessThan(8 * 1024);
  }
  expect(kept.length).toBeGreaterThan(1);
});

test('what another sign-in has come to is kept in those that are still on their way', () => {
  const [first, second] = [begin(), begin()];
  const header = headerOf([...first.lines, ...second.lines]);
  const lines = cookies.replaceLater('key of a session', first.state, header);
  expect(lines).toHaveLength(1);
  expect(cookies.find(second.state, headerOf(lines))?.replaces).toBe('key of a session');
});
