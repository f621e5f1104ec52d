import type { DesiredService } from '../../kube/spec/desired-service.ts';
import type { ContainersAndPods } from './decode.ts';

/** The Services that a project has, by the labels of podman's objects. */
export function recordedServices(project: string, { pods }: ContainersAndPods): readonly DesiredService[] {
  return pods.flatMap(({ service }) => (service?.project === project ? [service.record.service] : []));
}
