import { objectSet } from '../../src/kube/config/object-set.ts';
import { secretKeeper } from '../../src/kube/config/secret-keeper.ts';

/** The context of a test's manifests, which is always the same. */
export const CONTEXT = {
  defaultHostIP: '127.0.0.1',
  currentDirectory: '/home/ann',
  project: 'demo',
  machine: { hostname: 'desk', cpus: 4, memory: 8 * 1024 ** 3 },
  keeper: secretKeeper(() => 'key of the tests'),
};

/** No objects other than the pod itself. */
export const NO_OBJECTS = objectSet([], CONTEXT.keeper);
