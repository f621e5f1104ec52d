import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, podWithContainer, type Fields } from '../manifest.ts';

/** The places and codes of what a server says: not what podpose does not support. */
function told(text: string): readonly string[] {
  return findings(text)
    .filter((line) => !/\[(?:ignored|not-supported|not-supported-yet)\]$/.test(line))
    .map((line) => line.replace(/^((?:warning: )?)([^ ]*): .*(\[[\w-]+\])$/, '$1$2 $3'));
}

const own = 'spec.containers[0]';
const rule = { action: 'Restart', exitCodes: { operator: 'In', values: [1] } };
const cpu = { resourceName: 'cpu', restartPolicy: 'RestartContainer' };

const containers: readonly (readonly [Fields, Fields, readonly string[]])[] = [
  [{ restartPolicy: 'Never', restartPolicyRules: [rule] }, {}, []],
  [{ restartPolicyRules: [rule] }, {}, [`${own}.restartPolicyRules [missing-field]`]],
  [
    { restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart' }] },
    {},
    [`${own}.restartPolicyRules[0] [missing-field]`],
  ],
  [
    { restartPolicy: 'Never', restartPolicyRules: Array(21).fill(rule) },
    {},
    [`${own}.restartPolicyRules [too-many-values]`],
  ],
  [
    {
      restartPolicy: 'Never',
      restartPolicyRules: [{ ...rule, exitCodes: { operator: 'In', values: Array(256).fill(1) } }],
    },
    {},
    [`${own}.restartPolicyRules[0].exitCodes.values [too-many-values]`],
  ],
  [{ resizePolicy: [cpu] }, {}, []],
  [{ resizePolicy: [cpu, cpu] }, {}, [`${own}.resizePolicy[1] [duplicate-value]`]],
  [
    { resizePolicy: [cpu] },
    { restartPolicy: 'Never' },
    [`${own}.resizePolicy[0].restartPolicy [wrong-value]`],
  ],
  [{ resizePolicy: [{ ...cpu, restartPolicy: 'NotRequired' }] }, { restartPolicy: 'Never' }, []],
  [{ resources: { limits: { cpu: '1', 'hugepages-2Mi': '4Mi' } } }, {}, []],
  [
    { resources: { limits: { cpu: '1', 'hugepages-2Mi': '3Mi' } } },
    {},
    [`${own}.resources.limits.hugepages-2Mi [invalid-quantity]`],
  ],
  [
    { resources: { limits: { cpu: '1', 'hugepages-big': '3Mi' } } },
    {},
    [`${own}.resources.limits.hugepages-big [unknown-resource]`],
  ],
  [
    { resources: { requests: { cpu: '1', 'hugepages-2Mi': '4Mi' } } },
    {},
    [`${own}.resources.requests.hugepages-2Mi [missing-field]`],
  ],
  [
    { resources: { limits: { 'hugepages-2Mi': '4Mi' } } },
    {},
    [`${own}.resources.limits.hugepages-2Mi [missing-field]`],
  ],
  [{ resources: { limits: { 'example.com/gpu': 2 } } }, {}, []],
  [
    { resources: { limits: { 'example.com/gpu': '0.5' } } },
    {},
    [`${own}.resources.limits['example.com/gpu'] [invalid-quantity]`],
  ],
  [
    { resources: { limits: { 'example.com/gpu': 2 }, requests: { 'example.com/gpu': 1 } } },
    {},
    [`${own}.resources.requests['example.com/gpu'] [request-under-limit]`],
  ],
  [
    { resources: { limits: { 'requests.example.com/gpu': 2 } } },
    {},
    [`${own}.resources.limits['requests.example.com/gpu'] [unknown-resource]`],
  ],
  // A server rounds up to thousandths.
  [{ resources: { limits: { cpu: '0.0001' }, requests: { cpu: '0.0005' } } }, {}, []],
  [
    { resources: { limits: { cpu: null }, requests: { cpu: '1' } } },
    {},
    [`${own}.resources.requests.cpu [request-over-limit]`],
  ],
  [{ resources: { claims: [{ name: 'gpu' }] } }, {}, [`${own}.resources.claims[0].name [unknown-claim]`]],
  [
    { resources: { claims: [{ name: 'gpu', request: 'a' }, { name: 'gpu' }] } },
    { resourceClaims: [{ name: 'gpu', resourceClaimName: 'shared' }] },
    [`${own}.resources.claims[1] [duplicate-value]`],
  ],
];

for (const [index, [container, spec, expected]] of containers.entries())
  test(`a container, ${index + 1}: ${JSON.stringify({ ...container, ...spec }).slice(0, 100)}`, () => {
    assert.deepEqual(told(podWithContainer(container, spec)), expected);
  });

const init = (fields: Fields): Fields => ({ name: 'init', image: 'busybox', ...fields });
const requests = (amount: string): Fields => ({ resources: { requests: { cpu: amount } } });
const app = { name: 'app', image: 'nginx', ...requests('1') };
const twoCpus = { resources: { requests: { cpu: '2' } } };

const pods: readonly (readonly [Fields, readonly string[]])[] = [
  [
    { initContainers: [init({ resizePolicy: [cpu] })] },
    ['spec.initContainers[0].resizePolicy[0].restartPolicy [wrong-value]'],
  ],
  [{ initContainers: [init({ resizePolicy: [cpu], restartPolicy: 'Always' })] }, []],
  [{ containers: [app], initContainers: [init(requests('2'))], ...twoCpus }, []],
  [
    { containers: [app], initContainers: [init(requests('3'))], ...twoCpus },
    ['spec.resources.requests.cpu [requests-over-pod-request]'],
  ],
  [
    {
      containers: [app],
      initContainers: [init({ ...requests('1500m'), restartPolicy: 'Always' })],
      ...twoCpus,
    },
    ['spec.resources.requests.cpu [requests-over-pod-request]'],
  ],
  [
    { containers: [app, { ...app, name: 'two' }], resources: { limits: { cpu: '1' } } },
    ['spec.resources.limits.cpu [requests-over-pod-limit]'],
  ],
  [
    { containers: [app], resources: { requests: { cpu: null } } },
    ['spec.resources.requests.cpu [requests-over-pod-request]'],
  ],
  [{ resources: { claims: [] } }, ['spec.resources.claims [forbidden-field]']],
  [{ overhead: { cpu: '-1' } }, ['spec.overhead.cpu [invalid-quantity]']],
  [{ overhead: { pods: '1' } }, ['spec.overhead.pods [unknown-resource]']],
  [{ overhead: { memory: '1m' } }, ['warning: spec.overhead.memory [fraction-of-byte]']],
  [
    { resources: { limits: { memory: '1500m' } } },
    ['warning: spec.resources.limits.memory [fraction-of-byte-of-pod]'],
  ],
  [
    { resourceClaims: [{ name: 'A', resourceClaimName: 'a' }] },
    ['spec.resourceClaims[0].name [invalid-name]'],
  ],
  [{ resourceClaims: [{ name: 'a' }] }, ['spec.resourceClaims[0] [missing-field]']],
  [
    { resourceClaims: [{ name: 'a', resourceClaimName: 'a', resourceClaimTemplateName: 'b' }] },
    ['spec.resourceClaims[0] [several-values]'],
  ],
  [
    {
      resourceClaims: [
        { name: 'a', resourceClaimName: 'a' },
        { name: 'a', resourceClaimName: 'b' },
      ],
    },
    ['spec.resourceClaims[1].name [duplicate-value]'],
  ],
  [{ hostAliases: [{ ip: '::ffff:1.2.3.4' }] }, ['spec.hostAliases[0].ip [invalid-ip]']],
  [{ hostAliases: [{ ip: 'FE80::1' }] }, ['warning: spec.hostAliases[0].ip [unusual-address]']],
  [
    { hostAliases: [{ ip: '10.0.0.1' }, { ip: '10.0.0.1' }] },
    ['warning: spec.hostAliases[1].ip [duplicate-alias]'],
  ],
  [{ dnsConfig: { nameservers: ['010.0.0.1'] } }, ['spec.dnsConfig.nameservers[0] [invalid-ip]']],
];

for (const [index, [spec, expected]] of pods.entries())
  test(`a pod, ${index + 1}: ${JSON.stringify(spec).slice(0, 100)}`, () => {
    assert.deepEqual(told(podWith(spec)), expected);
  });

const seccomp = 'seccomp.security.alpha.kubernetes.io/pod';
const appArmor = 'container.apparmor.security.beta.kubernetes.io/app';
const mirror = 'kubernetes.io/config.mirror';
const cost = 'controller.kubernetes.io/pod-deletion-cost';
const old = 'scheduler.alpha.kubernetes.io/tolerations';

const annotations: readonly (readonly [string, string, Fields, readonly string[]])[] = [
  [seccomp, 'foo', {}, ['invalid-annotation', 'deprecated']],
  [seccomp, 'localhost/../x', {}, ['invalid-annotation', 'deprecated']],
  [seccomp, 'docker/default', { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }, []],
  [
    seccomp,
    'unconfined',
    { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } },
    ['profile-conflict'],
  ],
  [appArmor, 'runtime/default', {}, ['deprecated']],
  [`${appArmor}s`, 'runtime/default', {}, ['invalid-annotation']],
  [appArmor, 'other', {}, ['invalid-annotation', 'deprecated']],
  [appArmor, '', { securityContext: { appArmorProfile: { type: 'Unconfined' } } }, ['profile-conflict']],
  [appArmor, 'unconfined', { securityContext: { appArmorProfile: { type: 'Unconfined' } } }, []],
  [mirror, 'x', { nodeName: 'n' }, []],
  [mirror, 'x', {}, ['invalid-annotation']],
  [cost, '-10', {}, []],
  [cost, '+10', {}, ['invalid-annotation']],
  [cost, '2147483648', {}, ['invalid-annotation']],
  [old, '', {}, []],
  [old, '[{"Key":"gpu","operator":"Exists"}]', {}, []],
  [old, 'x', {}, ['invalid-annotation']],
  [old, '[{"key":"gpu","operator":"Every"}]', {}, ['invalid-annotation']],
  [old, '[{"key":"gpu","operator":"Exists","value":"x"}]', {}, ['invalid-annotation']],
  ['security.alpha.kubernetes.io/sysctls', 'a=b', {}, ['deprecated']],
];

for (const [key, value, spec, expected] of annotations)
  test(`the annotation ${key}=${value} with ${JSON.stringify(spec)}`, () => {
    const found = told(podWith(spec, { annotations: { [key]: value } }));
    assert.deepEqual(found.map((line) => /\[([\w-]+)\]$/.exec(line)?.[1]).sort(), [...expected].sort());
  });
