// `npm run bench`: head-to-head benchmarks, built; what comes after `--` goes to them (`-- --help`).
import { ensurePrepared } from './prepared.mjs';

ensurePrepared('--build');
await import('../bench/dist/main.js');
