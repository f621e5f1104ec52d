/** ` (up to 30 s)`; nothing without a grace period. */
export function upTo(graceSeconds: number): string {
  return graceSeconds === 0 ? '' : ` (up to ${graceSeconds} s)`;
}
