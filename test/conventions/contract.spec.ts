import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { environmentWith, start } from '../world/processes.js';
import { root } from './packages.js';

const contract = 'apps/web-bff/openapi.json';
const declarations = 'contract-changes.yaml';

/** A git repository with nothing in it, and our command in it. */
class ScratchRepository implements Disposable {
  private readonly folder = mkdtempSync(join(tmpdir(), 'bff-contract-'));

  constructor() {
    this.git('init', '--quiet', '--initial-branch=work');
  }

  git(...args: string[]): string {
    const author = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
    return execFileSync('git', [...author, ...args], { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' });
  }

  write(path: string, content: string | object): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  commit(path: string, content: string | object): void {
    this.write(path, content);
    this.git('add', '.');
    this.git('commit', '--quiet', '--message', path);
  }

  async run(args: string[] = [], environment: Record<string, string> = {}): Promise<Outcome> {
    const script = join(root, 'scripts/contract.mjs');
    const env = environmentWith({ CONTRACT_BASE: undefined, GIT_DIR: undefined, ...environment });
    const started = start(process.execPath, [script, ...args], { cwd: this.folder, env });
    const code = await started.ended;
    return { code, stdout: started.stdout(), stderr: started.stderr() };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Outcome {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** The contract of a call that answers with these fields. */
const answering = (...fields: string[]): object => {
  const properties = Object.fromEntries(fields.map((name) => [name, { type: 'string' }]));
  const content = { 'application/json': { schema: { type: 'object', properties, required: fields } } };
  return { openapi: '3.1.1', paths: { '/api/orders': { get: { responses: { 200: { content } } } } } };
};

const where = 'GET /api/orders: 200 application/json total';

test('a field that is gone since the commit before fails, names it, and prints what would declare it', async () => {
  using repository = new ScratchRepository();
  repository.commit(contract, answering('id', 'total'));
  repository.commit(contract, answering('id'));
  const { code, stdout, stderr } = await repository.run();

  expect(code).toBe(1);
  expect(stdout).toContain(`BREAKING  ${where}\n            \`total\` is no longer sent. (field-removed)`);
  expect(stderr).toMatch(
    /web-bff:\n {2}- change: '.*: 200 application\/json total'\n {4}kind: field-removed\n {4}why: …\n {4}since: /,
  );
});

test('a declared break passes and goes into the changelog with its reason, beside what is new', async () => {
  using repository = new ScratchRepository();
  repository.commit(contract, answering('id', 'total'));
  repository.commit(contract, answering('id', 'price'));
  const { stderr } = await repository.run();
  repository.write(
    declarations,
    stderr.slice(stderr.indexOf('web-bff:')).replace('…', 'No screen shows it.'),
  );
  const declared = await repository.run(['--changelog']);

  expect(declared).toMatchObject({ code: 0, stderr: '' });
  expect(declared.stdout).toContain(`declared  ${where}`);
  expect(repository.read('apps/web-bff/CHANGELOG.md')).toContain(`## Unreleased

### Breaking

- \`GET /api/orders\`, \`200 application/json total\`: \`total\` is no longer sent. No screen shows it.

### Additive

- \`GET /api/orders\`, \`200 application/json price\`: \`price\` is new.
`);
});

test('the changelog is not written while a break is not declared', async () => {
  using repository = new ScratchRepository();
  repository.commit(contract, answering('id'));
  repository.write(contract, answering());
  expect((await repository.run(['--base', 'HEAD', '--changelog'])).code).toBe(1);
  expect(() => repository.read('apps/web-bff/CHANGELOG.md')).toThrow('ENOENT');
});

test('what is new passes, and a declaration without a change is called out of date', async () => {
  using repository = new ScratchRepository();
  repository.commit(contract, answering('id'));
  repository.commit(contract, answering('id', 'total'));
  const entry = `{ change: '${where}', kind: field-removed, why: Gone, since: 2026-11-21 }`;
  repository.write(declarations, `web-bff:\n  - ${entry}\n`);
  const { code, stdout } = await repository.run();

  expect(code).toBe(0);
  expect(stdout).toContain(`additive  ${where}`);
  expect(stdout).toContain(`out of date: "${where}"`);
});

test('the base is where the branch left origin/main, CONTRACT_BASE, or what --base names', async () => {
  using repository = new ScratchRepository();
  repository.commit(contract, answering('id', 'total'));
  repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD');
  repository.commit(contract, answering('id'));
  repository.commit('README.md', 'later');

  expect((await repository.run()).code).toBe(1);
  expect((await repository.run([], { CONTRACT_BASE: 'HEAD~1' })).code).toBe(0);
  expect((await repository.run(['--base', 'HEAD'], { CONTRACT_BASE: 'HEAD~2' })).code).toBe(0);
  expect((await repository.run([], { CONTRACT_BASE: '0'.repeat(40) })).code).toBe(1);
  expect(await repository.run(['--base', 'nowhere'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The base nowhere is not here'),
  });
});

test('a contract that is gone as a whole breaks every call of it', async () => {
  using repository = new ScratchRepository();
  repository.commit(contract, answering('id'));
  repository.git('rm', '--quiet', contract);
  const { code, stdout } = await repository.run(['--base', 'HEAD']);

  expect(code).toBe(1);
  expect(stdout).toContain('BREAKING  GET /api/orders: operation');
});

test('a new contract passes, and so does a tree without a history', async () => {
  using repository = new ScratchRepository();
  repository.write(contract, answering('id'));
  expect(await repository.run()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Nothing to compare/),
  });
  repository.commit('README.md', 'first');
  expect(await repository.run()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Nothing to compare/),
  });
  repository.git('rm', '--quiet', '--cached', contract);
  repository.git('commit', '--quiet', '--message', 'not yet');
  repository.commit(contract, answering('id'));
  expect(await repository.run()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('web-bff: its contract is new'),
  });
});

test('a broken contract or declaration is an error that names the file', async () => {
  using repository = new ScratchRepository();
  repository.commit(contract, answering('id'));
  repository.write(declarations, 'web-bff: 1\n');
  expect((await repository.run(['--base', 'HEAD'])).stderr).toBe(
    `${declarations}: web-bff: must be a list\n`,
  );
  repository.write(declarations, '');
  repository.write(contract, '{');
  expect((await repository.run(['--base', 'HEAD'])).stderr).toContain(`${contract} here: `);
});
