import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean, podWith, podWithContainer, show, type Fields } from '../manifest.ts';

/** What is said of the handlers of the only container. */
function said(container: Fields, spec: Fields = {}): readonly string[] {
  return mean(podWithContainer(container, spec))
    .diagnostics.filter(({ code }) => code !== 'not-supported-yet')
    .map((finding) => show(finding).replace('spec.containers[0].', ''));
}

const ports = [{ name: 'http', containerPort: 8080 }, { containerPort: 9000 }];

test('a named port is one of the same container', () => {
  const probes = {
    readinessProbe: { httpGet: { port: 'http' } },
    livenessProbe: { tcpSocket: { port: 'http' } },
  };
  assert.deepEqual(said({ ports, ...probes }), []);
  assert.deepEqual(said(probes), [
    "readinessProbe.httpGet.port: container 'app' has no port with the name 'http' [unknown-port-name]",
    "livenessProbe.tcpSocket.port: container 'app' has no port with the name 'http' [unknown-port-name]",
  ]);
  const pod = podWith({
    containers: [
      { name: 'app', image: 'a:1', ports },
      { name: 'other', image: 'a:1', ...probes },
    ],
  });
  assert.equal(mean(pod).diagnostics.filter(({ code }) => code === 'unknown-port-name').length, 2);
});

test('a misspelt port name has a suggestion', () => {
  assert.deepEqual(said({ ports, startupProbe: { httpGet: { port: 'htpp' } } }), [
    "startupProbe.httpGet.port: container 'app' has no port with the name 'htpp', did you mean 'http'? [unknown-port-name]",
  ]);
  assert.deepEqual(said({ lifecycle: { preStop: { httpGet: { port: 'web' } } } }), [
    "lifecycle.preStop.httpGet.port: container 'app' has no port with the name 'web' [unknown-port-name]",
  ]);
});

test('a text of digits is reported once', () => {
  const [first, ...others] = said({ livenessProbe: { httpGet: { port: '8080' } } });
  assert.match(first ?? '', /\[invalid-name\]$/);
  assert.deepEqual(others, []);
});

test('a command that no process can have', () => {
  assert.deepEqual(said({ livenessProbe: { exec: { command: [''] } } }), [
    'livenessProbe.exec.command[0]: must not be empty: this is the program to run [invalid-command]',
  ]);
  assert.deepEqual(said({ lifecycle: { postStart: { exec: { command: ['echo', 'a\0b'] } } } }), [
    'lifecycle.postStart.exec.command[1]: must not contain a NUL character [invalid-character]',
  ]);
});
