import type { KindChecks } from './kind-checks.ts';

export const clusterChecks: KindChecks = {};
