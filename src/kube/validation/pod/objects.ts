import { POD_DEFAULTS } from '../../spec/defaults.ts';
import { sortDiagnostics, type Diagnostic } from '../../../base/diagnostic.ts';
import type { CheckedDocument } from '../../../manifest/checked-document.ts';
import { toDiagnostic, type Finding } from '../finding.ts';
import { checkName, dnsSubdomain } from '../names.ts';
import { nameOf, type ObjectSet } from '../../config/object-set.ts';
import { checkClaim } from '../storage/claim.ts';
import { checkConfigMap, checkSecret } from '../config/keyed-data.ts';
import { checkPersistentVolume } from '../storage/persistent-volume.ts';
import { checkAnnotations, checkLabels, checkNamespace } from './metadata.ts';

/** Validates the objects other than pods, each by itself, and finds duplicates. */
export function validateObjects(
  documents: readonly CheckedDocument[],
  objects: ObjectSet,
): readonly Diagnostic[] {
  const others = documents.filter(({ kind }) => kind !== 'Pod');
  return sortDiagnostics([
    ...others.flatMap((object) =>
      [...checkObject(object, objects)].map((finding) => toDiagnostic(object, finding)),
    ),
    ...validateObjectsDiffer(others),
  ]);
}

function* checkObject(object: CheckedDocument, objects: ObjectSet): Iterable<Finding> {
  const path = ['metadata', 'name'];
  const name = object.value.metadata?.name;
  if (name !== undefined) yield* checkName(dnsSubdomain, name, path);
  else if (!object.isPruned(path))
    yield {
      code: 'missing-field',
      path: ['metadata'],
      at: 'key',
      message: "missing required field 'name'",
      help: `Pods refer to a ${object.kind} by its name: set metadata.name.`,
    };
  yield* checkNamespace(object);
  yield* checkLabels(object);
  yield* checkAnnotations(object);
  if (object.kind === 'ConfigMap') yield* checkConfigMap(object);
  if (object.kind === 'Secret') yield* checkSecret(object);
  if (object.kind === 'PersistentVolumeClaim') yield* checkClaim(object, objects);
  if (object.kind === 'PersistentVolume') yield* checkPersistentVolume(object);
}

/** Namespaces do not isolate objects: all pods share one machine, and a name refers to one object. */
function validateObjectsDiffer(objects: readonly CheckedDocument[]): readonly Diagnostic[] {
  const firsts = new Map<string, CheckedDocument>();
  return objects.flatMap((object) => {
    const name = nameOf(object);
    const key = `${object.kind} ${name}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, object);
    if (first === undefined || name === '') return [];
    const { file, line } = first.locate(['metadata', 'name']);
    const namespaces = new Set(
      [first, object].map(({ value }) => value.metadata?.namespace ?? POD_DEFAULTS.namespace),
    );
    return toDiagnostic(object, {
      code: 'duplicate-object',
      path: ['metadata', 'name'],
      message: `duplicate ${object.kind} '${name}': already defined at ${file}:${line}`,
      ...(namespaces.size > 1
        ? {
            help: 'Names must be unique across namespaces: namespaces do not isolate objects here.',
          }
        : {}),
    });
  });
}
