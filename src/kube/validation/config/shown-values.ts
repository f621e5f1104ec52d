import type { FieldPath } from '../../../base/path.ts';
import { expandParts } from '../../convert/expansion.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { EnvVarSource } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { containersOf, type ContainerObject, type PodObject } from '../../spec/pod-object.ts';

/** The content of a variable, as far as it restricts references to it. */
type Matter = 'plain' | 'secret' | 'address' | 'file';

interface Held {
  readonly matter: Matter;
}

/**
 * Every user of the machine could read a secret in a command line, in the process list. Values of a running
 * pod cannot be passed to podman together with a secret.
 */
export function* checkShownValues(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  for (const container of containersOf(pod)) {
    const matters = new Map<string, Held>();
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
  for (const [index, word] of (value[field] ?? []).entries())
    if (referencesIn(word, matters).includes('secret'))
      yield {
        code: 'secret-in-command',
        path: [...path, field, index],
        message: 'exposes a secret to all users of this machine, in the process list',
        help: 'Let a shell in the container expand it: command [sh, -c, \'exec PROGRAM --option "$NAME"\'].',
      };
}

function* checkTogether(used: readonly Matter[], path: FieldPath): Iterable<Finding> {
  const late = used.find((matter) => matter === 'address' || matter === 'file');
  if (late !== undefined && used.includes('secret'))
    yield {
      code: 'not-supported',
      path,
      message: `not supported: ${WORDS[late]} and a secret in the same value`,
    };
}

const WORDS: Readonly<Record<Exclude<Matter, 'plain'>, string>> = {
  secret: 'a secret',
  address: 'an address of the pod',
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
