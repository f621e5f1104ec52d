import { POD_DEFAULTS } from './defaults.ts';

/** The grace period of a pod in seconds. A negative one becomes 1 (Convert_v1_Pod_To_core_Pod in pkg/apis/core/v1). */
export function gracePeriodOf({
  terminationGracePeriodSeconds: seconds = POD_DEFAULTS.terminationGracePeriodSeconds,
}: {
  readonly terminationGracePeriodSeconds?: number;
}): number {
  return seconds < 0 ? 1 : seconds;
}
