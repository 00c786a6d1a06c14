import { Agent, createServer } from 'node:http';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { config, tellReady } from '../config.js';

/** Without express around it, and with the agent that its recipes advise. */
const proxy = createProxyMiddleware({
  target: config.files,
  changeOrigin: true,
  agent: new Agent({ keepAlive: true }),
});

createServer((request, response) => void proxy(request, response)).listen(
  config.port,
  '127.0.0.1',
  tellReady,
);
