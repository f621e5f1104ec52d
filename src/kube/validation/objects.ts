import { ofIgnoredKind, sortDiagnostics, type Diagnostic } from '../../base/diagnostic.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import { checkDecodedValues } from './decoded-values.ts';
import { toDiagnostic, type Finding } from './finding.ts';
import { nameOf, type ObjectSet, type ObjectSets } from '../config/object-set.ts';
import { namespaceOf } from '../spec/qualified-name.ts';
import { isNamespaced } from './metadata-rules.ts';
import { checkClaim } from './storage/claim.ts';
import { checkConfigMap, checkSecret } from './config/keyed-data.ts';
import { checkPersistentVolume } from './storage/persistent-volume.ts';
import { isSupportedKind } from '../../manifest/kinds.ts';
import { isIgnoredKind } from '../../manifest/other-kinds.ts';
import { checkIngressLimits } from '../ingress/ingresses.ts';
import { checkEndpointsLimits } from '../services/address-endpoints.ts';
import { checkServiceLimits } from '../services/check.ts';
import { isWithoutPorts } from '../services/desired-services.ts';
import { checkKind } from './kinds/kinds.ts';
import { checkObjectMetadata } from './object-metadata.ts';
import { supportTables } from '../support/support-table.ts';
import { checkSupport } from './pod/support.ts';
import { checkOwnLabels } from './pod/metadata.ts';

/** Validates the objects other than pods, each by itself, and finds duplicates. */
export function validateObjects(
  documents: readonly CheckedDocument[],
  sets: ObjectSets,
): readonly Diagnostic[] {
  const others = documents.filter(({ kind }) => kind !== 'Pod');
  return sortDiagnostics([
    ...others.flatMap((object) => diagnose(object, sets.in(namespaceOf(object.value.metadata)), documents)),
    ...validateObjectsDiffer(others.filter(({ kind }) => isSupportedKind(kind) && kind !== 'Namespace')),
  ]);
}

function diagnose(
  object: CheckedDocument,
  objects: ObjectSet,
  documents: readonly CheckedDocument[],
): readonly Diagnostic[] {
  const diagnostics = [...checkObject(object, objects, documents)].map((finding) =>
    toDiagnostic(object, finding),
  );
  return isIgnored(object) ? diagnostics.map(ofIgnoredKind) : diagnostics;
}

function isIgnored(object: CheckedDocument): boolean {
  return isIgnoredKind(object.kind) || (object.kind === 'Service' && isWithoutPorts(object));
}

function* checkObject(
  object: CheckedDocument,
  objects: ObjectSet,
  documents: readonly CheckedDocument[],
): Iterable<Finding> {
  yield* checkDecodedValues(object);
  yield* checkObjectMetadata(object);
  if (isSupportedKind(object.kind)) yield* checkOwnLabels(object);
  switch (object.kind) {
    case 'ConfigMap':
      yield* checkConfigMap(object);
      break;
    case 'Secret':
      yield* checkSecret(object);
      break;
    case 'PersistentVolumeClaim':
      yield* checkClaim(object, objects);
      break;
    case 'PersistentVolume':
      yield* checkPersistentVolume(object);
      break;
    case 'Service':
      yield* checkSupport(object, supportTables.Service ?? {});
      yield* checkServiceLimits(object, documents);
      yield* checkKind(object);
      break;
    case 'Endpoints':
    case 'EndpointSlice':
      yield* checkEndpointsLimits(object, documents);
      yield* checkKind(object);
      break;
    case 'Ingress':
      yield* checkIngressLimits(object);
      yield* checkKind(object);
      break;
    default:
      yield* checkSupport(object, supportTables[object.kind] ?? {});
      yield* checkKind(object);
      break;
  }
}

/** Objects of one kind and name are two objects only in two namespaces. Many files may declare the same Namespace. */
function validateObjectsDiffer(objects: readonly CheckedDocument[]): readonly Diagnostic[] {
  const firsts = new Map<string, CheckedDocument>();
  return objects.flatMap((object) => {
    const name = nameOf(object);
    const { kind, value } = object;
    const key = `${kind} ${isNamespaced(kind) ? namespaceOf(value.metadata) : ''} ${name}`;
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, object);
    if (first === undefined || name === '') return [];
    const { file, line } = first.locate(['metadata', 'name']);
    return toDiagnostic(object, {
      code: 'duplicate-object',
      path: ['metadata', 'name'],
      message: `duplicate ${kind} '${name}': already defined at ${file}:${line}`,
    });
  });
}
