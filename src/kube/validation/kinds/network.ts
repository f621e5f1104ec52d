import type { KindChecks } from './kind-checks.ts';

export const networkChecks: KindChecks = {};
