import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './network.ts';
import { ROOT, type Scenario } from './scenario.ts';

export interface Example {
  /** The URL that it serves. */
  readonly url: string;
}

/**
 * Copies an example of several objects into the scenario's directory, in a namespace with the scenario's name.
 * @returns the path of its manifest
 */
export async function layOutInNamespace({ id, directory }: Scenario, example: string): Promise<string> {
  await cp(join(ROOT, 'examples', example), directory, { recursive: true });
  const path = join(directory, 'app.yaml');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replaceAll(/^metadata:\n/gm, `$&  namespace: ${id}\n`));
  return path;
}

/**
 * Copies an example into the scenario's directory, with the scenario's name and its own port, to avoid conflicts.
 * Nothing else is changed, except for values of environment variables that users are expected to set.
 */
export async function layOut(
  { id, directory }: Scenario,
  example: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Example> {
  await cp(join(ROOT, 'examples', example), directory, { recursive: true });
  const path = join(directory, 'pod.yaml');
  const port = await freePort();
  const original = await readFile(path, 'utf8');
  const changes: readonly (readonly [RegExp, string])[] = [
    [/^(kind: Pod\nmetadata:\n {2}name: ).*$/m, id],
    [/^( *hostPort: ).*$/m, port.toString()],
    ...Object.entries(env).map(
      ([name, value]) => [new RegExp(`(- name: ${name}\\n *value: ).*`), value] as const,
    ),
  ];
  const changed = changes.reduce((text, [pattern, value]) => {
    if (!pattern.test(text)) throw new Error(`${example} has no ${pattern.source}`);
    return text.replace(pattern, `$1${value}`);
  }, original);
  await writeFile(path, changed);
  return { url: `http://127.0.0.1:${port}` };
}
