import type { FieldPath } from '../../../base/path.ts';
import { compareTexts } from '../../../base/text.ts';
import type { CheckedObject } from '../../../manifest/checked-document.ts';
import { parseAddressRange } from '../../spec/ip-address.ts';
import { parseQuantity, thousandths } from '../../spec/quantity.ts';
import type { Finding } from '../finding.ts';
import { labelKeyProblem, nameProblem, type NameRule } from '../names.ts';
import { checkAddressRange } from '../network/addresses.ts';
import { checkNodeAnnotations } from './node-annotations.ts';
import { checkTaints } from './taints.ts';

type Node = CheckedObject<'Node'>;

/** Checks a Node, also its status, which the server takes with a new Node (ValidateNode in pkg/apis/core/validation). */
export function* checkNode(node: Node): Iterable<Finding> {
  const { spec, status } = node.value;
  yield* checkTaints(spec?.taints ?? [], ['spec', 'taints']);
  yield* checkNodeAnnotations(node.value.metadata?.annotations ?? {});
  yield* checkPodRanges(node);
  for (const field of ['capacity', 'allocatable'] as const)
    for (const [name, amount] of Object.entries(status?.[field] ?? {}))
      if (amount !== undefined) yield* checkAmount(name, amount, ['status', field, name]);
  const swap = status?.nodeInfo?.swap?.capacity;
  if (swap !== undefined && swap <= 0)
    yield {
      code: 'out-of-range',
      path: ['status', 'nodeInfo', 'swap', 'capacity'],
      message: `must be greater than 0, got ${swap}`,
    };
  yield* checkFeatures(status?.declaredFeatures ?? [], ['status', 'declaredFeatures']);
  if (spec?.configSource !== undefined)
    yield noEffect(['spec', 'configSource'], 'Kubernetes removed the configuration of kubelets by the API');
  if ((spec?.externalID ?? '') !== '') yield noEffect(['spec', 'externalID'], 'nothing uses it any more');
}

function noEffect(path: FieldPath, why: string): Finding {
  return { code: 'no-effect', severity: 'warning', path, at: 'key', message: `has no effect: ${why}` };
}

/** podCIDR is the older field: where the first of podCIDRs differs, it counts (Convert_v1_NodeSpec_To_core_NodeSpec). */
function* checkPodRanges({ value, isPruned }: Node): Iterable<Finding> {
  const { podCIDR = '', podCIDRs = [] } = value.spec ?? {};
  const list = ['spec', 'podCIDRs'];
  if (isPruned(list) || isPruned(['spec', 'podCIDR'])) return;
  if (podCIDR !== '' && podCIDR !== podCIDRs[0]) {
    yield* checkAddressRange(podCIDR, ['spec', 'podCIDR']);
    return;
  }
  for (const [index, range] of podCIDRs.entries()) yield* checkAddressRange(range, [...list, index]);
  const families = podCIDRs.map((range) => parseAddressRange(range)?.address.family);
  if (families.includes(undefined)) return;
  if (families.length > 1 && (families.length > 2 || families[0] === families[1]))
    yield {
      code: 'too-many-values',
      path: list,
      at: 'key',
      message: 'must have at most one range of each version of IP',
    };
}

/** Resources that are counted, besides those of other vendors (IsIntegerResourceName in pkg/apis/core/helper). */
const COUNTED = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

function isCounted(resource: string): boolean {
  if (COUNTED.has(resource)) return true;
  const isForeign = resource.includes('/') && !resource.includes('kubernetes.io/');
  return (
    isForeign && !resource.startsWith('requests.') && labelKeyProblem(`requests.${resource}`) === undefined
  );
}

function* checkAmount(resource: string, text: string, path: FieldPath): Iterable<Finding> {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return;
  if (quantity.nanos < 0n)
    yield { code: 'invalid-quantity', path, message: `must not be less than 0, got '${text}'` };
  else if (isCounted(resource) && thousandths(quantity) % 1000n !== 0n)
    yield { code: 'invalid-quantity', path, message: `must be a whole number, got '${text}'` };
}

/** A feature of the machine: MyFeature, or MyFeature/itsPart. */
const featureName: NameRule = {
  pattern: /^[A-Z][a-zA-Z0-9]*(?:\/[a-zA-Z][a-zA-Z0-9]*)*$/,
  longest: 253,
  allows: "letters and digits, with an uppercase letter at the begin, and parts after '/'",
};

function* checkFeatures(features: readonly string[], path: FieldPath): Iterable<Finding> {
  for (const [index, feature] of features.entries()) {
    const message = nameProblem(featureName, feature);
    const before = features[index - 1];
    if (message !== undefined) yield { code: 'invalid-name', path: [...path, index], message };
    if (before === feature)
      yield { code: 'duplicate-value', path: [...path, index], message: `duplicate value '${feature}'` };
    else if (before !== undefined && compareTexts(before, feature) > 0)
      yield {
        code: 'wrong-value',
        path: [...path, index],
        message: `must be in alphabetical order, after '${before}'`,
      };
  }
}
