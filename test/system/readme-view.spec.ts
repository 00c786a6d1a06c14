import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Module, type Type } from '@nestjs/common';
import { CatalogClientModule, UsersClientModule } from '@bff/clients';
import { webBff } from 'web-bff';
import { root } from '../conventions/packages.js';
import { startSessionWorld } from '../world/session-world.js';

/** The files that the README shows, written where they can be imported. */
const scratch = join(root, 'test/test-results/readme');

test('the view that the README adds in five minutes works as it stands there', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const files = [...readme.matchAll(/^```ts\n\/\/ apps\/web-bff\/src\/(\S+)\n(.*?)^```$/gms)];
  expect(files).toHaveLength(2);
  for (const [, path = '', source = ''] of files) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), source);
  }
  const controllerPath = join(scratch, 'views/profile/profile.controller.ts');
  const { ProfileController } = (await import(controllerPath)) as { ProfileController: Type };

  @Module({ imports: [UsersClientModule, CatalogClientModule], controllers: [ProfileController] })
  class ProfileModule {}

  await using world = await startSessionWorld({ definition: { ...webBff, module: ProfileModule } });
  const answer = await (await world.signedIn()).get('/api/profile');
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    user: { name: 'Ada Lovelace', email: 'ada@example.com' },
    picks: [
      { sku: 'BK-1843', title: 'Notes on the Engine' },
      { sku: 'BK-2', title: expect.any(String) },
    ],
    _meta: { complete: true, sections: { user: { status: 'ok' }, picks: { status: 'ok' } } },
  });
  world.provider.lies = { tokens: { scope: 'openid catalog:read' } };
  expect((await (await world.signedIn()).get('/api/profile')).status).toBe(403);
});
