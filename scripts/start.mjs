// `npm start`: sample-backend and all gateways on this machine, until Ctrl-C. `--watch` (`npm run dev`) runs them from
// source and restarts what changes.
import { describeApps } from './apps.mjs';
import { problemsWithPorts } from './ports.mjs';
import { ensurePrepared } from './prepared.mjs';
import { startApps } from './start-apps.mjs';
import { startHelp, startedText } from './start-text.mjs';

const watch = process.argv.includes('--watch');

async function main() {
  if (process.argv.includes('--help')) return console.log(startHelp);
  ensurePrepared(...(watch ? [] : ['--build']));
  const described = describeApps(process.env);
  const { apps } = described;
  const ports = apps.flatMap(({ name: app, ports }) =>
    Object.entries(ports).map(([name, number]) => ({ app, name, number })),
  );
  const problems = await problemsWithPorts(ports, apps[0].env.HOST);
  if (problems.length > 0) throw new Error([...problems, 'Nothing was started.'].join('\n'));
  await startApps(apps, { watch, onReady: () => console.log(startedText(described)) });
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
