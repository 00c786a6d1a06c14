import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toGatewayFileSchema } from '@bff/gateway';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { gatewayNames } from '../world/gateways.js';
import { readJson, root } from './packages.js';

const committed = readJson('libs/gateway/gateway.schema.json') as object;

test('the committed JSON Schema of gateway.yaml is the one that the code makes (npm run -w @bff/gateway schema)', () => {
  expect(committed).toEqual(toGatewayFileSchema());
});

test.each(gatewayNames)('the gateway.yaml of %s fits it, and names it for editors', (app) => {
  const text = readFileSync(join(root, 'apps', app, 'gateway.yaml'), 'utf8');
  const validate = addFormats.default(new Ajv2020()).compile(committed);
  expect({ valid: validate(parse(text)), errors: validate.errors }).toEqual({ valid: true, errors: null });
  expect(text).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/\.\.\/libs\/gateway\/gateway\.schema\.json$/m,
  );
});

test('it refuses an unknown key', () => {
  expect(addFormats.default(new Ajv2020()).compile(committed)({ upstreams: {}, upstream: {} })).toBe(false);
});
