import type { DesiredService } from '../kube/spec/desired-service.ts';
import type { ObservedContainer } from './inspect/observed.ts';
import { HEADLESS_ROLE, LABEL, SERVICE_LABEL } from './labels.ts';
import { headlessRecordName } from './names.ts';
import { decodeServiceRecord, encodeServiceRecord } from './service-record.ts';

/** A headless Service, which has no podman pod, as its record container has it. */
export interface HeadlessRecord {
  readonly project: string;
  readonly service: DesiredService;
  /** In seconds since 1970. */
  readonly createdAt: number;
}

export function encodeHeadlessRecord(
  project: string,
  service: DesiredService,
): Readonly<Record<string, string>> {
  return {
    [LABEL.project]: project,
    [LABEL.role]: HEADLESS_ROLE,
    [SERVICE_LABEL]: encodeServiceRecord({ service, address: '', published: [] }),
  };
}

/** The headless Services that podman's containers record, by name. An image may have such labels, too, but not the name. */
export function headlessRecords(containers: readonly ObservedContainer[]): readonly HeadlessRecord[] {
  return containers
    .flatMap(({ name, labels, createdAt }): readonly HeadlessRecord[] => {
      const project = labels[LABEL.project];
      if (labels[LABEL.role] !== HEADLESS_ROLE || project === undefined) return [];
      const service = decodeServiceRecord(labels[SERVICE_LABEL] ?? '')?.service;
      const isOwn = service !== undefined && name === headlessRecordName(project, service);
      return isOwn ? [{ project, service, createdAt }] : [];
    })
    .sort((a, b) => (a.service.name < b.service.name ? -1 : 1));
}
