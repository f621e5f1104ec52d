import type { DesiredContainer, DesiredPod, DesiredSandbox } from './desired.ts';

/**
 * The part of a desired pod that its infra container is made from. It is remembered with the pod, and a
 * difference in it means that the pod has to be made anew.
 */
export interface PodSettings {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly sandbox: DesiredSandbox;
}

export function podSettings(pod: DesiredPod): PodSettings {
  return { metadata: { labels: pod.labels, annotations: pod.annotations }, sandbox: pod.sandbox };
}

/**
 * The part of a desired container that a running one can differ in. Its name and role say which one it is,
 * and its pull policy says how to get the image, not what runs.
 */
export type ContainerSettings = Omit<DesiredContainer, 'name' | 'role' | 'imagePullPolicy'>;

export function containerSettings(container: DesiredContainer): ContainerSettings {
  const { name: _name, role: _role, imagePullPolicy: _policy, ...settings } = container;
  return settings;
}
