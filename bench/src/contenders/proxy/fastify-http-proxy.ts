import httpProxy from '@fastify/http-proxy';
import Fastify from 'fastify';
import { config, tellReady } from '../config.js';

const server = Fastify();
// As its documentation shows it.
await server.register(httpProxy, {
  upstream: config.files,
  undici: { connections: 128, pipelining: 1, keepAliveTimeout: 60_000 },
});
await server.listen({ port: config.port, host: '127.0.0.1' });
tellReady();
