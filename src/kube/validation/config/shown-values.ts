import type { FieldPath } from '../../../base/path.ts';
import { expandParts } from '../../convert/expansion.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { EnvVarSource } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { linkedVariables } from '../../services/variables.ts';
import { containersOf, type ContainerObject, type PodObject } from '../../spec/pod-object.ts';

/** The content of a variable, as far as it restricts references to it. */
type Matter = 'plain' | 'secret' | 'address' | 'service' | 'file';

interface Held {
  readonly matter: Matter;
}

/**
 * Warns about secrets in commands, which the process list shows while the program runs. Values of a running pod cannot
 * be passed to podman together with a secret.
 */
export function* checkShownValues(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  for (const container of containersOf(pod)) {
    const matters = new Map<string, Held>(serviceMatters(pod, objects));
    for (const name of secretNames(container, objects)) matters.set(name, { matter: 'secret' });
    for (const [index, { name, value = '', valueFrom }] of (container.value.env ?? []).entries()) {
      const used = referencesIn(value, matters);
      yield* checkTogether(used, [...container.path, 'env', index, 'value']);
      if (name === undefined) continue;
      if (valueFrom?.fileKeyRef?.optional === true)
        yield* checkEarlier(name, matters.get(name)?.matter, [...container.path, 'env', index]);
      const matter = matterOf(valueFrom ?? {}) ?? strongest(used);
      matters.set(name, { matter });
    }
    yield* checkWords(container, 'command', matters);
    yield* checkWords(container, 'args', matters);
  }
}

function serviceMatters({ value }: PodObject, objects: ObjectSet): readonly (readonly [string, Held])[] {
  return [...linkedVariables(value, objects)].map(([name, text]) => [
    name,
    { matter: typeof text === 'string' ? 'plain' : 'service' },
  ]);
}

/** The content of an expanded text. */
function strongest(used: readonly Matter[]): Matter {
  return used.includes('secret') ? 'secret' : (used.find((matter) => matter !== 'plain') ?? 'plain');
}

function matterOf({ secretKeyRef, fieldRef, fileKeyRef }: Incomplete<EnvVarSource>): Matter | undefined {
  if (secretKeyRef !== undefined) return 'secret';
  if (fileKeyRef !== undefined) return 'file';
  return fieldRef?.fieldPath?.startsWith('status.') === true ? 'address' : undefined;
}

/** Without a value in the file, an earlier variable of the same name keeps its value. */
function* checkEarlier(name: string, earlier: Matter | undefined, path: FieldPath): Iterable<Finding> {
  if (earlier !== undefined && earlier !== 'plain')
    yield {
      code: 'not-supported',
      path,
      message: `not supported: earlier '${name}' with ${WORDS[earlier]} as fallback for a missing optional value`,
    };
}

function* checkWords(
  { path, value }: ContainerObject,
  field: 'command' | 'args',
  matters: ReadonlyMap<string, Held>,
): Iterable<Finding> {
  for (const [index, word] of (value[field] ?? []).entries()) {
    const used = referencesIn(word, matters);
    const at = [...path, field, index];
    yield* checkTogether(used, at);
    if (used.includes('secret'))
      yield {
        code: 'secret-in-command',
        severity: 'warning',
        path: at,
        message: 'all users of this machine can read this secret in the process list while the program runs',
        help: `If the program can read it from a variable or a file, use that. ${SHELL_HELP}`,
      };
  }
}

/** What podpose does with such a word, and how a manifest can do it itself. */
const SHELL_HELP =
  'podpose inserts the value with /bin/sh of the image, as you can yourself: command: [sh, -c], args: [\'exec PROGRAM --option "$NAME"\'].';

function* checkTogether(used: readonly Matter[], path: FieldPath): Iterable<Finding> {
  const late = used.find((matter) => matter !== 'plain' && matter !== 'secret');
  if (late !== undefined && used.includes('secret'))
    yield {
      code: 'not-supported',
      path,
      message: `not supported: ${WORDS[late]} and a secret in the same value`,
      ...(late === 'service' ? { help: 'Use the DNS name of the Service, which is its name.' } : {}),
    };
}

const WORDS: Readonly<Record<Exclude<Matter, 'plain'>, string>> = {
  secret: 'a secret',
  address: 'an address of the pod',
  service: 'the address of a Service',
  file: 'a value from a file',
};

function referencesIn(text: string, matters: ReadonlyMap<string, Held>): readonly Matter[] {
  return expandParts(text, matters).flatMap((part) => (typeof part === 'string' ? [] : [part.matter]));
}

function secretNames({ value }: ContainerObject, objects: ObjectSet): readonly string[] {
  return (value.envFrom ?? []).flatMap(({ prefix = '', secretRef }) =>
    [...(objects.secrets.get(secretRef?.name ?? '')?.values.keys() ?? [])].map((key) => prefix + key),
  );
}
