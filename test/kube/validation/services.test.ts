import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf as allCodesOf } from './object-findings.ts';

/** Without the limits of podpose, which are tested by cases: these are the rules of an API server. */
function codesOf(...given: Parameters<typeof allCodesOf>): readonly string[] {
  return allCodesOf(...given).filter((code) => !/\[(?:not-supported|ignored)\]$/.test(code));
}

type Fields = Readonly<Record<string, unknown>>;

function service(spec: Fields, annotations: Fields = {}): object {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', annotations }, spec };
}

const port = { port: 80 };
const ports = [port];

const valid: readonly (readonly [string, Fields])[] = [
  ['a port', { ports }],
  ['no address and no port', { clusterIP: 'None' }],
  ['a name outside', { type: 'ExternalName', externalName: 'db.example.com.' }],
  ['defaults by their empty values', { ports: [{ ...port, protocol: '', targetPort: '' }], type: '' }],
  [
    'one port for TCP and UDP',
    {
      ports: [
        { port: 53, name: 'a' },
        { port: 53, name: 'b', protocol: 'UDP' },
      ],
    },
  ],
  ['addresses of both families', { ports, clusterIP: '10.0.0.9', clusterIPs: ['10.0.0.9', 'fd00::9'] }],
  ['a policy for externalIPs', { ports, externalIPs: ['192.0.2.1'], externalTrafficPolicy: 'Local' }],
  ['settings that are dropped', { ports, sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } }],
  ['a node port of any range', { ports: [{ ...port, nodePort: 80 }], type: 'NodePort' }],
  [
    'a load balancer whose health port the cluster chooses',
    {
      ports,
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: [' 10.0.0.0/8 '],
    },
  ],
];

for (const [name, spec] of valid)
  test(`a Service with ${name} is valid`, () => {
    assert.deepEqual(codesOf(service(spec)), []);
  });

const invalid: readonly (readonly [string, Fields, readonly string[]])[] = [
  ['no ports', {}, ['spec [missing-field]']],
  ['a port out of range', { ports: [{ port: 65536 }] }, ['spec.ports[0].port [port-range]']],
  ['a bad target', { ports: [{ ...port, targetPort: 'Http' }] }, ['spec.ports[0].targetPort [invalid-name]']],
  ['a bad protocol', { ports: [{ ...port, protocol: 'tcp' }] }, ['spec.ports[0].protocol [wrong-value]']],
  [
    'an empty appProtocol',
    { ports: [{ ...port, appProtocol: '' }] },
    ['spec.ports[0].appProtocol [invalid-name]'],
  ],
  ['ports without names', { ports: [port, { port: 81, name: 'b' }] }, ['spec.ports[0] [missing-field]']],
  [
    'the same port twice',
    {
      ports: [
        { ...port, name: 'a' },
        { ...port, name: 'a' },
      ],
    },
    ['spec.ports[1].name [duplicate-value]', 'spec.ports[1].port [duplicate-value]'],
  ],
  [
    'a node port of ClusterIP',
    { ports: [{ ...port, nodePort: 1 }] },
    ['spec.ports[0].nodePort [forbidden-field]'],
  ],
  ['an unknown type', { ports, type: 'Pod', loadBalancerClass: 'a' }, ['spec.type [wrong-value]']],
  ['a bad selector', { ports, selector: { a: 'b c' } }, ['spec.selector.a [invalid-label]']],
  [
    'too short an affinity',
    { ports, sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 0 } } },
    ['spec.sessionAffinityConfig.clientIP.timeoutSeconds [out-of-range]'],
  ],
  ['an address with zeros', { ports, clusterIP: '010.0.0.1' }, ['spec.clusterIP [invalid-ip]']],
  [
    'another first address',
    { ports, clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.2'] },
    ['spec.clusterIPs[0] [wrong-value]'],
  ],
  ['clusterIPs alone', { ports, clusterIPs: ['10.0.0.2'] }, ['spec [missing-field]']],
  [
    'two addresses of a family',
    { ports, clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1', '10.0.0.2'] },
    ['spec.clusterIPs [wrong-value]'],
  ],
  [
    'an address of another family',
    { ports, clusterIP: 'fd00::1', ipFamilies: ['IPv4'] },
    ['spec.clusterIP [invalid-ip]'],
  ],
  ['no address for nodes', { ports, type: 'NodePort', clusterIP: 'None' }, ['spec.clusterIP [wrong-value]']],
  ['a loopback address', { ports, externalIPs: ['127.0.0.1'] }, ['spec.externalIPs[0] [invalid-ip]']],
  ['an external name without a name', { type: 'ExternalName', externalName: '.' }, ['spec [missing-field]']],
  [
    'an external name with an address',
    { type: 'ExternalName', externalName: 'a', clusterIP: '10.0.0.1', ipFamilies: ['IPv4'] },
    ['spec.clusterIP [forbidden-field]', 'spec.ipFamilies [forbidden-field]'],
  ],
  [
    'settings of a load balancer',
    {
      ports,
      allocateLoadBalancerNodePorts: false,
      loadBalancerClass: 'a',
      loadBalancerSourceRanges: ['10.0.0.1/8'],
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30000,
    },
    [
      'spec.allocateLoadBalancerNodePorts [forbidden-field]',
      'spec.loadBalancerClass [forbidden-field]',
      'spec.externalTrafficPolicy [forbidden-field]',
      'spec.healthCheckNodePort [forbidden-field]',
      'spec.loadBalancerSourceRanges [forbidden-field]',
      'spec.loadBalancerSourceRanges[0] [invalid-ip]',
    ],
  ],
];

for (const [name, spec, expected] of invalid)
  test(`a Service with ${name} is refused`, () => {
    assert.deepEqual(codesOf(service(spec)).toSorted(), expected.toSorted());
  });

const annotated: readonly (readonly [string, Fields, readonly string[]])[] = [
  [
    'ranges without a load balancer',
    { 'service.beta.kubernetes.io/load-balancer-source-ranges': '10.0.0.0/8, x' },
    [
      "metadata.annotations['service.beta.kubernetes.io/load-balancer-source-ranges'] [forbidden-field]",
      "metadata.annotations['service.beta.kubernetes.io/load-balancer-source-ranges'] [invalid-ip]",
    ],
  ],
  [
    'two values of one setting',
    { 'service.kubernetes.io/topology-mode': 'Auto', 'service.kubernetes.io/topology-aware-hints': 'auto' },
    ["metadata.annotations['service.kubernetes.io/topology-mode'] [wrong-value]"],
  ],
];

for (const [name, annotations, expected] of annotated)
  test(`annotations of a Service: ${name}`, () => {
    assert.deepEqual(codesOf(service({ ports }, annotations)), expected);
  });

const warned: readonly (readonly [string, Fields, readonly string[]])[] = [
  ['a name that is not used', { ports, externalName: 'a' }, ['spec.externalName [no-effect]']],
  ['externalIPs', { ports, externalIPs: ['192.0.2.1'] }, ['spec.externalIPs [deprecated]']],
  [
    'settings of a Service without an address',
    {
      clusterIP: 'None',
      loadBalancerIP: '192.0.2.1',
      externalIPs: ['192.0.2.1'],
      sessionAffinity: 'ClientIP',
    },
    ['spec.loadBalancerIP [no-effect]', 'spec.externalIPs [no-effect]', 'spec.sessionAffinity [no-effect]'],
  ],
  ['an address in another form', { ports, clusterIP: 'FD00:0::1' }, ['spec.clusterIP [unusual-address]']],
  [
    'zeros in loadBalancerIP',
    { ports, loadBalancerIP: '010.0.0.1' },
    ['spec.loadBalancerIP [unusual-address]'],
  ],
  [
    'an old distribution',
    { ports, trafficDistribution: 'PreferClose' },
    ['spec.trafficDistribution [deprecated]'],
  ],
];

for (const [name, spec, expected] of warned)
  test(`a Service with ${name} gets a warning`, () => {
    assert.deepEqual(
      codesOf(service(spec), 'warning')
        .filter((found) => found.startsWith('spec'))
        .toSorted(),
      expected.toSorted(),
    );
    assert.deepEqual(codesOf(service(spec)), []);
  });
