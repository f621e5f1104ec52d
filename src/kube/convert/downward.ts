import { compareTexts } from '../../base/text.ts';
import { POD_DEFAULTS } from '../spec/defaults.ts';
import { namespaceOf, qualifiedNameOf } from '../spec/qualified-name.ts';
import type { Machine } from '../../base/machine.ts';
import type { Pod, ResourceRequirements } from '../../manifest/schema/generated/kubernetes.ts';
import { stableUuid } from '../../base/digest.ts';
import type { Incomplete } from '../../manifest/checked-document.ts';
import type { Address } from '../spec/desired.ts';
import { parseQuantity, thousandths, wholeUnits } from '../spec/quantity.ts';

/*
 * The downward API.
 * https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#available-fields
 */

const PLAIN_FIELDS = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
] as const;
const ADDRESS_FIELDS = ['status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs'] as const;

/** The fields available to variables, besides single labels and annotations. */
export const ENV_FIELDS: readonly string[] = [...PLAIN_FIELDS, ...ADDRESS_FIELDS];

/** The fields available to files, besides single labels and annotations. */
export const FILE_FIELDS: readonly string[] = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];

/** Parses `metadata.labels['app']`; undefined for any other path. */
export function subscript(
  fieldPath: string,
): { readonly field: 'labels' | 'annotations'; readonly key: string } | undefined {
  const match = /^metadata\.(labels|annotations)\['(.*)'\]$/s.exec(fieldPath);
  const [, field, key] = match ?? [];
  return (field === 'labels' || field === 'annotations') && key !== undefined ? { field, key } : undefined;
}

export type FieldValue = string | { readonly address: Address };

/** The value of a field of a pod; undefined for an unsupported field, empty for a missing label or annotation. */
export function fieldValue(
  fieldPath: string,
  { metadata, spec }: Incomplete<Pod>,
  project: string,
  { hostname }: Machine,
): FieldValue | undefined {
  const entry = subscript(fieldPath);
  if (entry !== undefined) return metadata?.[entry.field]?.[entry.key] ?? '';
  const name = metadata?.name ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return name;
    case 'metadata.namespace':
      return namespaceOf(metadata);
    case 'metadata.uid':
      // On a cluster each new pod gets a new UID. Here the UID is stable, so that it causes no change.
      return stableUuid('pod', project, qualifiedNameOf(metadata));
    case 'metadata.labels':
      return formatMap(metadata?.labels ?? {});
    case 'metadata.annotations':
      return formatMap(metadata?.annotations ?? {});
    // spec.host is its old name.
    case 'spec.host':
    case 'spec.nodeName':
      return spec?.nodeName === undefined || spec.nodeName === '' ? hostname : spec.nodeName;
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? POD_DEFAULTS.serviceAccountName;
    case 'status.hostIP':
      return { address: 'hostIP' };
    case 'status.hostIPs':
      return { address: 'hostIPs' };
    case 'status.podIP':
      return { address: 'podIP' };
    case 'status.podIPs':
      return { address: 'podIPs' };
    default:
      return undefined;
  }
}

/** One line per entry, sorted (FormatMap in pkg/fieldpath/fieldpath.go). */
function formatMap(map: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(map)
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([key, value = '']) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}

const CPU_DIVISORS = ['1m', '1'];
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];

/** The resources available to a container, each with its valid divisors. */
export const RESOURCE_DIVISORS: Readonly<Record<string, readonly string[]>> = {
  'limits.cpu': CPU_DIVISORS,
  'limits.ephemeral-storage': BYTE_DIVISORS,
  'limits.memory': BYTE_DIVISORS,
  'requests.cpu': CPU_DIVISORS,
  'requests.ephemeral-storage': BYTE_DIVISORS,
  'requests.memory': BYTE_DIVISORS,
};

/**
 * The amount of a resource, divided by the divisor and rounded up (ExtractContainerResourceValue in
 * k8s.io/kubectl/pkg/util/resource). A missing limit defaults to the capacity of the machine; a missing request
 * defaults to the limit, or to 0.
 */
export function resourceValue(
  resource: string,
  divisor: string,
  { limits = {}, requests = {} }: Incomplete<ResourceRequirements>,
  { cpus, memory }: Machine,
): string {
  const [side, name = ''] = resource.split('.', 2);
  const machine = name === 'cpu' ? cpus.toString() : name === 'memory' ? memory.toString() : '0';
  const written = side === 'limits' ? (limits[name] ?? machine) : (requests[name] ?? limits[name] ?? '0');
  const isCpu = name === 'cpu';
  const unit = isCpu ? thousandths : wholeUnits;
  const amount = parseQuantity(written);
  const by = parseQuantity(divisor === '' || divisor === '0' ? '1' : divisor);
  if (amount === undefined || by === undefined) return '0';
  const [dividend, part] = [unit(amount), unit(by)];
  return part <= 0n ? '0' : ((dividend + part - 1n) / part).toString();
}
