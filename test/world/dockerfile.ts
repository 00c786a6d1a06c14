/** One instruction of a Dockerfile: its name in capitals and the rest of the line. */
export interface Instruction {
  name: string;
  rest: string;
}

/** A stage: what it is built on (an image or an earlier stage), its name, and what is done in it. */
export interface Stage {
  from: string;
  name: string;
  instructions: Instruction[];
}

const known = ['ARG', 'ENV', 'WORKDIR', 'COPY', 'RUN', 'USER', 'EXPOSE', 'STOPSIGNAL', 'CMD'];

/** Reads the subset of the Dockerfile language that deploy/Dockerfile is written in; throws on anything else. */
export function readDockerfile(text: string): Stage[] {
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const stages: Stage[] = [];
  for (const line of lines.map((each) => each.trim()).filter(Boolean)) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.+)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [, from = '', stage = ''] = /^(\S+) AS (\S+)$/.exec(rest) ?? [];
      stages.push({ from, name: stage, instructions: [] });
    } else if (known.includes(name)) stages.at(-1)?.instructions.push({ name, rest });
    else throw new Error(`not read here: ${line}`);
  }
  return stages;
}

/** `A=1 B=2` as pairs. */
export function readPairs(rest: string): [string, string][] {
  return rest.split(/\s+/).map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')];
  });
}

/** Puts `$NAME` and `${NAME}` in, as Docker does outside of RUN. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{?(\w+)\}?/g, (_, name: string) => variables[name] ?? '');
}
