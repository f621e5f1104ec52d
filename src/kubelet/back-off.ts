/**
 * How long to wait before a container that failed is tried again, in seconds: 10, 20, 40 ... up to 300, as
 * the kubelet does (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy).
 * @param failures how often it has failed so far, from 1
 */
export function backOffSeconds(failures: number): number {
  return Math.min(10 * 2 ** (failures - 1), 300);
}
