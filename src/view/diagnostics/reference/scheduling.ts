import type { DiagnosticRows } from './row.ts';

/** Where a pod of a cluster runs: podpose ignores these fields, and checks them. */
export const SCHEDULING = {
  'deprecated-label': [
    'A label of nodes has a newer name.',
    '`nodeSelector: {beta.kubernetes.io/os: linux}`',
    'Use the label in the message.',
  ],
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
} as const satisfies DiagnosticRows;
