/** A call of an app that is out there, by the method of its typed client. */
export interface AppCall {
  readonly method: string;
  readonly args: readonly unknown[];
  readonly signedIn: boolean;
  /** Once more for the next page: the parameter that takes what the answer has under a name. */
  readonly goesOn?: Readonly<Record<string, string>>;
}

/** What the client sent, what it was answered, and what it made of that. */
export interface CallRecord {
  readonly request: AppRequest;
  readonly answer: { readonly status: number; readonly type: string; readonly body: unknown };
  readonly result: CallResult;
}

interface AppRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `data`, with that of the page `after` it; `records` one after the other; or the code of the `problem`. */
type CallResult = { data: unknown; after?: unknown } | { records: unknown[] } | { problem: string };

type ClientMethod = (...args: readonly unknown[]) => Promise<{ data: unknown }> | AsyncIterable<unknown>;
type ClientOptions = {
  readonly baseUrl: string;
  readonly headers: () => Record<string, string>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
};
type App = Readonly<Record<string, ClientMethod>>;

/** The module of a typed client. */
export type ClientModule = Readonly<Record<string, unknown>>;

/** Of the app, whoever runs it; all other headers are of the network, or of who is signed in. */
const keptHeaders = ['accept', 'content-type', 'idempotency-key'];

export async function makeCall(
  client: ClientModule,
  { method, args, signedIn, goesOn }: AppCall,
  { baseUrl, token }: { readonly baseUrl: string; readonly token: string },
): Promise<CallRecord> {
  const exchanges: Pick<CallRecord, 'request' | 'answer'>[] = [];
  const app = openApp(client, {
    baseUrl,
    headers: (): Record<string, string> => (signedIn ? { authorization: `Bearer ${token}` } : {}),
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      exchanges.push({
        request: requestOf(url.slice(baseUrl.length), init),
        answer: await answerOf(response.clone()),
      });
      return response;
    },
  });
  const result = await resultOf(() => app[method]!(...args));
  const after =
    goesOn !== undefined && 'data' in result
      ? await resultOf(() => app[method]!(nextPage(args, goesOn, result.data)))
      : undefined;
  const page = after !== undefined && 'data' in after ? { after: after.data } : {};
  return { ...exchanges[0]!, result: { ...result, ...page } };
}

function openApp(client: ClientModule, options: ClientOptions): App {
  const create = Object.entries(client).find(([name]) => /^create\w+Client$/.test(name))?.[1];
  if (create === undefined) throw new Error('The client has no function that creates it');
  return (create as (options: ClientOptions) => App)(options);
}

function requestOf(target: string, { method = 'GET', headers, body }: RequestInit): AppRequest {
  const kept = [...new Headers(headers)].filter(([name]) => keptHeaders.includes(name));
  const request = { method, target, headers: Object.fromEntries(kept) };
  return typeof body === 'string' ? { ...request, body: JSON.parse(body) as unknown } : request;
}

async function answerOf(response: Response): Promise<CallRecord['answer']> {
  const type = (response.headers.get('content-type') ?? '').replace(/;.*/, '');
  const text = await response.text();
  const lines = () => text.split('\n').filter((line) => line !== '');
  const parse = (json: string) => JSON.parse(json) as unknown;
  return {
    status: response.status,
    type,
    body: type === 'application/x-ndjson' ? lines().map(parse) : parse(text),
  };
}

async function resultOf(call: () => ReturnType<ClientMethod>): Promise<CallResult> {
  try {
    const answer = call();
    if (Symbol.asyncIterator in answer) return { records: await readAll(answer) };
    return { data: (await answer).data };
  } catch (error) {
    const { problem, code } = error as { problem?: unknown; code?: string };
    if (problem === undefined || code === undefined) throw error;
    return { problem: code };
  }
}

async function readAll(records: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const record of records) all.push(record);
  return all;
}

function nextPage([params]: readonly unknown[], goesOn: Readonly<Record<string, string>>, data: unknown) {
  const handed = Object.entries(goesOn).map(([parameter, from]) => [
    parameter,
    (data as Record<string, unknown>)[from],
  ]);
  return { ...(params as object), ...(Object.fromEntries(handed) as object) };
}
