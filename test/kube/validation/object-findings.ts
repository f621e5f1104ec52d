import { readManifests } from '../../../src/manifest/read-manifests.ts';
import { desiredPods } from '../../../src/kube/desired-pods.ts';
import { CONTEXT } from '../../support/context.ts';

/** The diagnostics of a severity about one object, as `PATH [CODE]`; those about the kind itself are left out. */
export function codesOf(object: object, severity: 'error' | 'warning' = 'error'): readonly string[] {
  const set = readManifests([{ file: 'a.json', text: JSON.stringify(object) }]);
  const { diagnostics } = desiredPods(set.documents, CONTEXT);
  return [...set.diagnostics, ...diagnostics]
    .filter((diagnostic) => diagnostic.severity === severity && diagnostic.path !== 'kind')
    .map(({ path = '', code }) => `${path} [${code}]`);
}
