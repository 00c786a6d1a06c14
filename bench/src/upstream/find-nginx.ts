import { spawnSync } from 'node:child_process';

export interface Nginx {
  readonly path: string;
  readonly version: string;
}

/** An nginx that can count its calls; undefined where there is none. */
export function findNginx(): Nginx | undefined {
  const { stdout } = spawnSync('command -v nginx', { shell: true, encoding: 'utf8' });
  for (const path of [stdout?.trim(), '/usr/sbin/nginx']) {
    if (!path) continue;
    const { stderr } = spawnSync(path, ['-V'], { encoding: 'utf8' });
    const [, version] = /nginx version: (\S+)/.exec(stderr ?? '') ?? [];
    if (version !== undefined && stderr.includes('http_stub_status_module')) return { path, version };
  }
  return undefined;
}
