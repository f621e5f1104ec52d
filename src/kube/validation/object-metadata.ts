import type { CheckedDocument } from '../../manifest/checked-document.ts';
import type { Finding } from './finding.ts';
import { checkName, dnsSubdomain } from './names.ts';
import { checkAnnotations, checkLabels, checkNamespace } from './pod/metadata.ts';

/** Checks the metadata of an object of any kind besides Pod (ValidateObjectMeta in k8s.io/apimachinery/pkg/api/validation). */
export function* checkObjectMetadata(object: CheckedDocument): Iterable<Finding> {
  const path = ['metadata', 'name'];
  const name = object.value.metadata?.name;
  if (name !== undefined) yield* checkName(dnsSubdomain, name, path);
  else if (!object.isPruned(path))
    yield {
      code: 'missing-field',
      path: ['metadata'],
      at: 'key',
      message: "missing required field 'name'",
      help: 'Set metadata.name.',
    };
  yield* checkNamespace(object);
  yield* checkLabels(object);
  yield* checkAnnotations(object);
}
