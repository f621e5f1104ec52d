import { isObject } from '../base/json-members.ts';
import { parseJson } from '../base/parse-json.ts';
import { stableJson } from '../base/stable-json.ts';
import type { LastAppliedPort } from './last-applied.ts';
import { decodePort } from './last-applied.ts';
import type { DesiredService } from '../kube/spec/desired-service.ts';
import { SERVICE_LABEL, type Ownership } from './labels.ts';

/** The Service of a podman pod, from its labels. */
export interface ServiceOwnership {
  readonly project: string;
  readonly record: ServiceRecord;
  /** podman's name of the record container, if it has the record. */
  readonly recordedIn?: string;
}

/** What a label records of a Service. */
export interface ServiceRecord {
  readonly service: DesiredService;
  readonly address: ServiceAddress;
  /** The ports of the machine, by the ports of the Service in its order. */
  readonly published: readonly LastAppliedPort[];
}

/**
 * The last two digits of the address of a Service: podman chooses the subnet of a network when it creates it, with a gateway
 * that ends with `.1`; the address of a Service ends with `.1` and these digits.
 */
export type ServiceAddress = string;

/** The number of addresses that a network has for Services: from `.100` to `.199`. */
export const SERVICE_ADDRESSES = 100;

export function encodeServiceRecord(record: ServiceRecord): string {
  return stableJson(record);
}

/** Undefined if the label is missing or edited. */
export function decodeServiceOwnership(
  { project }: Ownership,
  labels: Readonly<Record<string, string>>,
): ServiceOwnership | undefined {
  const record = decodeServiceRecord(labels[SERVICE_LABEL] ?? '');
  return record === undefined ? undefined : { project, record };
}

/** Undefined for any other text. */
export function decodeServiceRecord(text: string): ServiceRecord | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const { service, address, published } = value;
  if (!isObject(service) || typeof address !== 'string' || !Array.isArray(published)) return undefined;
  if (typeof service['name'] !== 'string' || !Array.isArray(service['ports'])) return undefined;
  return {
    // Written by encodeServiceRecord.
    service: service as unknown as DesiredService,
    address,
    published: published.flatMap(decodePort),
  };
}
