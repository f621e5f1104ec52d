import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desired, findings, podWith, podWithContainer, type Fields } from '../manifest.ts';

const limits = 'spec.containers[0].resources.limits';
const requests = 'spec.containers[0].resources.requests';

const cases: readonly (readonly [Fields, readonly string[]])[] = [
  [{}, []],
  [{ limits: {} }, []],
  [{ limits: { cpu: '500m', memory: '64Mi' }, requests: { cpu: 0.25, memory: 1024 } }, []],
  [{ limits: { cpu: '1' }, requests: { cpu: '1000m' } }, []],
  [
    { limits: { memory: '64MB' } },
    [`${limits}.memory: invalid quantity '64MB', did you mean '64Mi'? [invalid-quantity]`],
  ],
  [
    { limits: { memory: '1gb' } },
    [`${limits}.memory: invalid quantity '1gb', did you mean '1Gi'? [invalid-quantity]`],
  ],
  [
    { limits: { memory: '1gi' } },
    [`${limits}.memory: invalid quantity '1gi', did you mean '1Gi'? [invalid-quantity]`],
  ],
  [
    { limits: { memory: '1 Gi' } },
    [`${limits}.memory: invalid quantity '1 Gi', did you mean '1Gi'? [invalid-quantity]`],
  ],
  [
    { limits: { memory: '1g' } },
    [`${limits}.memory: invalid quantity '1g', did you mean '1G'? [invalid-quantity]`],
  ],
  [
    { limits: { memory: '1K' } },
    [`${limits}.memory: invalid quantity '1K', did you mean '1k'? [invalid-quantity]`],
  ],
  [{ limits: { memory: 'lots' } }, [`${limits}.memory: invalid quantity 'lots' [invalid-quantity]`]],
  [{ limits: { memory: '' } }, [`${limits}.memory: must not be empty [invalid-quantity]`]],
  [{ limits: { cpu: -1 } }, [`${limits}.cpu: must not be less than 0, got '-1' [invalid-quantity]`]],
  [
    { limits: { memory: '128m' } },
    [
      `warning: ${limits}.memory: '128m' is not a whole number of bytes: 'm' means thousandths, did you mean '128Mi'? [fraction-of-byte]`,
    ],
  ],
  [
    { limits: { memory: '0.5' } },
    [`warning: ${limits}.memory: '0.5' is not a whole number of bytes [fraction-of-byte]`],
  ],
  [{ limits: { memory: '128974848000m' } }, []],
  [
    { limits: { cpu: '500m' }, requests: { cpu: '0.6' } },
    [`${requests}.cpu: must not exceed the limit of 500m, got 0.6 [request-over-limit]`],
  ],
  [
    { limits: { memory: '1G' }, requests: { memory: '1Gi' } },
    [`${requests}.memory: must not exceed the limit of 1G, got 1Gi [request-over-limit]`],
  ],
  [{ limits: { mem: '1G' } }, [`${limits}.mem: unknown resource 'mem' of a container [unknown-resource]`]],
  [
    { limits: { memroy: '1G' } },
    [`${limits}.memroy: unknown resource 'memroy' of a container, did you mean 'memory'? [unknown-resource]`],
  ],
  [
    { limits: { 'ephemeral-storage': '1G' } },
    [
      `warning: ${limits}.ephemeral-storage: ignored: podpose cannot limit the disk space of a container [ignored]`,
    ],
  ],
  [
    { limits: { memory: '1Gi', 'hugepages-2Mi': '4Mi' } },
    [`${limits}.hugepages-2Mi: not supported: podman cannot limit or reserve huge pages [not-supported]`],
  ],
  [
    { limits: { 'nvidia.com/gpu': 1 } },
    [
      `${limits}['nvidia.com/gpu']: not supported: extended resources need a device plugin of a cluster [not-supported]`,
    ],
  ],
];

for (const [resources, expected] of cases)
  test(`the resources ${JSON.stringify(resources)}`, () => {
    assert.deepEqual(findings(podWithContainer({ resources })), expected);
  });

const ofPod: readonly (readonly [Fields, Fields, readonly string[]])[] = [
  [{}, {}, []],
  [{ limits: { cpu: 1, memory: '1Gi' }, requests: { cpu: '0.5' } }, {}, []],
  [{ limits: { cpu: 1 } }, { limits: { cpu: 1 } }, []],
  [{ requests: { cpu: 1 } }, { requests: { cpu: '1000m' } }, []],
  [
    { limits: { memory: '1GB' } },
    {},
    [`spec.resources.limits.memory: invalid quantity '1GB', did you mean '1Gi'? [invalid-quantity]`],
  ],
  [
    { limits: { cpu: 1 }, requests: { cpu: 2 } },
    {},
    ['spec.resources.requests.cpu: must not exceed the limit of 1, got 2 [request-over-limit]'],
  ],
  [
    { limits: { cpu: 1 } },
    { limits: { cpu: '1.5' } },
    [`${limits}.cpu: must not exceed the limit of the pod, 1, got 1.5 [limit-over-pod-limit]`],
  ],
  [
    { requests: { memory: '1Gi' } },
    { limits: { memory: '2Gi' } },
    [
      "spec.resources.requests.memory: must not be less than the sum of the containers' requests, got 1Gi [requests-over-pod-request]",
    ],
  ],
  [
    { limits: { 'ephemeral-storage': '1Gi' } },
    {},
    [
      "spec.resources.limits.ephemeral-storage: 'ephemeral-storage' cannot be set for a pod, only for a container: a pod supports cpu, memory and huge pages [unknown-resource]",
    ],
  ],
  [
    { limits: { 'example.com/dongle': 1 } },
    {},
    [
      "spec.resources.limits['example.com/dongle']: 'example.com/dongle' cannot be set for a pod, only for a container: a pod supports cpu, memory and huge pages [unknown-resource]",
    ],
  ],
  [
    { limits: { pids: 100 } },
    { limits: { pids: 10 } },
    [
      `${limits}.pids: unknown resource 'pids' of a container [unknown-resource]`,
      "spec.resources.limits.pids: unknown resource 'pids' of a pod [unknown-resource]",
    ],
  ],
  [
    { requests: { memroy: '1Gi' } },
    {},
    [
      "spec.resources.requests.memroy: unknown resource 'memroy' of a pod, did you mean 'memory'? [unknown-resource]",
    ],
  ],
  [
    { limits: { memory: '1Gi', 'hugepages-2Mi': '4Mi' } },
    {},
    [
      'spec.resources.limits.hugepages-2Mi: not supported: podman cannot limit or reserve huge pages [not-supported]',
    ],
  ],
];

for (const [resources, own, expected] of ofPod)
  test(`the resources ${JSON.stringify(resources)} of a pod whose container has ${JSON.stringify(own)}`, () => {
    assert.deepEqual(findings(podWithContainer({ resources: own }, { resources })), expected);
  });

/** What the pod gets, where it has these resources, and its containers and its init container request these amounts. */
const defaults: readonly (readonly [string, Fields, readonly Fields[], Fields, unknown])[] = [
  ['nothing said', {}, [{ cpu: 1 }], {}, undefined],
  ['a limit alone is a request', { limits: { cpu: 2 } }, [{}], {}, { cpu: 2000 }],
  [
    'requests of containers are added up',
    { limits: { cpu: 2 } },
    [{ cpu: 1 }, { cpu: '500m' }],
    {},
    { cpu: 1500 },
  ],
  ['the most of any time counts', { limits: { cpu: 2 } }, [{ cpu: 1 }], { cpu: '1.2' }, { cpu: 1200 }],
  [
    "the pod's own request counts",
    { limits: { cpu: 2 }, requests: { cpu: '1.9' } },
    [{ cpu: 1 }],
    {},
    { cpu: 1900 },
  ],
];

for (const [name, resources, containers, init, expected] of defaults)
  test(`requests of a pod: ${name}`, () => {
    const withRequests = (requests: Fields, index: number) => ({
      name: `c${index}`,
      image: 'nginx:1.27',
      resources: { requests },
    });
    const pod = podWith({
      resources,
      containers: containers.map(withRequests),
      initContainers: [withRequests(init, 9)],
    });
    assert.deepEqual(desired(pod).sandbox.resources?.requests, expected);
  });
