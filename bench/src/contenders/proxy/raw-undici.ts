import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Dispatcher, Pool } from 'undici';
import { config, tellReady } from '../config.js';

const pool = new Pool(config.files, { connections: 128 });

async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const method = request.method as Dispatcher.HttpMethod;
  const body = method === 'GET' || method === 'HEAD' ? null : request;
  await pool.stream({ method, path: request.url ?? '/', headers, body }, (answer) => {
    const { connection: _, ...answerHeaders } = answer.headers;
    return response.writeHead(answer.statusCode, answerHeaders);
  });
}

const server = createServer((request, response) => {
  relay(request, response).catch(() => response.destroy());
});
// As long as balancers keep theirs, and longer than a round.
server.keepAliveTimeout = 75_000;
server.listen(config.port, '127.0.0.1', tellReady);
