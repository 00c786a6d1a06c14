import express from 'express';
import proxy from 'express-http-proxy';
import { config, tellReady } from '../config.js';

const app = express();
app.disable('x-powered-by');
// Nothing decorates, so that it streams; a body is not parsed.
app.use(proxy(config.files, { parseReqBody: false }));
app.listen(config.port, '127.0.0.1', tellReady);
