// `npm run new:view`, `new:upstream`, `new:bff`: writes a working, tested screen, service client or gateway. What the
// flags do not say is asked for in a terminal; `-- --help` lists them. Not `turbo gen`: that fetches @turbo/gen, in
// turbo's own version, from the registry at every run, and takes answers by position only.
import { parseArgs } from 'node:util';
import { answerQuestions } from './new/answer-questions.mjs';
import { bff } from './new/bff.mjs';
import { Draft } from './new/draft.mjs';
import { upstream } from './new/upstream.mjs';
import { view } from './new/view.mjs';
import { ensurePrepared } from './prepared.mjs';
import { root } from './root.mjs';

const generators = { view, upstream, bff };

async function main() {
  const [kind, ...args] = process.argv.slice(2);
  const generator = generators[kind];
  if (!generator) throw new Error(`What is new? ${Object.keys(generators).join(', ')}`);
  const draft = new Draft(root);
  const questions = generator.questions(draft);
  const flags = questions.map(({ flag }) => [flag, { type: 'string' }]);
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...Object.fromEntries(flags), help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) return console.log(helpOf(kind, questions));
  ensurePrepared('--quiet');
  const [name = values.name] = positionals;
  const answers = await answerQuestions(questions, { ...values, name });
  const next = generator.draft(draft, answers);
  const written = await draft.write();
  console.log([...written, '', ...next].join('\n'));
}

function helpOf(kind, questions) {
  const flags = questions.map(({ flag, text }) => `  --${flag.padEnd(10)} ${text}`);
  return [`npm run new:${kind} -- <name> [flags]`, '', ...flags].join('\n');
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
