import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob, relative } from 'node:path';
import { promisify } from 'node:util';
import { expand, type Instruction, readDockerfile, readPairs, type Stage } from './dockerfile.js';

const run = promisify(execFile);

/** What a built stage is: where its `/` lies, and how its CMD would run. */
export interface Image {
  root: string;
  workdir: string;
  environment: Record<string, string>;
  user: string;
  command: string[];
}

export interface BuildOptions {
  dockerfile: string;
  /** The build context. */
  context: string;
  args: Record<string, string>;
  /** An empty folder; every stage gets a folder in it that stands for `/`. */
  scratch: string;
  /** What the base image brings: PATH and the like. */
  environment: Record<string, string>;
}

/** Does what `docker build` does, with plain commands on this machine in place of containers; the last stage. */
export async function buildImage(options: BuildOptions): Promise<Image> {
  const images = new Map<string, Image>();
  let last: Image | undefined;
  for (const stage of readDockerfile(readFileSync(options.dockerfile, 'utf8'))) {
    last = await buildStage(stage, images, options);
    images.set(stage.name, last);
  }
  if (!last) throw new Error('the Dockerfile has no stage');
  return last;
}

async function buildStage(stage: Stage, images: Map<string, Image>, options: BuildOptions): Promise<Image> {
  const base = images.get(stage.from);
  const root = join(options.scratch, stage.name);
  mkdirSync(root);
  if (base) copy(base.root, root);
  const image: Image = {
    root,
    workdir: base?.workdir ?? '/',
    environment: { ...(base?.environment ?? options.environment) },
    user: base?.user ?? 'root',
    command: base?.command ?? [],
  };
  const args: Record<string, string> = {};
  for (const instruction of stage.instructions) await execute(instruction, image, args, images, options);
  return image;
}

async function execute(
  { name, rest }: Instruction,
  image: Image,
  args: Record<string, string>,
  images: Map<string, Image>,
  options: BuildOptions,
): Promise<void> {
  const variables = { ...args, ...image.environment };
  switch (name) {
    case 'ARG':
      args[rest] = options.args[rest] ?? '';
      return;
    case 'ENV':
      for (const [key, value] of readPairs(expand(rest, variables))) image.environment[key] = value;
      return;
    case 'WORKDIR':
      image.workdir = expand(rest, variables);
      mkdirSync(join(image.root, image.workdir), { recursive: true });
      return;
    case 'COPY':
      copyInto(expand(rest, variables), image, images, options.context);
      return;
    case 'RUN':
      await run('sh', ['-c', rest.replace(/--mount=\S+\s+/g, '')], {
        cwd: join(image.root, image.workdir),
        env: variables,
        maxBuffer: 64 * 1024 * 1024,
      });
      return;
    case 'USER':
      image.user = rest;
      return;
    case 'CMD':
      image.command = JSON.parse(rest) as string[];
  }
}

/** `COPY [--from=stage] source target`, both of them folders. */
function copyInto(rest: string, image: Image, images: Map<string, Image>, context: string): void {
  const words = rest.split(/\s+/);
  const from = words[0]?.startsWith('--from=') ? words.shift()?.slice('--from='.length) : undefined;
  const [source = '', target = ''] = words;
  const to = join(image.root, image.workdir, target);
  if (from === undefined) return copy(join(context, source), to, isIgnored(context));
  const stage = images.get(from);
  if (!stage) throw new Error(`COPY --from=${from}: there is no such stage`);
  copy(join(stage.root, source), to);
}

function copy(from: string, to: string, leavesOut: (path: string) => boolean = () => false): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => !leavesOut(path) });
}

/** What .dockerignore names stays outside of the build. */
function isIgnored(context: string): (path: string) => boolean {
  const file = join(context, '.dockerignore');
  const patterns = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return (path) => patterns.some((pattern) => matchesGlob(relative(context, path), pattern));
}
