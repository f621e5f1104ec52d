import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer, type Fields } from '../manifest.ts';

const limits = 'spec.containers[0].resources.limits';
const requests = 'spec.containers[0].resources.requests';
const form =
  "is no quantity: it has to be a number, or a number and one of m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, as in '500m' or '1.5Gi'";

const cases: readonly (readonly [Fields, readonly string[]])[] = [
  [{}, []],
  [{ limits: {} }, []],
  [{ limits: { cpu: '500m', memory: '64Mi' }, requests: { cpu: 0.25, memory: 1024 } }, []],
  [{ limits: { cpu: '1' }, requests: { cpu: '1000m' } }, []],
  [
    { limits: { memory: '64MB' } },
    [`${limits}.memory: '64MB' ${form}, did you mean '64Mi'? [invalid-quantity]`],
  ],
  [
    { limits: { memory: '1gb' } },
    [`${limits}.memory: '1gb' ${form}, did you mean '1Gi'? [invalid-quantity]`],
  ],
  [
    { limits: { memory: '1gi' } },
    [`${limits}.memory: '1gi' ${form}, did you mean '1Gi'? [invalid-quantity]`],
  ],
  [
    { limits: { memory: '1 Gi' } },
    [`${limits}.memory: '1 Gi' ${form}, did you mean '1Gi'? [invalid-quantity]`],
  ],
  [{ limits: { memory: '1g' } }, [`${limits}.memory: '1g' ${form}, did you mean '1G'? [invalid-quantity]`]],
  [{ limits: { memory: '1K' } }, [`${limits}.memory: '1K' ${form}, did you mean '1k'? [invalid-quantity]`]],
  [{ limits: { memory: 'lots' } }, [`${limits}.memory: 'lots' ${form} [invalid-quantity]`]],
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
    [`${requests}.cpu: must not be more than the limit of 500m, got 0.6 [request-over-limit]`],
  ],
  [
    { limits: { memory: '1G' }, requests: { memory: '1Gi' } },
    [`${requests}.memory: must not be more than the limit of 1G, got 1Gi [request-over-limit]`],
  ],
  [
    { limits: { mem: '1G' } },
    [`${limits}.mem: 'mem' is no resource that a container can ask for [unknown-resource]`],
  ],
  [
    { limits: { memroy: '1G' } },
    [
      `${limits}.memroy: 'memroy' is no resource that a container can ask for, did you mean 'memory'? [unknown-resource]`,
    ],
  ],
  [
    { limits: { 'ephemeral-storage': '1G' } },
    [
      `warning: ${limits}.ephemeral-storage: ignored: the disk space of a container cannot be limited here [ignored]`,
    ],
  ],
  [
    { limits: { 'hugepages-2Mi': '4Mi' } },
    [`${limits}.hugepages-2Mi: not supported yet: huge pages are not handed out [not-supported-yet]`],
  ],
  [
    { limits: { 'nvidia.com/gpu': 1 } },
    [
      `${limits}['nvidia.com/gpu']: not supported: such devices are handed out by the plugins of a cluster [not-supported]`,
    ],
  ],
];

for (const [resources, expected] of cases)
  test(`the resources ${JSON.stringify(resources)}`, () => {
    assert.deepEqual(findings(podWithContainer({ resources })), expected);
  });
