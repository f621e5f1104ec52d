import type { FieldPath } from '../../../base/path.ts';
import type { Container, Pod } from '../../../manifest/schema/generated/kubernetes.ts';
import { unknownReferences } from '../../convert/expansion.ts';
import type { RuntimeText } from '../../spec/desired.ts';
import type { Finding } from '../finding.ts';
import { hasParentStep } from '../path-syntax.ts';
import { environmentOf, type Environment } from '../../convert/env.ts';
import { expandText } from '../../convert/text.ts';
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
  const environment = environmentOf(container, pod, context);
  for (const [index, { subPathExpr = '' }] of mounts)
    yield* checkExpression(subPathExpr, environment, [...path, 'volumeMounts', index, 'subPathExpr']);
}

function* checkExpression(text: string, environment: Environment, path: FieldPath): Iterable<Finding> {
  const unknown = unknownReferences(text, environment);
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
  const expanded = expandText(text, environment);
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
  return 'address' in text ? 'an address of the pod' : 'a value from a file';
}

function* checkExpanded(expanded: string, path: FieldPath): Iterable<Finding> {
  if (expanded.startsWith('/'))
    yield { code: 'invalid-path', path, message: `must be a relative path, but expands to '${expanded}'` };
  else if (hasParentStep(expanded))
    yield { code: 'invalid-path', path, message: `must not contain '..', but expands to '${expanded}'` };
}
