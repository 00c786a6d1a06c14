// Loaded into an app that runs in watch mode. `node --watch` outlives whoever started it, so that a killed `npm run dev`
// would leave it behind: this ends the watcher and the app when the process STARTED_BY is gone.
const starter = Number(process.env.STARTED_BY);
const POLL_MS = 1_000;

setInterval(() => {
  try {
    process.kill(starter, 0);
  } catch {
    process.kill(process.ppid, 'SIGKILL');
    process.exit(1);
  }
}, POLL_MS).unref();
