// `npm run storms`: the gateway under overload, built; what comes after `--` goes to them (`-- --help`).
import { ensurePrepared } from './prepared.mjs';

ensurePrepared('--build');
await import('../bench/dist/storms.js');
