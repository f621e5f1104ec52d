/**
 * Back-off delay before a failed container is retried, in seconds: 10, 20, 40 ... up to 300, like the kubelet
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy).
 * @param failures number of failures so far, from 1
 */
export function backOffSeconds(failures: number): number {
  return Math.min(10 * 2 ** (failures - 1), 300);
}
