import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type {
  IPBlock,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { isStrictlyWithin, parseAddressRange } from '../../spec/ip-address.ts';
import { forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelSelector } from '../label-selector.ts';
import { checkFilled } from '../name-checks.ts';
import { checkAddressRange } from '../network/addresses.ts';
import { checkPort, checkPortNumber } from '../network/port-values.ts';

type NetworkPolicy = CheckedObject<'NetworkPolicy'>;

/** Incoming and outgoing traffic: two types of policy. */
const MAX_POLICY_TYPES = 2;

/** Checks a NetworkPolicy (ValidateNetworkPolicySpec in pkg/apis/networking/validation/validation.go). */
export function* checkNetworkPolicy(policy: NetworkPolicy): Iterable<Finding> {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = policy.value.spec ?? {};
  yield* checkLabelSelector(podSelector, ['spec', 'podSelector']);
  for (const [index, { from, ports }] of ingress.entries()) {
    const path = ['spec', 'ingress', index];
    yield* checkRule(policy, ports, from, path, 'from');
  }
  for (const [index, { to, ports }] of egress.entries()) {
    const path = ['spec', 'egress', index];
    yield* checkRule(policy, ports, to, path, 'to');
  }
  if (policyTypes.length > MAX_POLICY_TYPES)
    yield {
      code: 'too-many-values',
      path: ['spec', 'policyTypes'],
      at: 'key',
      message: `must have at most ${MAX_POLICY_TYPES} types`,
    };
}

function* checkRule(
  policy: NetworkPolicy,
  ports: readonly Incomplete<NetworkPolicyPort>[] = [],
  peers: readonly Incomplete<NetworkPolicyPeer>[] = [],
  path: FieldPath,
  peersField: string,
): Iterable<Finding> {
  for (const [index, port] of ports.entries())
    yield* checkPolicyPort(policy, port, [...path, 'ports', index]);
  for (const [index, peer] of peers.entries()) yield* checkPeer(policy, peer, [...path, peersField, index]);
}

function* checkPolicyPort(
  policy: NetworkPolicy,
  { port, endPort }: Incomplete<NetworkPolicyPort>,
  path: FieldPath,
): Iterable<Finding> {
  const place = [...path, 'endPort'];
  yield* checkPort(port, [...path, 'port']);
  if (endPort === undefined || policy.isPruned([...path, 'port'])) return;
  if (typeof port !== 'number')
    yield forbiddenField(place, port === undefined ? 'there is no port' : 'the port is a name');
  else if (endPort < port)
    yield {
      code: 'out-of-range',
      path: place,
      message: `must not be less than the port, ${port}, got ${endPort}`,
    };
  else yield* checkPortNumber(endPort, place);
}

function* checkPeer(
  policy: NetworkPolicy,
  { podSelector, namespaceSelector, ipBlock }: Incomplete<NetworkPolicyPeer>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkLabelSelector(podSelector, [...path, 'podSelector']);
  yield* checkLabelSelector(namespaceSelector, [...path, 'namespaceSelector']);
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (ipBlock !== undefined) {
    yield* checkBlock(policy, ipBlock, [...path, 'ipBlock']);
    if (hasSelector)
      yield forbiddenField([...path, 'ipBlock'], 'a peer has selectors or an ipBlock, not both');
  } else if (
    !hasSelector &&
    !['podSelector', 'namespaceSelector', 'ipBlock'].some((field) => policy.isPruned([...path, field]))
  )
    yield {
      code: 'missing-field',
      path,
      message: 'must have a podSelector, a namespaceSelector or an ipBlock',
      help: 'An empty podSelector, {}, selects all pods of the namespace.',
    };
}

function* checkBlock(
  policy: NetworkPolicy,
  { cidr, except = [] }: Incomplete<IPBlock>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkFilled(policy, cidr, path, 'cidr');
  if (cidr === undefined || cidr === '') return;
  yield* checkAddressRange(cidr, [...path, 'cidr']);
  const block = parseAddressRange(cidr);
  if (block === undefined) return;
  for (const [index, text] of except.entries()) {
    const place = [...path, 'except', index];
    yield* checkAddressRange(text, place);
    const range = parseAddressRange(text);
    if (range !== undefined && !isStrictlyWithin(range, block))
      yield { code: 'wrong-value', path: place, message: `must be a part of cidr, '${cidr}', got '${text}'` };
  }
}
