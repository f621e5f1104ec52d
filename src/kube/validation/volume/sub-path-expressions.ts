import type { FieldPath } from '../../../base/path.ts';
import type { Container, Pod } from '../../../manifest/schema/generated/kubernetes.ts';
import { unknownReferences, type Lookup } from '../../convert/expansion.ts';
import type { RuntimeText } from '../../spec/desired.ts';
import type { Finding } from '../finding.ts';
import { hasParentStep } from '../path-syntax.ts';
import { environmentOf, referencesOf } from '../../convert/env.ts';
import { expandText, type Value } from '../../convert/text.ts';
import type { ConvertContext } from '../../convert/convert-context.ts';

/**
 * Every variable in a subPathExpr has a value, and the expanded path is inside the volume (makeMounts in
 * pkg/kubelet/kubelet_pods.go). Only pods without other errors are checked, because values are needed.
 */
export function* checkSubPathExpressions(pod: Pod, context: ConvertContext): Iterable<Finding> {
  const lists = { initContainers: pod.spec.initContainers ?? [], containers: pod.spec.containers };
  for (const [list, containers] of Object.entries(lists))
    for (const [index, container] of containers.entries())
      yield* checkContainer(container, ['spec', list, index], pod, context);
}

function* checkContainer(
  container: Container,
  path: FieldPath,
  pod: Pod,
  context: ConvertContext,
): Iterable<Finding> {
  const mounts = [...(container.volumeMounts ?? []).entries()];
  if (mounts.every(([, { subPathExpr = '' }]) => subPathExpr === '')) return;
  const references = referencesOf(environmentOf(container, pod, context), pod, context);
  for (const [index, { subPathExpr = '' }] of mounts)
    yield* checkExpression(subPathExpr, references, [...path, 'volumeMounts', index, 'subPathExpr']);
}

function* checkExpression(text: string, references: Lookup<Value>, path: FieldPath): Iterable<Finding> {
  const unknown = unknownReferences(text, references);
  if (unknown.length > 0) {
    const names = unknown.map((name) => `'${name}'`).join(', ');
    yield {
      code: 'unknown-variable',
      path,
      message: `unknown variable ${names} in the container`,
      help: 'Only env and envFrom of the same container count, not the variables of its image.',
    };
    return;
  }
  const expanded = expandText(text, references);
  if (expanded.type === 'secret')
    yield {
      code: 'secret-in-path',
      path,
      message: 'exposes a secret to all users of this machine, in the name of a directory',
    };
  else if (typeof expanded.text !== 'string')
    yield {
      code: 'not-supported',
      path,
      message: `not supported: ${describeRuntimeText(expanded.text)} in a path: it is known only at run time`,
    };
  else yield* checkExpanded(expanded.text, path);
}

function describeRuntimeText(text: RuntimeText): string {
  if (!('address' in text)) return 'a value from a file';
  return typeof text.address === 'string' ? 'an address of the pod' : 'the address of a Service';
}

function* checkExpanded(expanded: string, path: FieldPath): Iterable<Finding> {
  if (expanded.startsWith('/'))
    yield { code: 'invalid-path', path, message: `must be a relative path, but expands to '${expanded}'` };
  else if (hasParentStep(expanded))
    yield { code: 'invalid-path', path, message: `must not contain '..', but expands to '${expanded}'` };
}
