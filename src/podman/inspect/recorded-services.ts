import type { DesiredService } from '../../kube/spec/desired-service.ts';
import { headlessRecords } from '../headless-record.ts';
import type { ContainersAndPods } from './decode.ts';

/** A Service with its project. */
export interface RecordedService {
  readonly project: string;
  readonly service: DesiredService;
}

/** The Services that podman's objects record: in the labels of their podman pods, or of record containers. */
export function allRecordedServices({ pods, containers }: ContainersAndPods): readonly RecordedService[] {
  const ofPods = pods.flatMap(({ service }) =>
    service === undefined ? [] : [{ project: service.project, service: service.record.service }],
  );
  return [...ofPods, ...headlessRecords(containers)];
}

/** The Services of a project. */
export function recordedServices(project: string, known: ContainersAndPods): readonly DesiredService[] {
  return allRecordedServices(known)
    .filter((one) => one.project === project)
    .map(({ service }) => service);
}
