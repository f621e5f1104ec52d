import type { Finding } from '../validation/finding.ts';
import type { PodObject } from '../spec/pod-object.ts';

/** Lets `podpose fix` move the restartPolicy of the only container of a pod, which means the same, to the pod. */
export function moveRestartPolicy(pod: PodObject, finding: Finding): Finding {
  const { spec } = pod.value;
  const { containers = [], initContainers = [], restartPolicy } = spec ?? {};
  const [container, other] = containers;
  const isAlone = other === undefined && initContainers.length === 0 && restartPolicy === undefined;
  const isOfContainer = finding.path.join('.') === 'spec.containers.0.restartPolicy';
  if (!isOfContainer || !isAlone || container?.restartPolicyRules !== undefined) return finding;
  return { ...finding, edits: pod.edit.move(finding.path, ['spec']) };
}
