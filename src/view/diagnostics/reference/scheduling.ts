import type { DiagnosticRows } from './row.ts';

/** Where a pod of a cluster runs: podpose ignores these fields, and checks them. */
export const SCHEDULING = {
  'invalid-toleration': [
    'A toleration contradicts itself.',
    '`{key: gpu, operator: Exists, value: "1"}`',
    'Remove or change one of its fields, as the message says.',
  ],
  'selects-nothing': [
    'A term without a `labelSelector` selects no pod.',
    'an anti-affinity with a `topologyKey` only',
    'Add a selector; `labelSelector: {}` selects all pods.',
  ],
  'fraction-of-byte-of-pod': [
    'Memory of the pod with a fraction of a byte; a server warns only where it is a container that has it.',
    '`memory: 128m` in `spec.resources.limits`',
    'Write the unit that was meant: `128Mi`.',
  ],
  'request-under-limit': [
    'Huge pages and resources of devices are not shared: the request equals the limit.',
    '`requests: {example.com/gpu: 1}` with `limits: {example.com/gpu: 2}`',
    'Set both to the same amount, or leave the request out.',
  ],
  'requests-over-pod-limit': [
    'The containers together request more than the limit of the pod.',
    '`spec.resources.limits: {cpu: 1}` with containers that request 2 together',
    'Raise the limit of the pod, or request less.',
  ],
  'unknown-claim': [
    'A container uses a claim of a device that the pod does not have.',
    '`resources: {claims: [{name: gpu}]}` without `spec.resourceClaims`',
    'Add the claim to the pod, or correct the name.',
  ],
} as const satisfies DiagnosticRows;
