import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, podWithContainer, type Fields } from '../manifest.ts';

const image = 'nginx:1.27';

function portFindings(...ports: readonly Fields[]): readonly string[] {
  return findings(podWithContainer({ ports }));
}

const at = 'spec.containers[0].ports[0]';

test('ports are between 1 and 65535', () => {
  assert.deepEqual(portFindings({ containerPort: 1 }, { containerPort: 65535 }), []);
  assert.deepEqual(portFindings({ containerPort: 80800 }), [
    `${at}.containerPort: must be between 1 and 65535, got 80800 [port-range]`,
  ]);
  assert.deepEqual(portFindings({ containerPort: 0 }), [
    `${at}.containerPort: must be between 1 and 65535, got 0 [port-range]`,
  ]);
  assert.deepEqual(portFindings({ containerPort: 80, hostPort: -1 }), [
    `${at}.hostPort: must be between 1 and 65535, got -1 [port-range]`,
  ]);
});

test('a hostPort of 0 is unset', () => {
  assert.deepEqual(portFindings({ containerPort: 80, hostPort: 0 }, { containerPort: 81, hostPort: 0 }), []);
});

const rule =
  "may only contain lowercase letters, digits and single '-', with at least one letter and no '-' at the ends";
const portNames: readonly (readonly [string, string | undefined])[] = [
  ['http', undefined],
  ['h-1', undefined],
  ['a', undefined],
  ['a23456789012345', undefined],
  ['a234567890123456', 'must have at most 15 characters, got 16'],
  ['HTTP', `'HTTP' ${rule}, did you mean 'http'?`],
  ['8080', `'8080' ${rule}`],
  ['a--b', `'a--b' ${rule}, did you mean 'a-b'?`],
  ['-a', `'-a' ${rule}, did you mean 'a'?`],
  ['', undefined],
];

for (const [name, expected] of portNames)
  test(`the port name ${JSON.stringify(name)}`, () => {
    assert.deepEqual(
      portFindings({ containerPort: 80, name }),
      expected === undefined ? [] : [`${at}.name: ${expected} [invalid-name]`],
    );
  });

test('two ports of one name in a container', () => {
  assert.deepEqual(portFindings({ containerPort: 80, name: 'x' }, { containerPort: 81, name: 'x' }), [
    "spec.containers[0].ports[1].name: duplicate name 'x': already used by spec.containers[0].ports[0] [duplicate-name]",
  ]);
});

test('two containers that listen on one port inside the pod', () => {
  const ports = [{ containerPort: 80 }];
  const containers = [
    { name: 'a', image, ports },
    { name: 'b', image, ports: [...ports, { containerPort: 80, protocol: 'UDP' }] },
  ];
  assert.deepEqual(findings(podWith({ containers })), [
    'warning: spec.containers[1].ports[0].containerPort: 80/TCP is also declared at spec.containers[0].ports[0]; all containers of a pod share one network [duplicate-container-port]',
  ]);
});

const twice = 'warning: spec.containers[0].ports[1].containerPort: 80/TCP';
const shared = `${twice} is also declared at ${at}; all containers of a pod share one network [duplicate-container-port]`;
const ambiguous = `${twice} has the same hostPort as ${at}, but only one of the two has a hostIP: Kubernetes does not define the address of the other [duplicate-container-port]`;
const sharedPorts: readonly (readonly [string, Fields, Fields, readonly string[]])[] = [
  ['two host ports', { hostPort: 1 }, { hostPort: 2 }, []],
  ['two host ports, two addresses', { hostPort: 1, hostIP: '0.0.0.0' }, { hostPort: 2, hostIP: '::1' }, []],
  ['two addresses', { hostPort: 1, hostIP: '127.0.0.1' }, { hostPort: 1, hostIP: '::1' }, []],
  ['two host ports, one address', { hostPort: 1, hostIP: '::1' }, { hostPort: 2 }, []],
  ['two protocols', {}, { protocol: 'UDP' }, []],
  ['nothing else', {}, {}, [shared]],
  ['one without a hostPort', { hostPort: 1 }, {}, [shared]],
  ['one with a hostPort of 0', { hostPort: 0 }, { hostPort: 1 }, [shared]],
  ['one address that is not written', { hostPort: 1, hostIP: '::1' }, { hostPort: 1 }, [ambiguous]],
];

for (const [name, first, second, expected] of sharedPorts)
  test(`one containerPort twice: ${name}`, () => {
    assert.deepEqual(
      portFindings({ containerPort: 80, ...first }, { containerPort: 80, ...second }),
      expected,
    );
  });

test('one containerPort three times is compared with all before', () => {
  const found = portFindings(
    { containerPort: 80, hostPort: 1 },
    { containerPort: 80, hostPort: 2, hostIP: '::1' },
    { containerPort: 80, hostPort: 2 },
  );
  assert.equal(found.length, 1);
  assert.match(found[0] ?? '', /ports\[2\]\.containerPort: 80\/TCP has the same hostPort as .*ports\[1\]/);
});

test('a hostIP without a hostPort has no effect', () => {
  const without = { containerPort: 80, hostIP: '0.0.0.0' };
  assert.deepEqual(portFindings(without), [
    `warning: ${at}.hostIP: has no effect without a hostPort [host-ip-without-host-port]`,
  ]);
  assert.deepEqual(findings(podWithContainer({ ports: [without] }, { hostNetwork: true })), []);
});

test('a host address is an IP address', () => {
  assert.deepEqual(portFindings({ containerPort: 80, hostPort: 80, hostIP: 'localhost' }), [
    `${at}.hostIP: invalid IP address 'localhost' [invalid-host-ip]`,
  ]);
});

test('with hostNetwork no port is mapped', () => {
  const spec = { hostNetwork: true };
  const same = [{ containerPort: 80, hostPort: 80 }];
  const other = [{ containerPort: 80, hostPort: 8080 }];
  assert.deepEqual(findings(podWithContainer({ ports: same }, spec)), []);
  assert.deepEqual(findings(podWithContainer({ ports: other }, spec)), [
    `${at}.hostPort: must equal the containerPort, 80: hostNetwork maps no ports [host-network-port]`,
  ]);
});

test('the host port of an init container is not published', () => {
  const initContainers = [{ name: 'init', image, ports: [{ containerPort: 80, hostPort: 8080 }] }];
  const ports = [{ containerPort: 81, hostPort: 8080 }];
  assert.deepEqual(findings(podWithContainer({ ports }, { initContainers })), [
    'warning: spec.initContainers[0].ports[0].hostPort: has no effect: Kubernetes publishes host ports only of app containers [init-container-host-port]',
  ]);
});

const own = 'spec.containers[0].ports[1].hostPort';
const conflicts: readonly (readonly [string, Fields, Fields, readonly string[]])[] = [
  ['two ports', { hostPort: 1 }, { hostPort: 2 }, []],
  ['one port, two protocols', { hostPort: 1 }, { hostPort: 1, protocol: 'UDP' }, []],
  ['one port, two addresses', { hostPort: 1 }, { hostPort: 1, hostIP: '127.0.0.2' }, []],
  [
    'one port, the default address written and not',
    { hostPort: 1 },
    { hostPort: 1, hostIP: '127.0.0.1' },
    [`${own}: TCP port 1 on 127.0.0.1`],
  ],
  [
    'one port, here and everywhere',
    { hostPort: 1 },
    { hostPort: 1, hostIP: '0.0.0.0' },
    [`${own}: TCP port 1 on 0.0.0.0 and 127.0.0.1`],
  ],
  [
    'one port, everywhere and here',
    { hostPort: 1, hostIP: '::' },
    { hostPort: 1, hostIP: '127.0.0.2' },
    [`${own}: TCP port 1 on 127.0.0.2 and ::`],
  ],
];

for (const [name, first, second, expected] of conflicts)
  test(`host ports: ${name}`, () => {
    assert.deepEqual(
      portFindings({ containerPort: 80, ...first }, { containerPort: 81, ...second }),
      expected.map((text) => `${text} conflicts with spec.containers[0] [host-port-conflict]`),
    );
  });

test('host ports: one port of a pod twice, as a server compares them', () => {
  const port = { containerPort: 80, hostPort: 1 };
  const init = { name: 'init', image, ports: [{ ...port, containerPort: 82 }] };
  const twice = [{ ...port }, { ...port, containerPort: 81 }];
  assert.deepEqual(
    findings(podWithContainer({ ports: twice }, { initContainers: [init] })).filter(
      (text) => !text.startsWith('warning'),
    ),
    [`${own}: TCP port 1 of the host is already used by spec.containers[0].ports[0] [duplicate-host-port]`],
  );
  const onHost = { hostNetwork: true };
  assert.deepEqual(
    findings(podWithContainer({ ports: [{ containerPort: 80 }, { containerPort: 80 }] }, onHost)),
    [
      'spec.containers[0].ports[1].containerPort: TCP port 80 of the host is already used by spec.containers[0].ports[0] [duplicate-host-port]',
    ],
  );
  const mapped = [{ name: 'init', image, ports: [{ containerPort: 80, hostPort: 8080 }] }];
  assert.deepEqual(findings(podWith({ initContainers: mapped, ...onHost })), []);
});

test('one name of ports in two containers', () => {
  const containers = ['a', 'b'].map((name, index) => ({
    name,
    image,
    ports: [{ containerPort: 80 + index, name: 'http' }],
  }));
  assert.deepEqual(findings(podWith({ containers })), [
    "warning: spec.containers[1].ports[0].name: 'http' is also the name of spec.containers[0].ports[0], which a Service and a probe then mean [duplicate-port-name]",
  ]);
});

test('host ports: two pods of one set', () => {
  const ports = [{ containerPort: 80, hostPort: 8080 }];
  const containers = [{ name: 'app', image, ports }];
  assert.deepEqual(findings(podWith({ containers }), podWith({ containers }, { name: 'other' })), [
    "spec.containers[0].ports[0].hostPort: TCP port 8080 on 127.0.0.1 conflicts with spec.containers[0] of pod 'web' [host-port-conflict]",
  ]);
});

test('host ports: a pod with hostNetwork', () => {
  const hostNetwork = {
    containers: [{ name: 'a', image, ports: [{ containerPort: 80 }] }],
    hostNetwork: true,
  };
  const mapped = { containers: [{ name: 'b', image, ports: [{ containerPort: 8080, hostPort: 80 }] }] };
  assert.deepEqual(findings(podWith(hostNetwork), podWith(mapped, { name: 'other' })), [
    "spec.containers[0].ports[0].hostPort: TCP port 80 on 127.0.0.1 and 0.0.0.0 conflicts with spec.containers[0] of pod 'web' [host-port-conflict]",
  ]);
});

const addresses: readonly (readonly [string, boolean])[] = [
  ['127.0.0.1', true],
  ['0.0.0.0', true],
  ['255.255.255.255', true],
  ['256.0.0.1', false],
  ['1.2.3', false],
  ['1.2.3.4.5', false],
  ['01.2.3.4', false],
  ['::', true],
  ['::1', true],
  ['fe80::1', true],
  ['2001:db8::1', true],
  ['1:2:3:4:5:6:7:0', true],
  ['::ffff:1.2.3.4', false],
  ['1:2:3:4:5:6:7:8:9', false],
  ['1:2:3:4:5:6:7:8::', false],
  ['1::2::3', false],
  ['12345::', false],
  [':1', false],
  ['1:', false],
  ['1:2:3:4:5:6:7:', false],
  ['1.2.3.4::', false],
  ['fe80::1%eth0', false],
  ['x', false],
];

for (const [address, isOne] of addresses)
  test(`${address} is ${isOne ? 'an' : 'no'} IP address`, () => {
    const found = findings(podWith({ hostAliases: [{ ip: address, hostnames: ['db'] }] }));
    const errors = found.filter((finding) => !finding.startsWith('warning: '));
    assert.equal(errors.length === 0, isOne);
  });

test('SCTP host ports are refused', () => {
  const sctp = { containerPort: 3868, protocol: 'SCTP' };
  assert.deepEqual(findings(podWithContainer({ ports: [sctp] })), []);
  assert.deepEqual(
    findings(podWithContainer({ ports: [{ ...sctp, hostPort: 3868 }] }, { hostNetwork: true })),
    [],
  );
  assert.deepEqual(findings(podWithContainer({ ports: [{ ...sctp, hostPort: 3868 }] })), [
    'spec.containers[0].ports[0].protocol: not supported: rootless podman publishes only TCP and UDP ports [not-supported]',
  ]);
});
