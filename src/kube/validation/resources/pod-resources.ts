import type { Finding } from '../finding.ts';
import { forbiddenField } from '../fields.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import { amountOf, checkAmounts, checkRequests, type Amounts, type Requirements } from './requirements.ts';
import { checkPodResource, isHugePages, mayOvercommit } from './resource-names.ts';
import { formatAmount, totalOf, type Totals } from './totals.ts';

const path = ['spec', 'resources'];

/** validatePodResources in pkg/apis/core/validation: the resources that all containers of a pod share. */
export function* checkPodResources(pod: PodObject): Iterable<Finding> {
  const { resources, os } = pod.value.spec ?? {};
  if (resources === undefined) return;
  if (os?.name === 'windows') {
    yield forbiddenField(path, 'a Windows pod has no resources of its own');
    return;
  }
  if (resources.claims !== undefined)
    yield forbiddenField([...path, 'claims'], 'only a container uses claims of devices');
  for (const finding of checkAmounts(resources, path, checkPodResource)) yield ofPod(finding);
  const totals = { limits: totalOf(pod, 'limits'), requests: totalOf(pod, 'requests') };
  const { limits = {}, requests = {} } = pod.isTemplate === true ? resources : filledIn(resources, totals);
  yield* checkRequests(pod, { limits, requests: writtenOf(resources.requests, requests) }, path);
  yield* checkTotals(pod, resources, totals);
}

/** The server warns only of the containers' fractions of a byte. */
function ofPod(finding: Finding): Finding {
  return finding.code === 'fraction-of-byte' ? { ...finding, code: 'fraction-of-byte-of-pod' } : finding;
}

/** The server fills in cpu and memory, which huge pages require beside them. */
function writtenOf(written: Amounts = {}, all: Amounts): Amounts {
  const filled = ['cpu', 'memory'].filter((name) => all[name] !== undefined && written[name] === undefined);
  return { ...Object.fromEntries(filled.map((name) => [name, '0'])), ...written };
}

/** defaultHugePagePodLimits and defaultPodRequests in pkg/apis/core/v1/defaults.go. */
function filledIn(
  { limits = {}, requests = {} }: Requirements,
  totals: { readonly limits: Totals; readonly requests: Totals },
): Requirements {
  const isEmpty = Object.keys({ ...limits, ...requests }).length === 0;
  if (isEmpty) return { limits, requests };
  const pages = entriesOf(totals.limits, (name) => isHugePages(name) && requests[name] === undefined);
  const allLimits = { ...Object.fromEntries(pages), ...limits };
  if (Object.keys(allLimits).length === 0) return { limits: allLimits, requests };
  const sums = entriesOf(totals.requests, (name) => isOfPods(name) && mayOvercommit(name));
  const ofLimits = Object.entries(allLimits).filter(([name]) => isOfPods(name));
  return {
    limits: allLimits,
    requests: { ...Object.fromEntries([...ofLimits, ...sums]), ...requests },
  };
}

function isOfPods(name: string): boolean {
  return name === 'cpu' || name === 'memory' || isHugePages(name);
}

function entriesOf(totals: Totals, isWanted: (name: string) => boolean): readonly [string, string][] {
  return [...totals].flatMap(([name, amount]) => (isWanted(name) ? [[name, formatAmount(amount)]] : []));
}

/** validatePodResourceConsistency in pkg/apis/core/validation. A sum is no mistake beside one container that is too large. */
function* checkTotals(
  pod: PodObject,
  { limits = {}, requests = {} }: Requirements,
  totals: { readonly limits: Totals; readonly requests: Totals },
): Iterable<Finding> {
  for (const [name, request = ''] of Object.entries(requests))
    if (exceeds(totals.requests.get(name), request))
      yield {
        code: 'requests-over-pod-request',
        path: [...path, 'requests', name],
        message: `must not be less than the sum of the containers' requests, got ${request}`,
      };
  const large = [...containersOverLimit(pod, limits)];
  yield* large;
  const reported = new Set(large.map((finding) => finding.path.at(-1)));
  for (const [name, limit = ''] of Object.entries(limits)) {
    if (reported.has(name)) continue;
    if (isHugePages(name) && exceeds(totals.limits.get(name), limit))
      yield {
        code: 'limit-over-pod-limit',
        path: [...path, 'limits', name],
        message: `must not be less than the sum of the containers' limits, got ${limit}`,
      };
    // A request that is left out becomes the sum.
    const sum = totals.requests.get(name);
    if (pod.isTemplate !== true && mayOvercommit(name) && requests[name] === undefined && exceeds(sum, limit))
      yield {
        code: 'requests-over-pod-limit',
        path: [...path, 'limits', name],
        message: `must not be less than the sum of the containers' requests, ${formatAmount(sum ?? 0n)}, got ${limit}`,
      };
  }
}

function* containersOverLimit(pod: PodObject, limits: Amounts): Iterable<Finding> {
  for (const [index, { resources }] of (pod.value.spec?.containers ?? []).entries())
    for (const [name, limit = ''] of Object.entries(resources?.limits ?? {}))
      if (exceeds(amountOf(limit), limits[name]))
        yield {
          code: 'limit-over-pod-limit',
          path: ['spec', 'containers', index, 'resources', 'limits', name],
          message: `must not exceed the limit of the pod, ${limits[name] ?? ''}, got ${limit}`,
        };
}

function exceeds(amount: bigint | undefined, text: string | undefined): boolean {
  const most = amountOf(text);
  return amount !== undefined && most !== undefined && amount > most;
}
