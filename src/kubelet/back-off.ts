/**
 * Back-off delay before a failed container is retried, in seconds: none at first, then 10, 20, 40 ... up to 300, like the
 * kubelet (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy, doBackOff in
 * kuberuntime_manager.go).
 * @param failures number of failures so far, from 1
 */
export function backOffSeconds(failures: number): number {
  return failures === 1 ? 0 : Math.min(10 * 2 ** (failures - 2), 300);
}
