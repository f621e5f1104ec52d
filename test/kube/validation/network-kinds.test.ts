import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf } from './object-findings.ts';

type Fields = Readonly<Record<string, unknown>>;
type Case = readonly [string, Fields, readonly string[]];

function check(apiVersion: string, kind: string, cases: readonly Case[], severity?: 'warning'): void {
  for (const [name, fields, expected] of cases)
    test(`${kind} with ${name}`, () => {
      const object = { apiVersion, kind, metadata: { name: 'a' }, ...fields };
      assert.deepEqual(codesOf(object, severity).toSorted(), expected.toSorted());
    });
}

const service = { service: { name: 'web', port: { number: 80 } } };

/** An Ingress with one path. */
function path(fields: Fields): Fields {
  const paths = [{ path: '/', pathType: 'Prefix', backend: service, ...fields }];
  return { spec: { rules: [{ http: { paths } }] } };
}

const aPath = 'spec.rules[0].http.paths[0]';

check('networking.k8s.io/v1', 'Ingress', [
  ['one path', path({}), []],
  ['a backend for all', { spec: { defaultBackend: service, tls: [{ hosts: ['*.a.b', 'c.d'] }] } }, []],
  ['no path, of another type', path({ path: undefined, pathType: 'ImplementationSpecific' }), []],
  ['no rules', { spec: {} }, ['spec [missing-field]']],
  ['no spec', {}, [' [missing-field]']],
  ['no type', path({ pathType: undefined }), [`${aPath} [missing-field]`]],
  ['an unknown type', path({ pathType: 'prefix', path: 'a' }), [`${aPath}.pathType [wrong-value]`]],
  ['no path', path({ path: '' }), [`${aPath}.path [invalid-path]`]],
  ['steps up', path({ path: '/a/../b' }), [`${aPath}.path [invalid-path]`]],
  ['a step up at the end', path({ path: '/a/..' }), [`${aPath}.path [invalid-path]`]],
  ['no backend', path({ backend: {} }), [`${aPath}.backend [missing-field]`]],
  [
    'two backends',
    path({ backend: { ...service, resource: { kind: 'A', name: 'b' } } }),
    [`${aPath}.backend.resource [forbidden-field]`],
  ],
  [
    'a name and a number of a port',
    path({ backend: { service: { name: 'a', port: { name: 'b', number: 1 } } } }),
    [`${aPath}.backend.service.port.name [forbidden-field]`],
  ],
  [
    'no port',
    path({ backend: { service: { name: 'a.b' } } }),
    [`${aPath}.backend.service.name [invalid-name]`, `${aPath}.backend.service.port [missing-field]`],
  ],
  ['no paths', { spec: { rules: [{ http: { paths: [] } }] } }, ['spec.rules[0].http [missing-field]']],
  ['an address as host', { spec: { rules: [{ host: '10.0.0.1' }] } }, ['spec.rules[0].host [invalid-name]']],
  ['a star in a host', { spec: { rules: [{ host: 'a.*.b' }] } }, ['spec.rules[0].host [invalid-name]']],
  [
    'a bad name of a class',
    { spec: { defaultBackend: service, ingressClassName: '' } },
    ['spec.ingressClassName [invalid-name]'],
  ],
  [
    'two classes',
    {
      metadata: { name: 'a', annotations: { 'kubernetes.io/ingress.class': 'b' } },
      spec: { defaultBackend: service, ingressClassName: 'c' },
    },
    ["metadata.annotations['kubernetes.io/ingress.class'] [wrong-value]"],
  ],
]);

const parameters = { kind: 'A', name: 'b' };

/** An IngressClass with parameters. */
function withParameters(fields: Fields): Fields {
  return { spec: { controller: 'a.b/c', parameters: { ...parameters, ...fields } } };
}

check('networking.k8s.io/v1', 'IngressClass', [
  ['a controller', { spec: { controller: 'example.com/a/b%20c' } }, []],
  ['a namespace', withParameters({ scope: 'Namespace', namespace: 'ns' }), []],
  ['no controller', { spec: {} }, ['spec [missing-field]']],
  ['no domain', { spec: { controller: 'nginx' } }, ['spec.controller [invalid-name]']],
  ['a blank', { spec: { controller: 'a.b/c d' } }, ['spec.controller [invalid-name]']],
  ['no scope', withParameters({ namespace: 'ns' }), ['spec.parameters.namespace [forbidden-field]']],
  ['no namespace', withParameters({ scope: 'Namespace' }), ['spec.parameters [missing-field]']],
  ['a path as name', withParameters({ name: 'a/b' }), ['spec.parameters.name [invalid-name]']],
]);

/** A NetworkPolicy with one peer or port of incoming traffic. */
function policy(rule: Fields): Fields {
  return { spec: { podSelector: {}, ingress: [rule] } };
}

const peer = 'spec.ingress[0].from[0]';
const port = 'spec.ingress[0].ports[0]';

check('networking.k8s.io/v1', 'NetworkPolicy', [
  ['nothing', {}, []],
  [
    'all pods',
    policy({ from: [{ podSelector: {} }], ports: [{ port: 80, endPort: 90 }, { port: 'http' }] }),
    [],
  ],
  ['a range', policy({ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }), []],
  ['an empty peer', policy({ from: [{}] }), [`${peer} [missing-field]`]],
  [
    'a range and a selector',
    policy({ from: [{ podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }] }),
    [`${peer}.ipBlock [forbidden-field]`],
  ],
  ['an empty range', policy({ from: [{ ipBlock: { cidr: '' } }] }), [`${peer}.ipBlock [missing-field]`]],
  [
    'bits after the prefix',
    policy({ from: [{ ipBlock: { cidr: '10.0.0.1/8' } }] }),
    [`${peer}.ipBlock.cidr [invalid-ip]`],
  ],
  [
    'an exception outside',
    policy({ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8', 'fd00::/8'] } }] }),
    [`${peer}.ipBlock.except[0] [wrong-value]`, `${peer}.ipBlock.except[1] [wrong-value]`],
  ],
  [
    'a bad selector',
    policy({ from: [{ podSelector: { matchLabels: { a: '-' } } }] }),
    [`${peer}.podSelector.matchLabels.a [invalid-label]`],
  ],
  [
    'an end before the port',
    policy({ ports: [{ port: 80, endPort: 79 }] }),
    [`${port}.endPort [out-of-range]`],
  ],
  [
    'an end after a name',
    policy({ ports: [{ port: 'a', endPort: 79 }] }),
    [`${port}.endPort [forbidden-field]`],
  ],
  ['an end alone', policy({ ports: [{ endPort: 79 }] }), [`${port}.endPort [forbidden-field]`]],
  ['port 0', policy({ ports: [{ port: 0 }] }), [`${port}.port [port-range]`]],
  [
    'too many types',
    { spec: { policyTypes: ['Ingress', 'Ingress', 'Egress'] } },
    ['spec.policyTypes [too-many-values]'],
  ],
]);

const address = { ip: '192.0.2.1' };

check('v1', 'Endpoints', [
  ['nothing', {}, []],
  ['an address', { subsets: [{ notReadyAddresses: [address], ports: [{ port: 80 }] }] }, []],
  ['no address', { subsets: [{}] }, ['subsets[0] [missing-field]']],
  [
    'a link-local address',
    { subsets: [{ addresses: [{ ip: 'fe80::1' }] }] },
    ['subsets[0].addresses[0].ip [invalid-ip]'],
  ],
  [
    'names missing and bad',
    {
      subsets: [
        {
          addresses: [{ ...address, hostname: 'a.b', nodeName: '' }],
          ports: [{ port: 1 }, { port: 2, name: 'B' }],
        },
      ],
    },
    [
      'subsets[0].addresses[0].hostname [invalid-name]',
      'subsets[0].addresses[0].nodeName [invalid-name]',
      'subsets[0].ports[0] [missing-field]',
      'subsets[0].ports[1].name [invalid-name]',
    ],
  ],
]);

/** An EndpointSlice with the addresses of one endpoint. */
function slice(addressType: string, addresses: readonly string[], fields: Fields = {}): Fields {
  return { addressType, endpoints: [{ addresses, ...fields }] };
}

check('discovery.k8s.io/v1', 'EndpointSlice', [
  ['no endpoints', { addressType: 'IPv4' }, []],
  ['any port', { addressType: 'IPv4', ports: [{ port: 0 }, { port: 70_000, name: 'b' }] }, []],
  ['addresses', slice('IPv6', ['2001:db8::1'], { hints: { forZones: [{}] } }), []],
  ['names', slice('FQDN', ['a.example.com.']), []],
  ['no type', {}, [' [missing-field]']],
  ['no address', slice('IPv4', []), ['endpoints[0] [missing-field]']],
  ['another family', slice('IPv4', ['2001:db8::1']), ['endpoints[0].addresses[0] [invalid-ip]']],
  ['another form', slice('IPv6', ['2001:DB8::1']), ['endpoints[0].addresses[0] [invalid-ip]']],
  ['a name without a domain', slice('FQDN', ['a']), ['endpoints[0].addresses[0] [invalid-name]']],
  [
    'an empty host name',
    slice('IPv4', ['192.0.2.1'], { hostname: '' }),
    ['endpoints[0].hostname [invalid-name]'],
  ],
  ['two ports without names', { addressType: 'IPv4', ports: [{}, {}] }, ['ports[1].name [duplicate-value]']],
  [
    'too many hints',
    slice('IPv4', ['192.0.2.1'], { hints: { forNodes: Array.from('abcdefghi', (name) => ({ name })) } }),
    ['endpoints[0].hints.forNodes [too-many-values]'],
  ],
]);
